import JSONText
import Reporting
import Testing

@Suite("A report in every format")
struct RenderingTests {
  @Test("the table is aligned by display width")
  func table() {
    let lines = [
      "rank  method          storage (%)  factors (B)  relative error    optimal error  PSNR (dB)"
        + "  time (s)  shape    clipped",
      "   1  exact                   0.4        8,200          0.3512          0.35120      15.25"
        + "    0.0123  512x512  yes",
      " 100  randomized, κ₂         39.1      820,000          0.0512  0.05100…0.05130          -"
        + "    1.5000  scalar   no",
    ]
    #expect(sampleReport().rendered(as: .table) == lines.map { $0 + "\n" }.joined())
  }

  @Test("the digits that the user asks for replace the adaptive ones")
  func digits() {
    let lines = [
      "rank  method          storage (%)  factors (B)  relative error  optimal error  PSNR (dB)"
        + "  time (s)  shape    clipped",
      "   1  exact                  0.39        8,200            0.35           0.35         15"
        + "     0.012  512x512  yes",
      " 100  randomized, κ₂           39      820,000           0.051    0.051…0.052          -"
        + "       1.5  scalar   no",
    ]
    #expect(sampleReport().rendered(as: .table, digits: 2) == lines.map { $0 + "\n" }.joined())
  }

  @Test("Markdown escapes the bar and aligns in its source")
  func markdown() {
    var report = Report(
      command: "c", version: "v",
      columns: [
        Column("name", header: "a|b", format: .text), Column("n", header: "n", format: .integer),
      ])
    report.append([.text("x | y\nz"), .integer(12345)])
    report.append([.missing, .integer(7)])
    let expected = """
      | a\\|b     |     n |
      | :------- | ----: |
      | x \\| y z | 12345 |
      | -        |     7 |

      """
    #expect(report.rendered(as: .markdown) == expected)
  }

  @Test("CSV has keys, full precision, raw shares and RFC 4180 quotes")
  func csv() {
    let expected = """
      rank,method,storage_share,factor_bytes,relative_error,optimal_error,optimal_error_low,psnr,\
      seconds,shape,clipped
      1,exact,0.00390625,8200,0.3512,0.3512,,15.25,0.0123456,512x512,true
      100,"randomized, κ₂",0.390625,820000,0.05125,0.0513,0.051,,1.5,,false

      """
    #expect(sampleReport().rendered(as: .csv) == expected)
  }

  @Test(
    "CSV quotes what must be and nothing else",
    arguments: [
      ("plain", "plain"), ("a b", "a b"), ("a\"b", "\"a\"\"b\""), ("\"", "\"\"\"\""),
      ("a\nb", "\"a\nb\""), ("a\r\nb", "\"a\r\nb\""), ("a\tb", "a\tb"), ("a;b", "a;b"),
    ])
  func csvQuotes(text: String, quoted: String) {
    #expect(textReport(text).rendered(as: .csv) == "name\n\(quoted)\n")
  }

  @Test(
    "TSV has no quotes, so tabs and line breaks become spaces",
    arguments: [("a\tb\nc", "a b c"), ("a,\"b\"", "a,\"b\""), ("a\r\nb", "a b")])
  func tsv(text: String, plain: String) {
    #expect(textReport(text).rendered(as: .tsv) == "name\n\(plain)\n")
  }

  @Test("JSON is the document of the conventions")
  func json() throws {
    let expected = """
      {"schema":1,"command":"svd-compress","version":"0.1.0","seed":0,"threads":2,"dtype":"f64",\
      "blas":{"core":"SkylakeX","version":"0.3.21"},"inputs":["a, \\"b\\".png"],\
      "notes":["the factors are larger","rank | 34"],"rows":[\
      {"rank":1,"method":"exact","storage_share":0.00390625,"factor_bytes":8200,\
      "relative_error":0.3512,"optimal_error":0.3512,"optimal_error_low":null,"psnr":15.25,\
      "seconds":0.0123456,"shape":[512,512],"clipped":true},\
      {"rank":100,"method":"randomized, κ₂","storage_share":0.390625,"factor_bytes":820000,\
      "relative_error":0.05125,"optimal_error":0.0513,"optimal_error_low":0.051,"psnr":null,\
      "seconds":1.5,"shape":[],"clipped":false}],"summary":{"total":2}}
      """
    let text = sampleReport().rendered(as: .json)
    #expect(text.hasSuffix("}\n"))
    #expect(try JSONValue.parse(text).text() == expected)
  }

  @Test("members that do not apply are null, and a summary is there only when given")
  func emptyJSON() throws {
    let text = oneColumn(.integer, []).rendered(as: .json)
    let expected = """
      {"schema":1,"command":"c","version":"v","seed":null,"threads":null,"dtype":null,\
      "blas":null,"inputs":[],"notes":[],"rows":[]}
      """
    #expect(try JSONValue.parse(text).text() == expected)
  }

  @Test("numbers that are not finite have names everywhere")
  func nonFinite() throws {
    let report = oneColumn(.significant(3), [.nan, .infinity, -.infinity, 1])
    #expect(report.rendered(as: .table) == "   x\n nan\n inf\n-inf\n1.00\n")
    #expect(report.rendered(as: .csv) == "x\nnan\ninf\n-inf\n1.0\n")
    let rows = try JSONValue.parse(report.rendered(as: .json)).objectValue?["rows"]?.arrayValue
    let values = rows?.map { $0.objectValue?["x"] }
    #expect(values == [.string("nan"), .string("inf"), .string("-inf"), .number(1)])
  }

  @Test("a table without rows is its header, one without columns nothing")
  func emptyTables() {
    let empty = oneColumn(.integer, [])
    #expect(empty.rendered(as: .table) == "x\n")
    #expect(empty.rendered(as: .markdown) == "|   x |\n| --: |\n")
    #expect(empty.rendered(as: .csv) == "x\n")
    let nothing = Report(command: "c", version: "v", columns: [])
    #expect(nothing.rendered(as: .table) == "")
    #expect(nothing.rendered(as: .markdown) == "")
  }

  @Test("wide characters take two columns, combining marks none, control characters are harmless")
  func displayWidth() {
    var report = Report(
      command: "c", version: "v",
      columns: [
        Column("name", header: "name", format: .text), Column("n", header: "n", format: .integer),
      ])
    for name in ["写真.png", "e\u{301}te", "σ₁", "a\u{1B}[2J\tb", "😀"] {
      report.append([.text(name), .integer(1)])
    }
    let expected = """
      name      n
      写真.png  1
      e\u{301}te       1
      σ₁        1
      a\u{FFFD}[2J b   1
      😀        1

      """
    #expect(report.rendered(as: .table) == expected)
  }

  @Test("notes follow where they have a place")
  func notes() {
    let report = sampleReport()
    #expect(
      report.renderedNotes(as: .table) == "note: the factors are larger\nnote: rank | 34\n")
    #expect(
      report.renderedNotes(as: .markdown) == "\n- the factors are larger\n- rank \\| 34\n")
    #expect(report.renderedNotes(as: .csv) == "")
    #expect(report.renderedNotes(as: .json) == "")
    #expect(oneColumn(.integer, []).renderedNotes(as: .markdown) == "")
  }

  @Test(
    "the suffix of a file picks the format",
    arguments: [
      ("a.txt", .table), ("dir.csv/a.md", .markdown), ("a.b.CSV", .csv), ("/x/a.tsv", .tsv),
      ("errors.json", .json), ("a.png", nil), ("csv", nil), ("a.json/", nil), ("", nil),
      ("a.csv/b", nil),
    ] as [(String, TableFormat?)])
  func formatForPath(path: String, format: TableFormat?) {
    #expect(TableFormat(forPath: path) == format)
  }

  private func textReport(_ text: String) -> Report {
    var report = Report(
      command: "c", version: "v", columns: [Column("name", header: "name", format: .text)])
    report.append([.text(text)])
    return report
  }
}

@Suite("What stands before a table, and noise in it")
struct LeadAndNoiseTests {
  private func report(_ values: [Double]) -> Report {
    var report = Report(
      command: "c", version: "v", columns: [Column("x", header: "x", format: .significant(4))])
    for value in values { report.append([.number(value)]) }
    return report
  }

  @Test("the lead comes first in printed tables and not at all in the others")
  func lead() {
    var report = report([1])
    report.lead = ["3x2, rank 2", "all is well"]
    #expect(report.rendered(as: .table) == "3x2, rank 2\nall is well\n\n    x\n1.000\n")
    #expect(report.rendered(as: .markdown).hasPrefix("3x2, rank 2\nall is well\n\n|"))
    #expect(report.rendered(as: .csv) == "x\n1.0\n")
  }

  @Test("numbers that differ by rounding are not told apart, real differences are")
  func noise() {
    let noisy = report([0.720271369439766, 0.7202713694397577]).rendered(as: .table)
    #expect(noisy == "     x\n0.7203\n0.7203\n")
    let different = report([0.7202713694, 0.7202713695]).rendered(as: .table)
    #expect(different == "            x\n0.72027136940\n0.72027136950\n")
  }

  @Test(
    "one thing, several things",
    arguments: [(0, "0 samples"), (1, "1 sample"), (1360, "1,360 samples")])
  func counted(count: Int, text: String) {
    #expect(NumberText.counted(count, "sample") == text)
  }
}

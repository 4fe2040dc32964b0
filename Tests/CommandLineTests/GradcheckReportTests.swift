import Glibc
import JSONText
import TestSupport
import Testing

/// How `gradcheck` prints what it found, and tells it to CI systems.
@Suite("gradcheck: reports")
struct GradcheckReportTests {
  private let command: CommandFolder

  init() throws { command = try CommandFolder() }

  private static let wrong = "--in x=[3,1] --gradient x=[6,2.002]"
  private static let expression = "x @ x"

  @Test("the document")
  func document() throws {
    let result = try command.gradcheck("\(Self.wrong) --format json --expr", Self.expression)
    let document = try #require(JSONValue.parse(result.outputBytes).objectValue)
    #expect(result.status == 1 && document["command"]?.stringValue == "gradcheck")
    #expect(document["inputs"]?.arrayValue?.compactMap(\.stringValue) == ["x=[3,1]"])
    let rows = document["rows"]?.arrayValue?.compactMap(\.objectValue) ?? []
    #expect(
      rows.map(\.keys) == [
        [
          "name", "parameter", "shape", "tested", "oracle", "relative_error", "error_bar", "grade",
          "verdict", "index",
        ]
      ])
    let row = try #require(rows.first)
    #expect(row["name"]?.stringValue == Self.expression && row["verdict"]?.stringValue == "FAIL")
    #expect(row["shape"]?.arrayValue?.compactMap(\.integerValue) == [2])
    #expect(row["index"]?.arrayValue?.compactMap(\.integerValue) == [1])
    #expect(row["grade"]?.stringValue == "look")
    let summary = try #require(document["summary"]?.objectValue)
    #expect(
      summary.keys == [
        "checked", "pass", "kink", "inconclusive", "fail", "nondeterministic", "nonfinite",
      ])
    #expect(summary.integer("checked") == 1 && summary.integer("fail") == 1)
    #expect(summary.integer("pass") == 0)
  }

  @Test("the closing line is the last one, and stays with -q")
  func closing() throws {
    let kink = "sum(relu(x)) + x @ x"
    for options in ["", "-q "] {
      let result = try command.gradcheck("--in x=[0,1] \(options)--expr", kink)
      #expect(result.closing == "1 checked: 0 pass, 0 fail, 1 kink, 0 inconclusive")
      #expect(result.output.contains("note: ") == options.isEmpty && result.error.isEmpty)
    }
    // Rows alone where a program reads them.
    let csv = try command.gradcheck("softmax --format csv --table t.tsv")
    #expect(csv.output.split(separator: "\n").count == 2)
    #expect(csv.output.hasPrefix("name,parameter,shape,tested,oracle,"))
    #expect(String(decoding: try command.folder.read("t.tsv"), as: UTF8.self).contains("softmax\t"))
  }

  @Test("JUnit")
  func junit() throws {
    let options = "--in x=[3,1] --in y=2 --gradient x=[6,2.002] --gradient y=0 --junit r.xml"
    let result = try command.gradcheck("\(options) --expr", "x @ x + 0 * y")
    #expect(result.status == 1)
    let text = String(decoding: try command.folder.read("r.xml"), as: UTF8.self)
    #expect(text.contains("<testsuites tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">"))
    #expect(text.contains("<testcase name=\"x @ x + 0 * y x\" classname=\"gradcheck."))
    #expect(text.contains("<failure message=\"FAIL\">FAIL x @ x + 0 * y x[1]: gradient says 2.002"))
    #expect(try command.gradcheck("softmax --junit missing/r.xml").status == 73)
    try command.expectRefusal("gradcheck softmax --junit r.txt", status: 64, "r.txt", ".xml")
  }

  @Test("JUnit is XML", .enabled(if: access("/usr/bin/python3", X_OK) == 0, "python3 is missing"))
  func junitIsXML() throws {
    // Characters that XML reserves.
    let expression = "sum(einsum(\"i,i->i\", x, x))"
    #expect(try command.gradcheck("--in x=[1,2] --junit r.xml --expr", expression).status == 0)
    let script = """
      import xml.etree.ElementTree as tree
      print(tree.parse("r.xml").getroot()[0][0].get("name"))
      """
    let python = BinaryRunner(executable: "/usr/bin/python3")
    let result = try python.run(["-c", script], in: command.folder.path)
    #expect(result.output == expression + " x\n", "\(result.error)")
  }

  @Test("annotations")
  func annotations() throws {
    let result = try command.gradcheck(
      "\(Self.wrong) --annotate github -q --expr", Self.expression)
    #expect(result.status == 1)
    let lines = result.error.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("::error title=gradcheck x @ x::FAIL x @ x x[1]: gradient says 2.0"))
    #expect(lines[1].hasPrefix("linalg gradcheck: FAIL x @ x x[1]: "))
    #expect(try command.gradcheck("softmax --annotate github").error.isEmpty)
  }

  @Test("no more than ten annotations")
  func manyAnnotations() throws {
    let names = (0..<12).map { "x\($0)" }
    let options = names.map { "--in \($0)=1 --gradient \($0)=3" }.joined(separator: " ")
    let sum = names.map { "\($0)**2" }.joined(separator: " + ")
    let result = try command.gradcheck("\(options) --annotate github --expr", sum)
    #expect(result.status == 1)
    let lines = result.error.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("::error ") } == 10)
    #expect(lines.contains("::notice::2 more errors"))
  }

  @Test("errors of differences over the step")
  func sweep() throws {
    let rows = try command.verdicts("--in x=1 --step-sweep --expr", "exp(x)")
    #expect(rows.map { $0.number("step") } == (1...15).map { Double("1e-\($0)") ?? 0 })
    #expect(
      rows[0].keys == [
        "step", "forward_error", "forward_theory", "central_error", "central_theory",
      ])
    // Where theory counts neither the next term nor single roundings: h from 0.01 to 1e-4.
    for row in rows[1...3] {
      let share = row.number("central_error") / row.number("central_theory")
      #expect((0.9...1.1).contains(share), "\(row)")
    }
    #expect(rows.allSatisfy { $0.number("forward_error") < 1.1 * $0.number("forward_theory") })
    let table = try command.gradcheck("--in x=1 --step-sweep --expr", "exp(x)").output
    #expect(table.hasPrefix("f = 2.718281828, f′ = 2.718281828, f″ = 2.718281828, f‴ = 2.71"))
    #expect(table.contains("the best central step is about 6.9e-06"))
    let parabola = try command.gradcheck("--in x=1 --step-sweep --expr", "x * x").output
    #expect(parabola.contains("f‴ = 0: of central differences larger steps are better"))
  }
}

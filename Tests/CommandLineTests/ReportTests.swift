import JSONText
import TestSupport
import Testing

/// The table in its five formats, its copies, and what goes where.
@Suite("Printed tables")
struct ReportTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.folder.write("4,0\n3,-5\n0,3\n", to: "a.csv")
    try command.writePicture(to: "p.png")
  }

  private static let topKeys = [
    "schema", "command", "version", "seed", "threads", "dtype", "blas", "inputs", "notes", "rows",
  ]
  private static let compressKeys = [
    "rank", "method", "stored_numbers", "storage_share", "factor_bytes", "relative_error",
    "optimal_error", "spectral_error", "energy", "psnr", "ssim",
  ]

  @Test("the JSON document of svd-compress")
  func document() throws {
    let document = try command.document("svd-compress a.csv --seed 7 --threads 1 --rank 1")
    #expect(document.keys == Self.topKeys)
    #expect(document["schema"] == .integer(1))
    #expect(document["command"] == .string("svd-compress"))
    #expect(document["version"]?.stringValue?.isEmpty == false)
    #expect(document["seed"] == .integer(7) && document["threads"] == .integer(1))
    #expect(document["dtype"] == .string("f64"))
    #expect(document["blas"]?.objectValue?.keys == ["core", "version"])
    #expect(document["inputs"] == .array([.string("a.csv")]))
    let row = try #require(document["rows"]?.arrayValue?.first?.objectValue)
    #expect(row.keys == Self.compressKeys)
    #expect(row["psnr"] == .null && row["ssim"] == .null && row["method"] == .string("exact"))
  }

  @Test(
    "the JSON documents of the other commands",
    arguments: [
      (
        "svd a.csv", ["summary"], ["index", "singular_value", "energy", "relative_error"]
      ),
      (
        "svd-expand f.safetensors", [],
        [
          "matrix", "shape", "rank", "stored_numbers", "largest_singular_value",
          "smallest_singular_value",
        ]
      ),
      (
        "info a.csv p.png", [],
        [
          "file", "file_format", "shape", "dtype", "min", "max", "mean", "non_finite", "file_bytes",
          "details",
        ]
      ),
    ])
  func otherDocuments(line: String, more: [String], keys: [String]) throws {
    try command.succeed("svd-compress a.csv --rank 1 --factors f.safetensors")
    let document = try command.document(line)
    #expect(document.keys == Self.topKeys + more)
    let rows = try #require(document["rows"]?.arrayValue)
    for row in rows { #expect(row.objectValue?.keys == keys) }
  }

  @Test("numbers that are not finite are strings")
  func notFinite() throws {
    let row = try command.rows("svd-compress p.png --rank 20")[0]
    #expect(row["psnr"] == .string("inf") && row.number("ssim") == 1)
    try command.folder.write("1,2\n2,4\n0,0\n", to: "singular.csv")
    try command.folder.write("0,0\n0,0\n", to: "zero.csv")
    let summary = try command.document("svd zero.csv")["summary"]?.objectValue
    #expect(summary?["condition_number"]?.stringValue == "inf")
    let copy = try command.succeed("svd-compress p.png --rank 20 --format csv").output
    #expect(copy.contains(",inf,"))
  }

  @Test("absolute paths do not show")
  func paths() throws {
    let path = command.folder.path("a.csv")
    let document = try command.document("svd-compress \(path) --rank 1")
    #expect(document["inputs"] == .array([.string("a.csv")]))
    for format in ["table", "markdown", "json"] {
      let text = try command.succeed("svd-compress \(path) --format \(format)").output
      #expect(!text.contains(command.folder.path), "\(text)")
    }
  }

  @Test("the five formats say the same")
  func formats() throws {
    func text(_ format: String) throws -> [[Substring]] {
      let output = try command.succeed("svd-compress a.csv --format \(format)").output
      return output.split(separator: "\n", omittingEmptySubsequences: false).map {
        $0.split(
          separator: format == "tsv" ? "\t" : format == "csv" ? "," : " ",
          omittingEmptySubsequences: format == "table" || format == "markdown")
      }
    }
    for format in ["csv", "tsv"] {
      let lines = try text(format)
      #expect(lines[0].map(String.init) == Self.compressKeys)
      #expect(lines.count == 4 && lines[3] == [""], "two rows, each with its line feed")
      #expect(
        lines[1].count == 11 && Double(lines[1][5]).map { abs($0 - 0.48432270) < 1e-8 } == true)
    }
    let markdown = try command.succeed("svd-compress a.csv --format markdown").output
    #expect(markdown.hasPrefix("| rank | method | numbers |"))
    #expect(markdown.contains("\n- the factors"))
    let table = try text("table")
    #expect(table[1].prefix(3) == ["1", "exact", "6"] && table[3][0] == "note:")
  }

  @Test("--table writes the same table beside, as often as asked")
  func copies() throws {
    let line = "svd-compress a.csv --rank 1"
    let names = [
      ("txt", "table"), ("md", "markdown"), ("csv", "csv"), ("tsv", "tsv"), ("json", "json"),
    ]
    let options = names.map { " --table t.\($0.0)" }.joined()
    let printed = try command.succeed(line).output
    #expect(try command.succeed(line + options).output == printed)
    for (suffix, format) in names {
      let expected = try command.succeed("\(line) --format \(format)").outputBytes
      #expect(try command.folder.read("t.\(suffix)") == expected, "\(suffix)")
    }
    let info = try command.succeed("info a.csv --table i.JSON --format csv").output
    #expect(info.hasPrefix("file,file_format,"))
    #expect(try command.folder.read("i.JSON").starts(with: Array("{".utf8)))
  }

  @Test("--digits")
  func digits() throws {
    let table = try command.succeed("svd-compress a.csv --rank 1 --digits 9").output
    #expect(table.contains("0.484322701") && table.contains("3.72015325"))
    #expect(try command.succeed("svd-compress a.csv --rank 1 --digits 2").output.contains(" 0.48 "))
    let json = "svd-compress a.csv --rank 1 --format json"
    #expect(try command.succeed(json).output == command.succeed(json + " --digits 2").output)
    try command.succeed("svd-compress a.csv --digits 100000")
  }

  @Test("-q leaves notes and warnings out, -v says what was chosen")
  func quietAndVerbose() throws {
    let plain = try command.succeed("svd-compress a.csv --rank 1")
    #expect(plain.output.contains("note:") && plain.error.isEmpty)
    let quiet = try command.succeed("svd-compress a.csv --rank 1 -q")
    #expect(!quiet.output.contains("note:") && plain.output.hasPrefix(quiet.output))
    #expect(try command.document("svd-compress a.csv --rank 1 --quiet").notes.isEmpty)
    let verbose = try command.succeed("svd-compress a.csv --rank 1 -v")
    #expect(verbose.output == plain.output)
    for words in ["linalg svd-compress: ", "exact", "3x2", "f64", "1 thread,", "OpenBLAS"] {
      #expect(verbose.error.contains(words), "\(verbose.error)")
    }
    let group = try command.succeed("svd-compress a.csv --rank 1 -qv")
    #expect(group.output == quiet.output && !group.error.isEmpty)
  }

  @Test("results go to standard output without colour")
  func plainText() throws {
    for line in ["svd-compress p.png", "svd a.csv", "info p.png"] {
      let result = try command.run(line, environment: ["NO_COLOR": nil, "TERM": "xterm-256color"])
      #expect(result.status == 0 && result.error.isEmpty)
      #expect(!result.outputBytes.contains(0x1B))
      #expect(try command.succeed(line + " --no-color").outputBytes == result.outputBytes)
    }
  }

  @Test("-o - sends the result to standard output and the table to standard error")
  func standardOutput() throws {
    for (line, signature) in [
      ("svd-compress p.png --rank 3", [0x89, 0x50, 0x4E, 0x47]),
      ("svd a.csv", [0x50, 0x4B, 3, 4]), ("svd-compress a.csv --rank 1", Array("1.425".utf8)),
      ("svd-compress p.png --rank 3 --plot -", Array("<?xml".utf8)),
    ] as [(String, [UInt8])] {
      let table = try command.succeed(line.hasSuffix("--plot -") ? String(line.dropLast(9)) : line)
      let result = try command.succeed(line.hasSuffix("--plot -") ? line : line + " -o -")
      #expect(result.outputBytes.starts(with: signature), "\(line)")
      let rows = table.output.split(separator: "\n").prefix(2)
      #expect(result.error.split(separator: "\n").starts(with: rows), "\(result.error)")
    }
    let toFile = try command.succeed("svd-compress p.png --rank 3 -o q.png")
    #expect(toFile.error.isEmpty)
    let result = try command.succeed("svd-compress p.png --rank 3 -o -")
    #expect(try command.folder.read("q.png") == result.outputBytes)
  }

  @Test("- is standard input")
  func standardInput() throws {
    for (line, name) in [
      ("svd-compress NAME --rank 1", "a.csv"), ("svd-compress NAME --rank 2", "p.png"),
      ("svd NAME", "a.csv"), ("info NAME", "p.png"),
    ] {
      func filled(_ text: String) -> String {
        line.split(separator: " ").map { $0 == "NAME" ? text : String($0) }.joined(separator: " ")
      }
      let expected = try command.rows(filled(name))
      let result = try command.run(
        filled("-") + " --format json", input: command.folder.read(name))
      #expect(result.status == 0, "\(result.error)")
      let rows = try JSONValue.parse(result.outputBytes).objectValue?["rows"]?.arrayValue
      // The name and, for text, the detected format differ; the numbers do not.
      let keys = expected[0].keys.filter { $0 != "file" && $0 != "file_format" }
      for (row, other) in zip(rows ?? [], expected) {
        for key in keys { #expect(row.objectValue?[key] == other[key], "\(line) \(key)") }
      }
    }
    let piped = try command.shell(
      "\"$LINALG\" convert a.csv - --output-format npy | \"$LINALG\" svd - -q --format csv")
    #expect(try piped.output == command.succeed("svd a.csv -q --format csv").output)
  }

  @Test("--plot writes an SVG")
  func plot() throws {
    for line in ["svd a.csv", "svd-compress p.png --ranks 1,5", "svd-compress a.csv --rank 1"] {
      try command.succeed("\(line) --plot s.svg")
      let text = String(decoding: try command.folder.read("s.svg"), as: UTF8.self)
      #expect(text.hasPrefix("<?xml") && text.contains("<svg") && text.hasSuffix("</svg>\n"))
      #expect(!text.contains("nan") && !text.contains(command.folder.path))
    }
    try command.folder.write("0,0\n0,0\n", to: "zero.csv")
    try command.succeed("svd zero.csv --plot s.svg")
    try command.succeed("svd-compress zero.csv --rank 1 --plot s.svg")
  }

  @Test("--verify prints LAPACK's test ratios, below 30")
  func verify() throws {
    for line in [
      "svd a.csv", "svd-compress a.csv --rank 1", "svd-compress p.png --rank 3 --method randomized",
    ] {
      let notes = try command.document("\(line) --verify").notes
      let note = try #require(notes.first { $0.hasPrefix("verified") }, "\(notes)")
      #expect(note.contains("orthogonality of U"))
      // A truncated decomposition leaves a residual by intent; a bound of it stands instead.
      let isExact = !line.contains("randomized")
      #expect(note.contains("residual") == isExact)
      #expect(notes.contains { $0.contains("wrong with probability 1e-10") } == !isExact)
    }
  }
}

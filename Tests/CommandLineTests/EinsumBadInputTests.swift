import FileFormats
import Tensors
import TestSupport
import Testing

/// What `einsum` refuses, and that nothing is left behind.
@Suite("einsum: bad input")
struct EinsumBadInputTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.folder.write("1,2\n3,4\n", to: "a.csv")
    try command.writeArray((0..<6).map(Double.init), [2, 3], to: "b.npy")
    try command.writeArray((0..<8).map(Double.init), [4, 2], to: "c.npy")
    try command.writeArray((0..<24).map(Double.init), [2, 3, 4], to: "t.npy")
  }

  /// Subscripts that are wrong at a place, which a caret shows.
  struct Marked: Sendable, CustomTestStringConvertible {
    let subscripts: String
    let files: String
    let message: String
    let caret: Int
    var testDescription: String { "\(subscripts) \(files)" }

    init(_ subscripts: String, _ files: String, _ message: String, _ caret: Int) {
      (self.subscripts, self.files, self.message) = (subscripts, files, message)
      self.caret = caret
    }
  }

  @Test(
    "subscripts are shown with a caret under the place",
    arguments: [
      Marked("i!", "a.csv", "'!' is not a label: labels are single letters", 1),
      Marked("i1,j", "a.csv b.npy", "'1' is not a label: labels are single letters", 1),
      Marked("i→j", "a.csv", "'→' is not a label: the arrow is '->'", 1),
      Marked("i…", "a.csv", "'…' is not a label: the ellipsis is '...', three dots", 1),
      Marked("i\u{1B}[2J", "a.csv", "U+001B is not a label: labels are single letters", 1),
      Marked("ij..", "a.csv", "an ellipsis is three dots, not 2", 2),
      Marked("...i...", "a.csv", "operand 0 has two ellipses", 4),
      Marked("ij,...->......", "a.csv b.npy", "an ellipsis is three dots, not 6", 8),
      Marked("ij->i->j", "a.csv", "'->' stands twice", 5),
      Marked("ij-", "a.csv", "'-' alone: the arrow is '->'", 2),
      Marked("ij>i", "a.csv", "'>' alone: the arrow is '->'", 2),
      Marked("ij->i,j", "a.csv", "a comma in the output: there is only one result", 5),
      Marked("ij->ik", "a.csv", "the output's label 'k' is in no operand", 5),
      Marked("ij->...", "a.csv", "the output has an ellipsis but no operand has one", 4),
      Marked("ij,jk", "a.csv", "the subscripts have 2 operands but 1 array is given", 3),
      Marked("ij", "", "the subscripts have 1 operand but 0 arrays are given", 0),
      Marked("ij", "a.csv b.npy", "the subscripts have 1 operand but 2 arrays are given", 0),
      Marked("ij,ijk", "a.csv b.npy", "operand 1 (b.npy) has 2 axes but 3 labels", 3),
      Marked("ij,i", "a.csv b.npy", "operand 1 (b.npy) has 2 axes but 1 label", 3),
      Marked("i...jk", "a.csv", "operand 0 (a.csv) has 2 axes but 3 labels", 0),
      Marked("ii", "b.npy", "label 'i' is both 2 and 3 in operand 0 (b.npy)", 1),
      Marked(
        "ij,jk->ik", "b.npy c.npy",
        "label 'j' is 3 in operand 0 (b.npy) but 4 in operand 1 (c.npy)",
        3),
      Marked(
        "ij , jk", "c.npy t.npy", "operand 1 (t.npy) has 3 axes but 2 labels", 5),
      Marked(
        "i...,i...", "b.npy t.npy",
        "ellipsis axis 1 from the right is 3 in operand 0 (b.npy) but 4 in operand 1 (t.npy)", 6),
      Marked(
        "i...->i", "t.npy",
        "the ellipsis of operand 0 (t.npy) stands for 2 axes but the output has no '...'", 6),
    ])
  func subscripts(marked: Marked) throws {
    let before = try command.contents()
    let files = marked.files.split(separator: " ").map(String.init)
    let result = try command.run(["einsum", marked.subscripts] + files)
    let shown = marked.subscripts.replacing("\u{1B}", with: "\u{FFFD}")
    let caret = String(repeating: " ", count: marked.caret) + "^"
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(
      result.error == """
        linalg einsum: \(marked.message)
        linalg einsum:   \(shown)
        linalg einsum:   \(caret)

        """)
    #expect(try command.contents() == before)
  }

  @Test("long subscripts are shown around the place")
  func longSubscripts() throws {
    let text = String(repeating: "ij,", count: 300) + "!"
    let result = try command.run(["einsum", text, "a.csv"])
    let lines = result.error.split(separator: "\n")
    #expect(result.status == 64 && lines.count == 3)
    #expect(lines.allSatisfy { $0.count < 100 } && lines[1].contains("…"), "\(result.error)")
    let beyond = String(repeating: "i", count: 65_537)
    let refused = try command.run(["einsum", beyond, "a.csv"])
    #expect(refused.status == 64 && refused.error.contains("limit of 65536"))
    let many = String(repeating: ",", count: 1024)
    let operands = try command.run(["einsum", many, "a.csv"])
    #expect(operands.status == 64 && operands.error.contains("limit of 1024"))
  }

  @Test(
    "arguments that contradict each other",
    arguments: [
      ("", "subscripts"), ("ij a.csv --shapes 2x2", "--shapes stands in place of files"),
      ("ij --shapes 2x2 -o r.npy", "--output needs a run"),
      ("ij --shapes 2x2 --verify", "--verify needs a run"),
      ("ij --shapes 2y2", "shapes like 10x20,20"), ("ij --shapes 2x", "shapes like 10x20,20"),
      ("ij --shapes -2x2", "shapes like 10x20,20"), ("ij --shapes ,2x2", "shapes like 10x20,20"),
      ("ij --shapes 4000000000x4000000000", "shapes like 10x20,20"),
      ("ijk --shapes 0x4000000000x4000000000", "shapes like 10x20,20"),
      ("ij --shapes 99999999999999999999x1", "shapes like 10x20,20"),
      ("ij a.csv --dtype f16", "--dtype"), ("ij a.csv --max-memory 0", "--max-memory"),
      ("ij a.csv --threads 0", "--threads"), ("ij a.csv --colour", "--colour"),
      ("ij a.csv --path auto --path dp", "--path is given twice"),
      ("ij a.csv --explain --explain", "--explain is given twice"),
      ("ij a.csv --plan-only --plan-only", "--plan-only is given twice"),
      ("ij --shapes 2x2 --shapes 2x2", "--shapes is given twice"),
      ("ij a.csv -o x.npy --output y.npy", "--output is given twice"),
      ("ij a.csv --table t.xyz", "--table t.xyz"),
    ])
  func usage(line: String, words: String) throws {
    let arguments = line.isEmpty ? "einsum" : "einsum \(line)"
    try command.expectRefusal(arguments, status: 64, words)
  }

  @Test(
    "intermediates beyond what can be counted",
    arguments: [
      "ia,jb,ab->ij --shapes 3000000000x4,3000000000x4,4x4 --path (0,1),(0,1) --max-memory 1G",
      "i,j,k,i,j,k --shapes 4000000000,4000000000,4000000000,4000000000,4000000000,4000000000 "
        + "--path (0,1),(0,4),(0,1,2,3) --max-memory 1G",
      "ij,jk->ik --shapes 2000000000x2000000000,2000000000x2000000000 --max-memory 1G",
    ])
  func uncountable(line: String) throws {
    try command.expectRefusal("einsum \(line)", status: 71, "needs more than 2^59 bytes")
    let free = line.replacing(" --max-memory 1G", with: "")
    #expect(try command.run("einsum \(free)").status == 0)
  }

  @Test("a limit on a given order does not speak of the best one")
  func givenOrder() throws {
    let line = "einsum ij,jk,kl --shapes 300x10,10x2,2x10 --max-memory 26k"
    try command.expectRefusal("\(line) --path (0,1),(0,1)", status: 71, "in this order, needs")
    #expect(try command.run(line).status == 0)
  }

  @Test("subscripts and path are read before any file")
  func argumentsFirst() throws {
    let refusal = try command.run("einsum i..j missing.npy")
    #expect(refusal.status == 64 && refusal.error.contains("three dots"))
    try command.expectRefusal("einsum ij missing.npy --path gready", status: 64, "gready")
    try command.expectRefusal("einsum ij missing.npy", status: 66, "missing.npy")
  }

  @Test("standard input serves one operand")
  func twoStandardInputs() throws {
    try command.expectRefusal("einsum i,i - -", status: 64, "only one operand")
  }

  @Test(
    "paths",
    arguments: [
      ("dpp", "no path strategy is called 'dpp'"), ("Auto", "no path strategy is called 'Auto'"),
      ("", "no path strategy is called ''"), ("(0,2)", "step 0 of the path names position 2"),
      ("(0,1),(0,1)", "step 1 of the path names position 1, but only position 0 is there"),
      ("(0)", "too few steps: 2 operands are left"), ("(0,0)", "names position 0 twice"),
      ("()", "names no operand"), ("(0,1", "expected ',' or ')'"), ("(0,-1)", "a position"),
      ("(0,1)x", "expected ',' or the end"), ("(0,99999999999999999999)", "a smaller position"),
    ])
  func paths(path: String, words: String) throws {
    try command.expectRefusal(
      "einsum ij,jk a.csv b.npy --path \(path)", status: 64, "--path", words)
    try command.expectRefusal(
      "einsum ij,jk --shapes 2x2,2x3 --path \(path)", status: 64, "--path", words)
    // A misspelt name is an error whatever the number of operands.
    guard !path.hasPrefix("(") else { return }
    try command.expectRefusal("einsum ij a.csv --path \(path)", status: 64, words)
  }

  @Test("too many operands for the exhaustive search")
  func tooManyForOptimal() throws {
    let terms = String(repeating: "i,", count: 16) + "i"
    let shapes = String(repeating: "2,", count: 16) + "2"
    try command.expectRefusal(
      "einsum \(terms) --shapes \(shapes) --path optimal", status: 64, "--path", "at most 16")
  }

  @Test("path files")
  func pathFiles() throws {
    let line = "einsum ij,jk a.csv b.npy --path"
    try command.expectRefusal("\(line) @no.json", status: 66, "no.json", "no such file")
    try command.expectRefusal("\(line) @", status: 64, "no file stands behind @")
    try command.expectRefusal("\(line) @a.csv", status: 65, "a.csv", "not JSON")
    let cases = [
      ("{}", 65, "no path"), ("[[0,1]]", 65, "no path"), (#"{"path": "auto"}"#, 65, "no path"),
      (#"{"path": [[0, 1.5]]}"#, 65, "list of positions"), (#"{"path": [[]]}"#, 65, "list"),
      (#"{"path": [0, 1]}"#, 65, "list of positions"), (#"{"path": []}"#, 64, "too few steps"),
      (#"{"path": [[0, 5]]}"#, 64, "position 5"), (#"{"path": [[0, -1]]}"#, 64, "position -1"),
      (#"{"path": [[0, 1], [0, 0]]}"#, 64, "position 0 twice"),
    ]
    for (text, status, words) in cases {
      try command.folder.write(text, to: "p.json")
      try command.expectRefusal("\(line) @p.json", status: Int(status), words)
    }
  }

  @Test("files")
  func files() throws {
    try command.expectRefusal("einsum ij,jk a.csv no.npy", status: 66, "no.npy", "no such file")
    try command.expectRefusal("einsum ij,jk a.csv ", status: 66, "''")
    let whole = try command.folder.read("b.npy")
    for (name, bytes) in [
      ("cut.npy", Array(whole.dropLast())), ("long.npy", whole + [0]), ("empty.npy", []),
      ("header.npy", Array(whole.prefix(20))), ("text.npy", Array("hello\n".utf8)),
    ] {
      try command.folder.write(bytes, to: name)
      try command.expectRefusal("einsum ij,jk a.csv \(name)", status: 65, name)
    }
    try command.expectRefusal("einsum ij b.npy --max-memory 10", status: 71, "10 ")
  }
}

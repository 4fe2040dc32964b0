import TestSupport
import Testing

@testable import Einsum

@Suite("Reading subscripts")
struct SubscriptsTests {
  /// The items without their positions.
  private func text(_ items: [Subscripts.Item]) -> String {
    items.map { $0.label.map(String.init) ?? "..." }.joined()
  }

  @Test(
    "subscripts are read as what they say",
    arguments: [
      ("ij,jk->ik", ["ij", "jk"], "ik"),
      ("ij,jk", ["ij", "jk"], "ik"),
      ("", [""], ""),
      ("->", [""], ""),
      (",", ["", ""], ""),
      (",->", ["", ""], ""),
      (" \t i j,\tj k - > i".replacing("- >", with: "->"), ["ij", "jk"], "i"),
      ("...ij , ... jk", ["...ij", "...jk"], "...ik"),
      ("i->ii", ["i"], "ii"),
      ("ii", ["ii"], ""),
      ("b...a", ["b...a"], "...ab"),
      ("zaZA", ["zaZA"], "AZaz"),
      ("βα", ["βα"], "αβ"),
      ("éa,e\u{AA}b,bß", ["éa", "eªb", "bß"], "aeªßé"),
      ("漢字,字->漢", ["漢字", "字"], "漢"),
      ("𝒜x", ["𝒜x"], "x𝒜"),
      (",i,,", ["", "i", "", ""], "i"),
      ("iij,ik", ["iij", "ik"], "jk"),
      ("...,...", ["...", "..."], "..."),
      ("i...->...", ["i..."], "..."),
    ])
  func reads(text: String, operands: [String], output: String) throws {
    let subscripts = try Subscripts(parsing: text)
    #expect(subscripts.operands.map { self.text($0.items) } == operands)
    #expect(self.text(subscripts.output) == output)
    #expect((subscripts.explicitOutput != nil) == text.contains("->"))
    #expect(subscripts.text == text)
  }

  @Test func remembersPositions() throws {
    let subscripts = try Subscripts(parsing: " i ...,, é->...é ")
    #expect(subscripts.operands.map(\.position) == [1, 7, 9])
    #expect(subscripts.operands.map { $0.items.map(\.position) } == [[1, 3], [], [9]])
    #expect(subscripts.operands.map(\.labelCount) == [1, 0, 1])
    #expect(subscripts.operands.map(\.ellipsisPosition) == [3, nil, nil])
    #expect(subscripts.explicitOutput?.position == 12)
    #expect(subscripts.output.map(\.position) == [12, 15])
    #expect(try Subscripts(parsing: "kj,j...,...").output.map(\.position) == [4, 0])
  }

  @Test(
    "what cannot be read is refused with its place",
    arguments: [
      ("i5", 1, 0, "'5' is not a label: labels are single letters"),
      ("ij,j!->i", 4, 1, "'!' is not a label: labels are single letters"),
      ("ij->i+", 5, nil, "'+' is not a label: labels are single letters"),
      ("i\nj", 1, 0, "U+000A is not a label: labels are single letters"),
      ("i\u{A0}j", 1, 0, "U+00A0 (NO-BREAK SPACE) is not a label: labels are single letters"),
      ("\u{0}", 0, 0, "U+0000 is not a label: labels are single letters"),
      ("\u{10FFFF}", 0, 0, "U+10FFFF is not a label: labels are single letters"),
      (
        "e\u{301}", 1, 0,
        "U+0301 (COMBINING ACUTE ACCENT) is not a label: labels are single letters"
      ),
      (
        "\u{915}\u{93F}", 1, 0,
        "U+093F (DEVANAGARI VOWEL SIGN I) is not a label: labels are single letters"
      ),
      ("i₀", 1, 0, "'₀' is not a label: labels are single letters"),
      ("😀", 0, 0, "'😀' is not a label: labels are single letters"),
      ("…i", 0, 0, "'…' is not a label: the ellipsis is '...', three dots"),
      ("ij→i", 2, 0, "'→' is not a label: the arrow is '->'"),
      ("i..", 1, 0, "an ellipsis is three dots, not 2"),
      ("i,.j", 2, 1, "an ellipsis is three dots, not 1"),
      ("....i", 0, 0, "an ellipsis is three dots, not 4"),
      (". ..", 0, 0, "an ellipsis is three dots, not 1"),
      ("......", 0, 0, "an ellipsis is three dots, not 6"),
      ("i,...i...", 6, 1, "operand 1 has two ellipses"),
      ("...i->...i...", 10, nil, "the output has two ellipses"),
      ("ij->i->j", 5, nil, "'->' stands twice"),
      ("ij-", 2, 0, "'-' alone: the arrow is '->'"),
      ("ij- >i", 2, 0, "'-' alone: the arrow is '->'"),
      ("i,j>i", 3, 1, "'>' alone: the arrow is '->'"),
      ("ij->i-", 5, nil, "'-' alone: the arrow is '->'"),
      ("ij->i,j", 5, nil, "a comma in the output: there is only one result"),
      ("ij->ik", 5, nil, "the output's label 'k' is in no operand"),
      ("ij,jk->i é", 9, nil, "the output's label 'é' is in no operand"),
      ("i->...i", 3, nil, "the output has an ellipsis but no operand has one"),
    ] as [(String, Int, Int?, String)])
  func refuses(text: String, position: Int, operand: Int?, message: String) {
    let error = #expect(throws: SubscriptError.self) { try Subscripts(parsing: text) }
    #expect(
      error
        == SubscriptError(text: text, position: position, message: message, operand: operand))
    #expect("\(error as Any)".contains(message))
  }

  @Test func refusesWhatIsBeyondTheLimits() throws {
    let longest = String(repeating: "i", count: 65_536)
    #expect(try Subscripts(parsing: longest).output.isEmpty)
    let tooLong = #expect(throws: SubscriptError.self) { try Subscripts(parsing: longest + "é") }
    #expect(tooLong?.message == "65537 characters are beyond the limit of 65536")
    #expect(tooLong?.position == 65_536)

    let most = String(repeating: ",", count: 1_023)
    #expect(try Subscripts(parsing: most).operands.count == 1_024)
    let tooMany = #expect(throws: SubscriptError.self) { try Subscripts(parsing: most + ",") }
    #expect(tooMany?.message == "another operand is beyond the limit of 1024")
    #expect(tooMany?.position == 1_023)
  }

  @Test("no text stops the reader, and positions are inside")
  func survivesRandomTexts() {
    var generator = SeededGenerator(seed: 41)
    let alphabet: [Unicode.Scalar] = ["i", "j", ".", ",", "-", ">", " ", "…", "é", "\u{301}"]
    // Whole tokens, too, so that a good part of the texts can be read.
    let tokens = alphabet.map(String.init) + ["...", "->", "i", "j", ",", "\t"]
    var readable = 0
    for _ in 0..<20_000 {
      let length = Int.random(in: 0...12, using: &generator)
      let text = (0..<length).map { _ in tokens[.random(in: 0..<tokens.count, using: &generator)] }
        .joined()
      do {
        let subscripts = try Subscripts(parsing: text)
        readable += 1
        let written = subscripts.operands.map { self.text($0.items) }.joined(separator: ",")
        let again = try Subscripts(parsing: written + "->" + self.text(subscripts.output))
        #expect(again.operands.map { self.text($0.items) }.joined(separator: ",") == written)
        #expect(self.text(again.output) == self.text(subscripts.output))
      } catch {
        let position = error.position ?? -1
        #expect((0...text.unicodeScalars.count).contains(position), "\(text)")
        #expect(error.caretLines.map(\.unicodeScalars.count).allSatisfy { $0 <= 72 })
        #expect(!error.message.isEmpty)
      }
    }
    #expect(readable > 1_000)
  }
}

@Suite("The caret under subscripts")
struct CaretTests {
  private func lines(_ text: String, _ position: Int?) -> [String] {
    SubscriptError(text: text, position: position, message: "").caretLines
  }

  @Test func pointsAtTheScalar() {
    #expect(lines("ij,jk", 3) == ["ij,jk", "   ^"])
    #expect(lines("ij", 2) == ["ij", "  ^"])
    #expect(lines("", 0) == ["", "^"])
    #expect(lines("ij", nil) == ["ij"])
    #expect(lines("αé𝒜!", 3) == ["αé𝒜!", "   ^"])
  }

  @Test func showsEveryScalarAsOneColumn() {
    #expect(lines("i\tj\u{A0}", 3) == ["i j ", "   ^"])
    #expect(lines("e\u{301}\u{1B}[\u{202E}", 1) == ["e\u{FFFD}\u{FFFD}[\u{FFFD}", " ^"])
  }

  @Test func cutsLongTexts() {
    func letters(_ count: Int) -> String { String(repeating: "a", count: count) }
    func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
    #expect(lines(letters(71), 71) == [letters(71), spaces(71) + "^"])
    #expect(lines(letters(72), 0) == [letters(72), "^"])
    #expect(lines(letters(73), 0) == [letters(71) + "…", "^"])
    #expect(lines(letters(72), 72) == ["…" + letters(70), spaces(71) + "^"])
    #expect(lines(letters(500), 250) == ["…" + letters(70) + "…", spaces(36) + "^"])
    #expect(lines(letters(500), 10) == [letters(71) + "…", spaces(10) + "^"])
    #expect(lines(letters(500), 499) == ["…" + letters(70), spaces(70) + "^"])
    #expect(lines(letters(500), nil) == [letters(71) + "…"])
  }
}

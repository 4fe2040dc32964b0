import TestSupport
import Tensors
import Testing

@testable import FileFormats

@Suite struct LabelledTableTests {
  private func decode<Element: Scalar>(
    _ text: String, _ target: TargetColumn = .last, _ reading: TargetReading = .detected,
    header: TextOptions.Header = .auto, as type: Element.Type = Double.self
  ) throws(FormatError) -> LabelledTable<Element> {
    try LabelledTable.decode(
      [UInt8](text.utf8)[...], target: target, reading: reading,
      options: TextOptions(header: header), budget: smallBudget)
  }

  @Test("where the target stands and what it is called")
  func targets() throws {
    let text = "a,b,kind\n1,2,x\n3,4,y\n"
    for (target, index) in [
      (TargetColumn.last, 2), (.named("kind"), 2), (.index(2), 2), (.index(-1), 2),
      (TargetColumn("kind"), 2), (TargetColumn("-1"), 2),
    ] {
      let table = try decode(text, target)
      #expect(table.target?.index == index && table.target?.name == "kind")
      #expect(table.features == Tensor([2, 2], [1, 2, 3, 4]) && table.featureNames == ["a", "b"])
      #expect(table.target?.cells == .words([0, 1], texts: ["x", "y"]))
    }
    let first = try decode("kind,a,b\nx,1,2\ny,3,4\nx,5,6\n", .index(-3))
    #expect(first.target?.index == 0 && first.featureNames == ["a", "b"])
    #expect(first.features == Tensor([3, 2], [1, 2, 3, 4, 5, 6]))
    #expect(first.target?.cells == .words([0, 1, 0], texts: ["x", "y"]))
    let middle = try decode("1 0.5 2\n3 1.5 4\n", .index(1))
    #expect(middle.target?.cells == .numbers([0.5, 1.5]) && middle.featureNames == nil)
    #expect(middle.features == Tensor([2, 2], [1, 2, 3, 4]))
    let none = try decode("a,b\n1,2\n", .none)
    #expect(none.target == nil && none.features == Tensor([1, 2], [1, 2]))
    #expect(none.featureNames == ["a", "b"])
  }

  @Test("a header is a row without numbers among the features, whatever the target is")
  func headers() throws {
    #expect(try decode("1,2,yes\n3,4,no\n").featureNames == nil)
    #expect(try decode("1,2,yes\n3,4,no\n").features.rows == 2)
    #expect(try decode("a,b,2020\n1,2,5\n").target?.name == "2020")
    #expect(try decode("2020,2021,y\n1,2,5\n", header: .yes).featureNames == ["2020", "2021"])
    #expect(try decode("2020,2021,y\n1,2,5\n", .named("y")).featureNames == ["2020", "2021"])
    #expect(try decode("1,2,3\n", header: .no).features.rows == 1)
    // A column alone: words have a header only when they are told to.
    #expect(try decode("kind\nleft\nright\n").target?.cells.count == 3)
    #expect(try decode("kind\nleft\nright\n", header: .yes).target?.cells.count == 2)
    #expect(try decode("kind\n1\n2\n").target?.cells == .numbers([1, 2]))
    #expect(try decode("1\n2\n").target?.cells == .numbers([1, 2]))
    #expect(try decode("1\n2\n").features.shape == [2, 0])
  }

  @Test("numbers that are labels stay numbers, and begin again where a word follows")
  func readings() throws {
    #expect(try decode("1,2\n3,4.5\n", .last, .labels).target?.cells == .numbers([2, 4.5]))
    let mixed = try decode("1,2\n3,4\n5,x\n7,2\n", .last, .labels)
    #expect(mixed.target?.cells == .words([0, 1, 2, 0], texts: ["2", "4", "x"]))
    #expect(mixed.features == Tensor([4, 1], [1, 3, 5, 7]))
    #expect(try decode("1,\"2\"\n3,\"4\"\n").target?.cells == .numbers([2, 4]))
    #expect(
      try decode("1,\"a, b\"\n3,\"say \"\"c\"\"\"\n").target?.cells
        == .words([0, 1], texts: ["a, b", "say \"c\""]))
    #expect(try decode("1\tä ö\r\n2\tä ö\r\n").target?.cells == .words([0, 0], texts: ["ä ö"]))
  }

  @Test(
    "what is wrong with the cells, by line, column and text",
    arguments: [
      ("1,2,a\n3,x4,b\n", "line 2, column 2: 'x4' is not a number"),
      ("a,b,c\n1,2,a\n3,,b\n", "line 3, column 2: the cell is empty"),
      ("1,2,a\n3,nan,b\n", "line 2, column 2: nan in the data"),
      ("1,-inf,a\n", "line 1, column 2: -inf in the data"),
      ("1,2,a\n3,4\n", "line 2: the row has 2 columns, the rows before it have 3"),
      ("1,2,a\n3,4,b,\n", "line 2: the row has 4 columns, the rows before it have 3"),
      ("a,b,c\n1,2,3,4\n", "line 2: the row has 4 columns, the header has 3"),
      ("1,2,a\n3,4,\n", "line 2, column 3: the target's cell is empty"),
      ("1,2,3\n3,4,\n", "line 2, column 3: the target's cell is empty"),
      ("1,2,3\n3,4,nan\n", "line 2, column 3: nan as a target"),
      ("1,2,a\n3,4,NaN\n", "line 2, column 3: NaN as a target"),
      ("1,2,3\n3,4,NA\n", "line 2, column 3: 'NA' stands among numbers"),
      ("1,2,a\n3,4,5\n", "line 2, column 3: the number '5' stands among words"),
      ("1,2,1e400\n", "line 1, column 3: 1e400 exceeds the largest number"),
      ("1,1e400,2\n", "line 1, column 2: 1e400 exceeds the largest number"),
      ("1,2,a\n3,\"4,b\n", "line 2, column 2: a quote is not closed"),
      ("1,2,a\n3,4,\"b\n", "line 2, column 3: a quote is not closed"),
      ("a,b,c\n", "a header but no numbers"), ("", "the file is empty"), ("#\n\n", "blank lines"),
      ("a,2x,c\n1,2,3\n", "line 1, column 1: 'a' is not a number"),
      ("a;b\n1,5;2\n", "decimal commas are not read"),
    ])
  func badCells(text: String, words: String) {
    expectFailure(.badData, words) { () throws(FormatError) in try decode(text) }
  }

  @Test("hints fit: a missing value is no help here, a header may be")
  func hints() {
    for (text, hint) in [("1,2,a\n3,,b\n", nil), ("x,2y,c\n1,2,3\n", "add --header yes")] {
      do throws(FormatError) {
        _ = try decode(text)
        Issue.record("no failure")
      } catch {
        #expect(error.hint?.contains(hint ?? "-") ?? (hint == nil), "\(error)")
      }
    }
  }

  @Test func precisions() throws {
    let table = try decode("0.1,16777217,x\n", as: Float.self)
    #expect(table.features == Tensor([1, 2], [0.1, 16_777_216]))
    expectFailure(.badData, "line 1, column 1: 1e+39 exceeds the largest f32 number") {
      () throws(FormatError) in
      try decode("1e39,x\n", as: Float.self)
    }
    #expect(try decode("1e39,x\n").features.elements == [1e39])
  }

  @Test("columns that are not there")
  func badColumns() {
    let text = "a,b,b\n1,2,3\n"
    let cases: [(TargetColumn, String, TextOptions.Header, String)] = [
      (.named("c"), text, .auto, "no column is called 'c' (columns: a, b, b)"),
      (.named("b"), text, .auto, "2 columns are called 'b'"),
      (.index(3), text, .auto, "there is no column 3 (the table has 3: 0 to 2)"),
      (.index(-4), text, .auto, "there is no column -4"),
      (.named("c"), "1,2\n", .auto, "the first row holds numbers, not names"),
      (.named("a"), text, .no, "without a header"),
    ]
    for (target, text, header, words) in cases {
      expectFailure(.usage, words) { () throws(FormatError) in
        try decode(text, target, header: header)
      }
    }
    expectFailure(.badData, "'x' is not a number") { () throws(FormatError) in
      try decode("1,x\n", .last, .numbers)
    }
  }

  @Test("the budget is asked for the file and the table in the precision that is read")
  func budget() throws {
    let text = [UInt8]("1,2,3,a\n4,5,6,b\n".utf8)
    // Three lines at most, the last one empty: 3·3 numbers and 3 targets of 8 bytes.
    let needed = text.count + 9 * 4 + 3 * 8
    func read(_ limit: Int) throws(FormatError) -> LabelledTable<Float> {
      try LabelledTable.decode(text[...], target: .last, budget: MemoryBudget(limit: limit))
    }
    #expect(try read(needed).features.count == 6)
    expectFailure(.resourceLimit, "needs \(needed) bytes") { () throws(FormatError) in
      try read(needed - 1)
    }
  }

  @Test("random tables read back", arguments: 0..<40)
  func randomTables(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let table = RandomTable(&random)
    for style in 0..<3 {
      let text = table.text(style: style, hasHeader: seed % 2 == 0)
      let read = try decode(text, .index(table.target))
      #expect(read.features == table.features, "\(text)")
      #expect(read.target?.cells == table.cells, "\(text)")
      #expect(read.featureNames?.count == (seed % 2 == 0 ? table.features.columns : nil))
      let single = try decode(
        text, .index(table.target - table.features.columns - 1), as: Float.self)
      #expect(single.features.elements == table.features.elements.map { Float($0) })
    }
  }

  @Test func damage() {
    for text in ["a,b,k\n1,2,x\n3,4,\"y\"\n", "1 2\n3 4\n"] {
      expectSurvivesDamage([UInt8](text.utf8)) { bytes throws(FormatError) in
        for reading in [TargetReading.detected, .labels, .numbers] {
          do throws(FormatError) {
            _ = try LabelledTable<Float>.decode(
              bytes, target: .last, reading: reading, budget: smallBudget)
          } catch {
            #expect(!error.message.isEmpty)
          }
        }
      }
    }
  }
}

/// A table with seeded contents, and its text in several styles.
private struct RandomTable {
  let features: Tensor<Double>
  let target: Int
  let cells: TargetCells

  init(_ random: inout SeededGenerator) {
    let (rows, columns) = (
      Int.random(in: 1...30, using: &random), Int.random(in: 1...6, using: &random)
    )
    let numbers = (0..<rows * columns).map { _ in
      random.normal() * (Double("1e\(Int.random(in: -9...9, using: &random))") ?? 1)
    }
    features = Tensor([rows, columns], numbers)
    target = Int.random(in: 0...columns, using: &random)
    if Bool.random(using: &random) {
      cells = .numbers((0..<rows).map { _ in Double(Int.random(in: -3...3, using: &random)) / 2 })
    } else {
      let words = ["left", "right", "a b", "c,d", "\"q\"", "ü", "-", "x\ty"]
      var texts: [String] = []
      let indices = (0..<rows).map { _ in
        let word = words[Int.random(in: 0..<words.count, using: &random)]
        if !texts.contains(word) { texts.append(word) }
        return Int32(texts.firstIndex(of: word) ?? 0)
      }
      cells = .words(indices, texts: texts)
    }
  }

  /// Commas and line feeds, semicolons and CRLF, tabs with comments and blank lines.
  func text(style: Int, hasHeader: Bool) -> String {
    let delimiter = [",", ";", "\t"][style]
    let ending = ["\n", "\r\n", " # note\n\n"][style]
    var lines: [[String]] = []
    if hasHeader { lines.append((0...features.columns).map { "\"name \($0)\"" }) }
    for row in 0..<features.rows {
      var line = (0..<features.columns).map { "\(features[row, $0])" }
      line.insert(cell(row), at: target)
      lines.append(line)
    }
    return lines.map { $0.joined(separator: delimiter) + ending }.joined()
  }

  private func cell(_ row: Int) -> String {
    switch cells {
    case .numbers(let values): return "\(values[row])"
    case .words(let indices, let texts):
      let quoted = texts[Int(indices[row])].split(separator: "\"", omittingEmptySubsequences: false)
      return "\"" + quoted.joined(separator: "\"\"") + "\""
    }
  }

}

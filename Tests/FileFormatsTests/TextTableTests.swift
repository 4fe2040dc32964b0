import TestSupport
import Tensors
import Testing

@testable import FileFormats

@Suite struct TextTableTests {
  private func decode(
    _ text: String, delimiter: TextOptions.Delimiter? = nil, header: TextOptions.Header = .auto
  ) throws(FormatError) -> StoredArray {
    try decode([UInt8](text.utf8), TextOptions(delimiter: delimiter, header: header))
  }

  private func decode(
    _ bytes: [UInt8], _ options: TextOptions = TextOptions()
  ) throws(FormatError) -> StoredArray {
    try TextTable.decode(bytes[...], options: options, budget: .unlimited())
  }

  /// Many ways to write [[1, 2.5], [-3, 4e2]].
  @Test(arguments: [
    "1,2.5\n-3,4e2\n", "1,2.5\n-3,4e2", "1,2.5\r\n-3,4e2\r\n", "1,2.5\r-3,4e2\r",
    "\u{FEFF}1,2.5\n-3,4e2\n", "a,b\n1,2.5\n-3,4e2\n", "\"a, b\",\"c\"\"d\"\n1,2.5\n-3,4e2\n",
    "\"two\nlines\",b\n1,2.5\n-3,4e2\n", "\"1\",\"2.5\"\n\"-3\" , \"4e2\"\n",
    "1;2.5\n-3;4e2\n", "1\t2.5\n-3\t4e2\n", "x y\tz\n1\t2.5\n-3\t4e2\n", "1 2.5\n-3 4e2\n",
    "  1   2.5  \n\t-3\t 4e2\n", " 1 , 2.5 \n -3 , 4e2 \n",
    "# a, b\n\n1,2.5\n\n# more\n-3,4e2 # end\n\n",
    "+1,2.5000\n-3.,+.4E+003\n", "größe,é\n1,2.5\n-3,4e2\n", "a b # names\n1 2.5\n-3 4e2\n",
  ])
  func variants(text: String) throws {
    let array = try decode(text)
    #expect(array.shape == [2, 2])
    #expect(array.doubles == [1, 2.5, -3, 400])
  }

  @Test func options() throws {
    #expect(try decode("1|2\n3|4", delimiter: .character("|")).doubles == [1, 2, 3, 4])
    #expect(try decode("2020,2021\n1,2\n", header: .yes).doubles == [1, 2])
    #expect(try decode("2020,2021\n1,2\n").shape == [2, 2])
    #expect(try decode("inf,-Infinity\nNaN,-0\n", header: .no).doubles[0] == .infinity)
    let words = try decode("inf,-Infinity\nNaN,-0\n").doubles
    #expect(words[1] == -.infinity && words[2].isNaN && words[3].sign == .minus)
    #expect(try TextOptions.Delimiter("\\t") == .character("\t"))
    #expect(try TextOptions.Delimiter("space") == .whitespace)
    for bad in ["", "ab", "1", "e", ".", "\"", "#", "é", "\n"] {
      expectFailure(.usage, "cannot be a delimiter") { () throws(FormatError) in
        try TextOptions.Delimiter(bad)
      }
    }
  }

  @Test(arguments: [
    ("", "empty"), ("\u{FEFF}", "no numbers"), ("\n \n# x\n", "no numbers"),
    ("a,b\n", "header but no numbers"), ("1,2\n3\n", "line 2: the row has 1 columns, the rows"),
    ("a,b\n1,2,3\n", "line 2: the row has 3 columns, the header has 2"),
    ("1,2\n3,x4\n", "line 2, column 2: 'x4' is not a number"),
    ("1,2\n3,4x\n", "line 2, column 2: '4x' is not a number"),
    ("1,2\n,4\n", "line 2, column 1: the cell is empty"), ("1,2,\n", "column 3: the cell is empty"),
    ("1\t2\n\t4\n", "line 2, column 1: the cell is empty"),
    ("1;2\n3;4,5\n", "decimal commas are not read"), ("1,5;2,5\n", "decimal commas are not read"),
    ("1,2\n1e400,3\n", "line 2, column 1: 1e400 exceeds the largest number"),
    ("-1e309\n", "exceeds the largest"), ("\"1e400\"\n", "exceeds the largest"),
    ("1,2\n3,\"4\n", "line 2, column 2: a quote is not closed"),
    ("1,2\n3,\"4\"5\n", "text follows a closing quote"),
    ("0x10\n", "'0x10' is not a number"), ("1e\n", "'1e' is not a number"),
    ("1_000\n", "is not a number"), ("--1\n", "is not a number"), (".\n1\n.\n", "'.' is not"),
    ("1,2\n3,4\n5,\u{1}\n", "line 3, column 2: '\\u{01}' is not"),
    ("1,2x\n3,4\n", "add --header yes"), ("1 2\n3 4 5\n", "line 2: the row has 3 columns"),
  ])
  func badTables(text: String, words: String) {
    expectFailure(.badData, words) { () throws(FormatError) in try decode(text) }
  }

  @Test func badBytes() {
    let cases: [(bytes: [UInt8], words: String)] = [
      ([0x31, 0x0A, 0x32, 0x00, 0x0A], "line 2, byte 2: a NUL byte"),
      ([0x31, 0x0A, 0x32, 0xE9, 0x0A], "line 2, byte 2: byte 0xe9 is not UTF-8"),
      ([0xC0, 0x80], "0xc0"), ([0xED, 0xA0, 0x80], "0xed"), ([0xF4, 0x90, 0x80, 0x80], "0xf4"),
      ([0xE2, 0x82], "0xe2"), ([0xFF, 0xFE, 0x31, 0x00], "UTF-16"),
      ([UInt8](repeating: 0x31, count: 8) + [0x80], "byte 9: byte 0x80"),
      ([UInt8](repeating: 0x31, count: 15) + [0], "byte 16: a NUL"),
    ]
    for (bytes, words) in cases {
      expectFailure(.badData, words) { () throws(FormatError) in try decode(bytes) }
    }
  }

  @Test func budget() {
    expectFailure(.resourceLimit, "needs 24 bytes") { () throws(FormatError) in
      try TextTable.decode([UInt8]("1,2,3".utf8)[...], budget: MemoryBudget(limit: 20))
    }
  }

  @Test(arguments: DType.allCases)
  func roundTrip(dtype: DType) throws {
    for shape in sampleShapes where shape.rank <= 2 && shape.count > 0 {
      let array = StoredArray.random(dtype, shape, seed: 3)
      for delimiter: Unicode.Scalar in [",", "\t", " "] {
        let text = try TextTable.encode(array, delimiter: delimiter).joined
        let back = try decode(text)
        let rows = shape.rank == 0 ? 1 : shape[0]
        #expect(back.shape == [rows, shape.rank == 2 ? shape[1] : 1])
        #expect(back.readsBack(array))
      }
    }
  }

  @Test func written() throws {
    let array = StoredArray.f64([1, 0.1, -0.0, .infinity, 1e300, .nan], [2, 3])
    let text = String(decoding: try TextTable.encode(array).joined, as: UTF8.self)
    #expect(text == "1.0,0.1,-0.0\ninf,1e+300,nan\n")
    expectFailure(.usage, "2x1x1", "two axes") { () throws(FormatError) in
      try TextTable.encode(.f64([1, 2], [2, 1, 1]))
    }
    expectFailure(.badData, "0x3") { () throws(FormatError) in
      try TextTable.encode(.f64([], [0, 3]))
    }
  }

  @Test func damage() {
    for text in ["a,b\n1,2.5e3\n\"3\",4\n", "1 2\n3 -inf\n", "1\t2\r\n3\t4\r\n"] {
      expectSurvivesDamage([UInt8](text.utf8)) { bytes throws(FormatError) in
        _ = try TextTable.decode(bytes, budget: smallBudget)
      }
    }
  }
}

@Suite struct DecimalNumberTests {
  private func scan(_ text: String) -> Double? {
    var position = 0
    let scan = [UInt8](text.utf8).withUnsafeBufferPointer {
      DecimalNumber.scan($0, at: &position)
    }
    guard case .value(let value) = scan, position == text.utf8.count else { return nil }
    return value
  }

  /// The standard library's conversion is the reference.
  private func expectCorrect(_ text: String) {
    #expect(scan(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
  }

  @Test func edges() {
    for text in [
      "0", "-0", "0.0", "00012", "1e22", "1e23", "9007199254740993", "9007199254740992",
      "9223372036854775807", "18446744073709551615", "18446744073709551616", "1e-22", "1e-23",
      "123456789012345678901234567890", "0.1", "2.2250738585072014e-308", "5e-324", "2e-324",
      "4.9406564584124654e-324", "1.7976931348623157e308", "1e-400", "0e999999999999", ".5", "5.",
      "1.00000000000000011102230246251565404236316680908203125",
      "1.00000000000000011102230246251565404236316680908203124",
      "1.00000000000000011102230246251565404236316680908203126", "8.5e-27",
      "9999999999999999999e27",
      "9999999999999999999e-27", "1e27", "1e-27", "1e28", "1e-28", "9007199254740993e3",
      "0.00000000000000000000000000000000000000000000000000001",
      "100000000000000000000000000000000000000000000000000000",
    ] { expectCorrect(text) }
  }

  @Test func seventeenDigitsAndHalfways() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: UInt64.random(in: .min ... .max, using: &random))
      if value.isFinite { expectCorrect("\(value)") }
      let near = Double.random(in: -1000...1000, using: &random)
      expectCorrect("\(near)")
      let mantissa =
        UInt64.random(in: .min ... .max, using: &random)
        >> UInt64.random(in: 0..<64, using: &random)
      expectCorrect("\(mantissa)e\(Int.random(in: -30...30, using: &random))")
      // Exactly between two doubles, and written out: ties go to even.
      let even = UInt64.random(in: 1 << 52..<1 << 53, using: &random)
      expectCorrect("\(even * 2 + 1)")
      expectCorrect("\(even * 4 + 2).5e-1")
    }
  }
}

import Tensors
import Testing

@testable import FileFormats

@Suite struct MatrixMarketTests {
  private func decode(
    _ text: String, budget: MemoryBudget = .unlimited()
  ) throws(FormatError) -> StoredArray {
    try MatrixMarket.decode([UInt8](text.utf8)[...], budget: budget)
  }

  private func banner(_ words: String) -> String { "%%MatrixMarket matrix \(words)\n" }

  @Test func layoutsAndSymmetries() throws {
    let general = try decode(banner("array real general") + "% note\n\n2 3\n1\n2\n3\n4\n5\n6e0\n")
    #expect(general.shape == [2, 3] && general.doubles == [1, 3, 5, 2, 4, 6])
    let sparse = try decode(
      banner("coordinate real general") + "2 3 3\n1 1 1.5\n% between\n2 3 -2\n1 1 0.5\n")
    #expect(sparse.doubles == [2, 0, 0, 0, 0, -2])
    let pattern = try decode(banner("coordinate pattern symmetric") + "2 2 2\n1 1\n2 1\n")
    #expect(pattern.dtype == .f64 && pattern.doubles == [1, 1, 1, 0])
    let skew = try decode(banner("coordinate integer skew-symmetric") + "2 2 1\n2 1 5\n")
    #expect(skew.dtype == .i64 && skew.doubles == [0, -5, 5, 0])
    let symmetric = try decode(banner("array real symmetric") + "2 2\n1\n2\n3\n")
    #expect(symmetric.doubles == [1, 2, 2, 3])
    let skewArray = try decode(banner("array integer skew-symmetric") + "3 3\n1\n2\n3\n")
    #expect(skewArray.doubles == [0, -1, -2, 1, 0, -3, 2, 3, 0])
    let hermitian = try decode(banner("array real hermitian") + "1 1\n4\n")
    #expect(hermitian.doubles == [4])
    let shouting = try decode("%%matrixmarket MATRIX Array REAL General\r\n1 2\r\n1\r\n2\r\n")
    #expect(shouting.doubles == [1, 2])
    #expect(try decode(banner("coordinate real general") + "0 3 0\n").shape == [0, 3])
    let exact = try decode(banner("array integer general") + "1 1\n9223372036854775807\n")
    #expect(exact.statistics().maximum == .signed(.max))
  }

  @Test(arguments: [
    ("1 2\n3 4\n", "banner"), ("%%MatrixMarket matrix array real\n", "4 words"),
    ("%%MatrixMarket vector array real general\n", "object 'vector'"),
    ("%%MatrixMarket matrix dense real general\n", "layout 'dense'"),
    ("%%MatrixMarket matrix array complex general\n1 1\n1 0\n", "complex matrices are not read"),
    ("%%MatrixMarket matrix array quaternion general\n", "field 'quaternion'"),
    ("%%MatrixMarket matrix array real odd\n", "symmetry 'odd'"),
    ("%%MatrixMarket matrix array pattern general\n", "pattern"),
    ("%%MatrixMarket matrix array real general\n", "size line is missing"),
    ("%%MatrixMarket matrix array real general\n2\n", "size line needs 2"),
    ("%%MatrixMarket matrix array real general\n-2 1\n", "size line needs 2"),
    ("%%MatrixMarket matrix array real general\n1 1 1\n1\n", "'1' follows the size line"),
    ("%%MatrixMarket matrix array real symmetric\n2 3\n1\n", "2x3 is not square"),
    ("%%MatrixMarket matrix array real general\n4 1\n1\n", "too short for 4 entries"),
    ("%%MatrixMarket matrix array real general\n2 1\n1   \n", "ends at row 2 of column 1"),
    ("%%MatrixMarket matrix array real general\n1 1\n1\n2\n", "line 4: more entries than the 1"),
    ("%%MatrixMarket matrix array real general\n1 1\nx\n", "line 3: 'x' is not a number"),
    ("%%MatrixMarket matrix array real general\n1 1\n1e400\n", "within the range"),
    ("%%MatrixMarket matrix array integer general\n1 1\n1.5\n", "not a 64-bit integer"),
    ("%%MatrixMarket matrix array integer general\n1 1\n9223372036854775808\n", "64-bit"),
    (
      "%%MatrixMarket matrix coordinate real general\n2 2 1\n0 1 1\n", "row index 0 is out of range"
    ),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 3 1\n", "column index 3 is out"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 1\n", "ends after 1 entries"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1\n2 2 1\n", "more entries"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1\n", "is not a number"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1 1\n", "follows the entry"),
    ("%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 2 1\n", "above the diagonal"),
    ("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n1 1 1\n", "no diagonal entry"),
    (
      "%%MatrixMarket matrix coordinate integer general\n1 1 2\n1 1 9223372036854775807\n1 1 1\n",
      "sum of the entries"
    ),
    (
      "%%MatrixMarket matrix coordinate integer skew-symmetric\n2 2 1\n2 1 -9223372036854775808\n",
      "overflows"
    ),
    ("%%MatrixMarket matrix array real general\n9999999999 9999999999\n1\n", "more elements"),
  ])
  func badFiles(text: String, words: String) {
    expectFailure(.badData, words) { () throws(FormatError) in try decode(text) }
  }

  @Test func hugeSizesAskTheBudget() {
    expectFailure(.resourceLimit, "1000000x1000000") { () throws(FormatError) in
      try decode(
        banner("coordinate real general") + "1000000 1000000 1\n1 1 1\n",
        budget: MemoryBudget(limit: 1 << 30))
    }
  }

  @Test func roundTrip() throws {
    for dtype in DType.allCases {
      for shape in sampleShapes where shape.rank <= 2 {
        // Without the top bit of the last byte, u64 fits the format's signed integers.
        var bytes = Array(StoredArray.random(dtype, shape, seed: 9).bytes)
        for end in stride(from: 7, to: bytes.count, by: 8) { bytes[end] &= 0x7F }
        let array = StoredArray(dtype: dtype, shape: shape, bytes: bytes[...])
        let back = try MatrixMarket.decode(
          MatrixMarket.encode(array).joined[...], budget: .unlimited())
        #expect(back.dtype == (dtype.isFloatingPoint ? .f64 : .i64))
        #expect(back.readsBack(array))
        #expect(back.shape.count == shape.count)
      }
    }
    let text = try MatrixMarket.encode(.f64([1, 2, 3, 4], [2, 2])).joined
    let expected = "%%MatrixMarket matrix array real general\n2 2\n1.0\n3.0\n2.0\n4.0\n"
    #expect(String(decoding: text, as: UTF8.self) == expected)
    expectFailure(.badData, "18446744073709551615") { () throws(FormatError) in
      try MatrixMarket.encode(
        StoredArray(dtype: .u64, shape: [1], bytes: [UInt8](repeating: 0xFF, count: 8)[...]))
    }
    expectFailure(.usage, "two axes") { () throws(FormatError) in
      try MatrixMarket.encode(.f64([1], [1, 1, 1]))
    }
  }

  @Test func damage() {
    for text in [
      banner("coordinate real symmetric") + "2 2 2\n1 1 1\n2 1 3\n",
      banner("array integer general") + "2 2\n1\n2\n3\n4\n",
    ] {
      expectSurvivesDamage([UInt8](text.utf8)) { bytes throws(FormatError) in
        _ = try MatrixMarket.decode(bytes, budget: smallBudget)
      }
    }
  }
}

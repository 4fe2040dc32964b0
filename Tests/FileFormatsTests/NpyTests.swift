import Tensors
import Testing

@testable import FileFormats

@Suite struct NpyTests {
  private func decode(_ bytes: [UInt8]) throws(FormatError) -> StoredArray {
    try Npy.decode(bytes[...], budget: .unlimited())
  }

  /// A file with a header text of one's own.
  private func file(_ header: String, data: [UInt8] = [], version: [UInt8] = [1, 0]) -> [UInt8] {
    let length = header.utf8.count
    let size = [UInt8(length & 0xFF), UInt8(length >> 8)] + (version[0] > 1 ? [0, 0] : [])
    return NpyHeader.signature + version + size + [UInt8](header.utf8) + data
  }

  @Test(arguments: DType.allCases, sampleShapes)
  func roundTrip(dtype: DType, shape: Shape) throws {
    let array = StoredArray.random(dtype, shape, seed: 1)
    let bytes = try Npy.encode(array).joined
    let header = try NpyHeader(bytes[...])
    #expect(header.dataOffset % 64 == 0)
    #expect(!header.isFortranOrder && !header.isBigEndian)
    let back = try decode(bytes)
    #expect(back == array.widenedFromBF16())
  }

  @Test func numpyBytes() throws {
    let f8 = try decode(GoldenFiles.f8)
    #expect(f8.dtype == .f64 && f8.shape == [2, 3])
    #expect(f8.doubles == [0, 1, 2, 3, 4, 5])
    #expect(try decode(GoldenFiles.fortranI4).doubles == [0, 1, 2, 3, 4, 5])
    #expect(try decode(GoldenFiles.bigEndianF4).doubles == [1.5, -2.25, .infinity])
    let cube = try decode(GoldenFiles.bigEndianFortranU2)
    #expect(cube.shape == [2, 3, 4] && cube.doubles == (0..<24).map(Double.init))
    let scalar = try decode(GoldenFiles.scalarI8)
    #expect(scalar.shape == [] && scalar.dtype == .i64 && scalar.doubles == [-7])
    let empty = try decode(GoldenFiles.boolEmpty)
    #expect(empty.shape == [0, 3] && empty.dtype == .bool)
    let half = try decode(GoldenFiles.f2).doubles
    #expect(half[0] == 1 && half[1] == 65504 && half[2] == 0x1p-24)
    #expect(half[3] == 0 && half[3].sign == .minus && half[4].isNaN && half[5] == .infinity)
    #expect(half[6] == 0.0999755859375)
    #expect(try decode(GoldenFiles.version2).doubles == [1, 2])
    #expect(try decode(GoldenFiles.version3).doubles == [1, 2])
  }

  @Test func writesWhatNumPyWrites() throws {
    for golden in [GoldenFiles.f8, GoldenFiles.scalarI8, GoldenFiles.boolEmpty, GoldenFiles.f2] {
      #expect(try Npy.encode(try decode(golden)).joined == golden)
    }
  }

  @Test func littleEndianFilesAreNotCopied() throws {
    let bytes = GoldenFiles.f8
    let array = try decode(bytes)
    let isSame = bytes.withUnsafeBytes { whole in
      array.bytes.withUnsafeBytes { $0.baseAddress == whole.baseAddress.map { $0 + 128 } }
    }
    #expect(isSame)
  }

  @Test(arguments: [
    [2, 3], [40, 33], [1, 9], [3, 1, 5], [4, 3, 2], [2, 3, 4, 5], [65, 2, 70],
  ])
  func fortranOrder(sizes: [Int]) throws {
    let shape = Shape(sizes)
    let array = StoredArray.random(.u32, shape, seed: 5)
    // Written index by index, the plain way.
    var columnMajor = [UInt8](repeating: 0, count: array.bytes.count)
    for position in 0..<shape.count {
      var (place, step) = (0, 1)
      for (axis, i) in shape.index(ofPosition: position).enumerated() {
        place += i * step
        step *= shape[axis]
      }
      for byte in 0..<4 { columnMajor[place * 4 + byte] = array.bytes[position * 4 + byte] }
    }
    let tuple = sizes.map(String.init).joined(separator: ", ")
    let header = "{'descr': '<u4', 'fortran_order': True, 'shape': (\(tuple))}"
    #expect(try decode(file(header, data: columnMajor)) == array)
  }

  @Test(arguments: [
    "{'descr':'<u1','fortran_order':False,'shape':(3,)}",
    "{\"shape\": (3L,), \"fortran_order\": False, \"descr\": \"|u1\"}\n",
    "{'descr': 'u1', 'fortran_order': True, 'shape': (3,), }   \n",
    " {'descr': '=u1', 'fortran_order': False, 'shape': (1, 3L,), }",
  ])
  func headerVariants(header: String) throws {
    #expect(try decode(file(header, data: [1, 2, 3])).doubles == [1, 2, 3])
  }

  /// Headers that are refused, and what the message says.
  static let badHeaders: [(header: String, words: String)] = [
    ("{'descr': '<f8', 'fortran_order': False}", "'shape' is missing"),
    ("{'descr': '<f8', 'shape': (1,)}", "'fortran_order' is missing"),
    ("{'fortran_order': False, 'shape': (1,)}", "'descr' is missing"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1}", "'x' is unknown"),
    ("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", "twice"),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "Python objects"),
    ("{'descr': '<U5', 'fortran_order': False, 'shape': (1,)}", "text"),
    ("{'descr': '|S5', 'fortran_order': False, 'shape': (1,)}", "byte strings"),
    ("{'descr': '<c16', 'fortran_order': False, 'shape': (1,)}", "complex"),
    ("{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", "unread width"),
    ("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", "structured"),
    ("{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}", "neither True nor False"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} + 1", "follows the dictionary"),
    ("{'descr': '<f8, 'fortran_order': False, 'shape': (1,)}", "malformed"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)", "malformed"),
    ("[1]", "not a dictionary"), ("", "not a dictionary"),
  ]

  @Test(arguments: badHeaders)
  func badHeader(header: String, words: String) {
    expectFailure(.badData, words) { () throws(FormatError) in try decode(file(header)) }
  }

  @Test(arguments: [
    ("(-1,)", "negative"), ("(99999999999999999999,)", "overflows"),
    ("(4294967296, 4294967296)", "more elements"), ("(2305843009213693952,)", "more bytes"),
    ("(0, 9223372036854775807, 2)", "more elements"),
    // 7 TiB in a file of some 80 bytes.
    ("(1024, 1024, 939524)", "short (found 0"),
    ("(1)", "not a tuple"), ("[1]", "not a tuple"), ("(1.5,)", "not closed"),
    ("(True,)", "something else than integers"),
  ])
  func badShapes(shape: String, words: String) {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape)}"
    expectFailure(.badData, words) { () throws(FormatError) in try decode(file(header)) }
  }

  @Test func cutAndOddFiles() {
    let good = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}"
    expectFailure(.badData, "header is cut") { () throws(FormatError) in
      try decode(Array(file(good).prefix(30)))
    }
    expectFailure(.badData, "its length field says 4294967280") { () throws(FormatError) in
      try decode(NpyHeader.signature + [2, 0, 0xF0, 0xFF, 0xFF, 0xFF] + [UInt8](good.utf8))
    }
    expectFailure(.badData, "version 2.1") { () throws(FormatError) in
      try decode(file(good, version: [2, 1]))
    }
    expectFailure(.badData, "version 0.0") { () throws(FormatError) in
      try decode(file(good, version: [0, 0]))
    }
    expectFailure(.badData, "short (found 15 bytes", "needs 16") { () throws(FormatError) in
      try decode(file(good, data: [UInt8](repeating: 0, count: 15)))
    }
    expectFailure(.badData, "3 bytes follow") { () throws(FormatError) in
      try decode(file(good, data: [UInt8](repeating: 0, count: 19)))
    }
  }

  @Test func rewritingAsksTheBudget() {
    expectFailure(.resourceLimit, "24 bytes") { () throws(FormatError) in
      try Npy.decode(GoldenFiles.fortranI4[...], budget: MemoryBudget(limit: 10))
    }
    expectFailure(.resourceLimit, "12 bytes") { () throws(FormatError) in
      try Npy.decode(GoldenFiles.bigEndianF4[...], budget: MemoryBudget(limit: 10))
    }
  }

  @Test func damage() {
    for golden in [GoldenFiles.f8, GoldenFiles.bigEndianFortranU2, GoldenFiles.version2] {
      expectSurvivesDamage(golden) { bytes throws(FormatError) in
        _ = try Npy.decode(bytes, budget: smallBudget)
      }
    }
  }
}

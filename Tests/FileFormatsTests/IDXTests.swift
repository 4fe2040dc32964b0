import TestSupport
import Tensors
import Testing

@testable import FileFormats

@Suite struct IDXTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func decode(_ bytes: [UInt8]) throws(FormatError) -> StoredArray {
    try IDX.decode(bytes[...], budget: smallBudget)
  }

  /// A file of these sizes and data bytes.
  private static func file(_ type: UInt8, _ sizes: [UInt32], _ data: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(sizes.count)] + sizes.flatMap(PNGBytes.bigEndian) + data
  }

  @Test(
    "every type, big-endian",
    arguments: [
      (0x08, .u8, "00 7f 80 ff", [0, 127, 128, 255]),
      (0x09, .i8, "00 7f 80 ff", [0, 127, -128, -1]),
      (0x0B, .i16, "0102 ff00", [258, -256]), (0x0C, .i32, "00010203 ffffffff", [66051, -1]),
      (0x0D, .f32, "3f800000 c0490fda", [1, -Double(Float.pi)]),
      (0x0E, .f64, "3ff0000000000000 c008000000000000", [1, -3]),
    ] as [(UInt8, DType, String, [Double])])
  func types(code: UInt8, dtype: DType, data: String, values: [Double]) throws {
    let array = try decode(Self.file(code, [UInt32(values.count)], hex(data)))
    #expect(array.dtype == dtype && array.shape == [values.count] && array.doubles == values)
  }

  @Test("any number of axes, also none and sizes of zero")
  func shapes() throws {
    for shape in sampleShapes {
      let data = (0..<shape.count).map { UInt8(truncatingIfNeeded: $0) }
      let array = try decode(Self.file(8, shape.dimensions.map(UInt32.init), data))
      #expect(array.shape == shape && Array(array.bytes) == data)
    }
  }

  @Test(
    "what is wrong is named",
    arguments: [
      ([], "header is cut (found 0 bytes"), ([0, 0, 8], "header is cut (found 3 bytes"),
      ([1, 0, 8, 0, 5], "first two bytes are not zero"), (file(7, [1], [1]), "type byte 0x07"),
      (file(0xFF, [1], [1]), "type byte 0xff is unknown"),
      (Array(file(8, [2, 3], []).prefix(11)), "header is cut (found 11 bytes, 2 axes need 12)"),
      (file(8, [2, 3], [1, 2, 3, 4, 5]), "short (found 5 bytes, the shape 2x3 of u8 needs 6)"),
      (file(8, [2], [1, 2, 3]), "1 bytes follow the data (the shape 2 of u8 needs 2)"),
      (file(0x0E, [1], [1, 2, 3, 4, 5, 6, 7]), "short (found 7 bytes"),
      (file(8, [.max, .max, .max], []), "more elements than can be counted"),
      (file(0x0E, [.max, 1 << 31], []), "more bytes than can be counted"),
      (file(8, [1 << 31], [1]), "short (found 1 bytes"),
    ] as [([UInt8], String)])
  func refusals(bytes: [UInt8], words: String) {
    expectFailure(.badData, words) { () throws(FormatError) in try decode(bytes) }
  }

  @Test("wide elements are asked of the budget before they are rewritten")
  func budget() {
    expectFailure(.resourceLimit, "needs 16 bytes") { () throws(FormatError) in
      try IDX.decode(
        Self.file(0x0E, [2], [UInt8](repeating: 0, count: 16))[...],
        budget: MemoryBudget(limit: 15))
    }
  }

  @Test("found by its first bytes, its suffix and by the names of MNIST")
  func detection() throws {
    let bytes = Self.file(8, [2, 2], [1, 2, 3, 4])
    for name in ["a.idx", "train-images-idx3-ubyte", "t10k.idx1-ubyte", "plain"] {
      try folder.write(bytes, to: name)
      let file = try LoadedFile.load(folder.path(name), options: ReadOptions(budget: smallBudget))
      #expect(file.format == .idx && file.warnings.isEmpty, "\(name)")
      #expect(try file.array().doubles == [1, 2, 3, 4])
    }
    for (name, format) in [
      ("x-idx3-ubyte", FileFormat.idx), ("X.IDX2-INT", .idx), ("idx3-ubyte", .idx), ("a.idx", .idx),
    ] { #expect(FileFormat(suffixOf: name) == format, "\(name)") }
    for name in ["x-idx3-word", "x-idx-ubyte", "x-idx33-ubyte", "ubyte", "a.idx3"] {
      #expect(FileFormat(suffixOf: name) == nil, "\(name)")
    }
    try folder.write("1,2\n", to: "text-idx1-ubyte")
    expectFailure(.badData, "not an IDX file") { () throws(FormatError) in
      try LoadedFile.load(
        folder.path("text-idx1-ubyte"), options: ReadOptions(budget: smallBudget))
    }
    try folder.write(GoldenFiles.f8, to: "npy-idx1-ubyte")
    let odd = try LoadedFile.load(
      folder.path("npy-idx1-ubyte"), options: ReadOptions(budget: smallBudget))
    #expect(odd.warnings == ["the name is wrong: the file is read as .npy"])
  }

  @Test("a safetensors header whose length begins like IDX is safetensors")
  func safetensorsWithZeros() throws {
    // 0x080000 bytes of header: 00 00 08 00 in little-endian order.
    var header = [UInt8]("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: 0x08_0000 - header.count)
    try folder.write([0, 0, 8, 0, 0, 0, 0, 0] + header + [7], to: "plain")
    let file = try LoadedFile.load(folder.path("plain"), options: ReadOptions(budget: smallBudget))
    #expect(file.format == .safetensors)
    #expect(try file.array().doubles == [7])
  }

  @Test("IDX is not written, and that is said")
  func writing() {
    expectFailure(.usage, ".idx files are read, not written", "write .npy") {
      () throws(FormatError) in
      try FileFormat.forWriting("x.idx")
    }
    expectFailure(.usage, "not written") { () throws(FormatError) in
      try FileFormat.idx.encode(StoredArray([UInt8]([1]), shape: [1]))
    }
  }

  @Test func damage() {
    for file in [Self.file(8, [2, 3], [1, 2, 3, 4, 5, 6]), Self.file(0x0B, [1], [1, 2])] {
      expectSurvivesDamage(file) { bytes throws(FormatError) in
        _ = try IDX.decode(bytes, budget: smallBudget)
      }
    }
  }
}

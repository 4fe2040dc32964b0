import Tensors
import Testing

@testable import FileFormats

@Suite struct NpzTests {
  private let unlimited = MemoryBudget.unlimited()

  private func arrays(_ file: [UInt8]) throws(FormatError) -> [NamedArray] {
    try NpzFile(file[...]).arrays(budget: unlimited)
  }

  /// Where a little-endian number stands, `count` times or once.
  private func positions(of signature: UInt32, in file: [UInt8]) -> [Int] {
    (0...(file.count - 4)).filter { file[...].littleEndian($0, as: UInt32.self) == signature }
  }

  private let local: UInt32 = 0x0403_4B50
  private let record: UInt32 = 0x0201_4B50

  @Test func numpyArchives() throws {
    let plain = try arrays(GoldenFiles.npz)
    #expect(plain.map(\.name) == ["x", "y"])
    #expect(plain[0].array.doubles == [1, 2] && plain[1].array.dtype == .i16)
    let deflated = try arrays(GoldenFiles.npzDeflated)
    #expect(deflated[0].array.doubles == (0..<100).map(Double.init))
    #expect(try arrays(GoldenFiles.npzDescriptors)[0].array.doubles == [0, 1, 2])
  }

  @Test func roundTrip() throws {
    var items: [NamedArray] = []
    for (number, shape) in sampleShapes.enumerated() {
      items.append(NamedArray("a\(number)", .random(.f32, shape, seed: UInt64(number))))
    }
    items.append(NamedArray("größe", .random(.u8, [3], seed: 1)))
    let file = try NpzFile.encode(items).joined
    #expect(try arrays(file) == items)
    #expect(try NpzFile.encode(items).joined == file)
    #expect(try arrays(try NpzFile.encode([]).joined).isEmpty)
  }

  @Test func selection() throws {
    let file = try NpzFile(GoldenFiles.npz[...])
    #expect(try file.array("y", budget: unlimited).shape == [1, 1])
    #expect(try file.array("y.npy", budget: unlimited).shape == [1, 1])
    expectFailure(.usage, "no array 'z'", "x, y") { () throws(FormatError) in
      try file.array("z", budget: unlimited)
    }
  }

  @Test func badNamesAreNotWritten() {
    let one = StoredArray.f64([1], [1])
    expectFailure(.usage, "'a'") { () throws(FormatError) in
      try NpzFile.encode([NamedArray("a", one), NamedArray("a", one)])
    }
    expectFailure(.usage, "empty") { () throws(FormatError) in
      try NpzFile.encode([NamedArray("", one)])
    }
  }

  @Test func damagedArchives() throws {
    let good = GoldenFiles.npz
    let records = positions(of: record, in: good)
    let locals = positions(of: local, in: good)
    func expect(_ words: String, _ change: (inout [UInt8]) -> Void) {
      var file = good
      change(&file)
      expectFailure(.badData, words) { () throws(FormatError) in try arrays(file) }
    }
    expect("CRC") { $0[locals[1] - 1] ^= 1 }
    expect("method 12") { $0[records[0] + 10] = 12 }
    expect("encrypted") { $0[records[0] + 8] |= 1 }
    expect("encrypted") { $0[locals[0] + 6] |= 1 }
    expect("twice") { $0[records[1] + 46] = UInt8(ascii: "x") }
    expect("overlap") { file in
      for byte in 42..<46 { file[records[1] + byte] = file[records[0] + byte] }
    }
    expect("no entry stands") { $0[records[1] + 42] &+= 1 }
    expect("beyond its place") { $0[records[1] + 22] = 9 }
    expect("directory lies outside") { $0[$0.count - 4] = 0x7F }
    expect("no end record") { $0.removeLast(3) }
    expect("no end record") { $0.append(0) }
    expect("two sizes") { $0[records[0] + 24] ^= 1 }
    expect("damaged") { $0[records[1]] = 0 }
    expect("split") { $0[$0.count - 18] = 1 }
  }

  @Test func deflateIsBoundedByTheDeclaredSize() throws {
    let good = GoldenFiles.npzDeflated
    let entry = try #require(positions(of: record, in: good).first)
    func failing(_ kind: FormatError.Kind, _ words: String, size: UInt32, limit: Int = .max) {
      var file = good
      for byte in 0..<4 {
        file[entry + 24 + byte] = UInt8(truncatingIfNeeded: size >> UInt32(8 * byte))
      }
      expectFailure(kind, words) { () throws(FormatError) in
        try NpzFile(file[...]).arrays(budget: MemoryBudget(limit: limit))
      }
    }
    failing(.badData, "longer than declared", size: 100)
    failing(.badData, "another size", size: 5000)
    failing(.badData, "cannot hold", size: 0x7FFF_FFFF)
    failing(.resourceLimit, "'x.npy' unpacked", size: 928, limit: 900)
  }

  @Test func zip64NumbersAreRead() throws {
    // numpy.savez itself writes zip64 local headers; here the directory uses them too.
    var file = GoldenFiles.npz
    let entry = try #require(positions(of: record, in: file).last)
    let size = file[...].littleEndian(entry + 20, as: UInt32.self)
    let offset = file[...].littleEndian(entry + 42, as: UInt32.self)
    for position in [20, 24, 42] {
      for byte in 0..<4 { file[entry + position + byte] = 0xFF }
    }
    var extra: [UInt8] = []
    extra.appendLittleEndian(UInt16(1))
    extra.appendLittleEndian(UInt16(24))
    for number in [size, size, offset] { extra.appendLittleEndian(UInt64(number)) }
    let nameEnd = entry + 46 + Int(file[...].littleEndian(entry + 28, as: UInt16.self))
    file[entry + 30] = UInt8(extra.count)
    file.insert(contentsOf: extra, at: nameEnd)
    let end = file.count - 22
    file[end + 12] += UInt8(extra.count)
    #expect(try arrays(file) == arrays(GoldenFiles.npz))
  }

  @Test func damage() {
    for golden in [GoldenFiles.npz, GoldenFiles.npzDeflated, GoldenFiles.npzDescriptors] {
      expectSurvivesDamage(golden) { bytes throws(FormatError) in
        _ = try NpzFile(bytes).arrays(budget: smallBudget)
      }
    }
  }
}

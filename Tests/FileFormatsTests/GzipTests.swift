import TestSupport
import Tensors
import Testing

@testable import FileFormats

@Suite struct GzipTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// `a,b` and 200 lines `1,2`, by Python's gzip module.
  private static let golden = hex(
    "1f8b08000000000002ff4bd449e232d4311ac5a37814e3c000754d00cc24030000")

  private func unpacked(
    _ bytes: [UInt8], _ budget: MemoryBudget = smallBudget
  ) throws(FormatError) -> [UInt8] {
    try Gzip.unpacked(bytes[...], budget: budget)
  }

  private func load(_ name: String, _ bytes: [UInt8]) throws -> LoadedFile {
    try folder.write(bytes, to: name)
    return try LoadedFile.load(folder.path(name), options: ReadOptions(budget: smallBudget))
  }

  @Test func golden() throws {
    let text = [UInt8](("a,b\n" + String(repeating: "1,2\n", count: 200)).utf8)
    #expect(try unpacked(Self.golden) == text)
  }

  @Test("stored data of any size, members behind each other, padding")
  func members() throws {
    var random = SeededGenerator(seed: 5)
    for count in [0, 1, 2, 1000, 65_535, 65_536, 200_000] {
      let data = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let packed = GzipBytes.stored(data)
      #expect(try unpacked(packed) == data)
      #expect(try unpacked(packed + [0, 0, 0]) == data)
      #expect(try unpacked(packed + Self.golden + packed).count == 2 * count + 804)
    }
    let many = (0..<300).flatMap { GzipBytes.stored([UInt8(truncatingIfNeeded: $0)]) }
    #expect(try unpacked(many) == (0..<300).map { UInt8(truncatingIfNeeded: $0) })
  }

  @Test("a trailer that promises too little or too much is found out")
  func falseLength() {
    for byte in [0, 1, 255] as [UInt8] {
      var packed = Self.golden
      packed[packed.count - 3] = byte
      expectFailure(.badData, "the length does not match") { () throws(FormatError) in
        try unpacked(packed)
      }
    }
  }

  @Test func refusals() {
    var wrongCRC = Self.golden
    wrongCRC[wrongCRC.count - 8] ^= 1
    var wrongData = Self.golden
    wrongData[12] ^= 0x40
    let cases: [([UInt8], String)] = [
      (wrongCRC, "the CRC does not match"), (wrongData, "damaged"), ([0x1F, 0x8B], "cut"),
      (Self.golden + [1, 2], "2 bytes follow the gzip data"),
      (Self.golden + [0x1F, 0x8B, 8], "cut"), ([0x1F, 0x8B, 7, 0], "damaged"),
    ]
    for (bytes, words) in cases {
      expectFailure(.badData, words) { () throws(FormatError) in try unpacked(bytes) }
    }
    for length in 2..<Self.golden.count {
      expectFailure(.badData, "cut") { () throws(FormatError) in
        try unpacked(Array(Self.golden.prefix(length)))
      }
    }
  }

  @Test("a bomb meets the budget, whatever its trailer says")
  func bombs() {
    expectFailure(.resourceLimit, "the unpacked file", "does not fit") { () throws(FormatError) in
      try unpacked(Self.golden, MemoryBudget(limit: 500))
    }
    var liar = Self.golden
    (liar[liar.count - 4], liar[liar.count - 3]) = (1, 0)
    expectFailure(.resourceLimit, "does not fit") { () throws(FormatError) in
      try unpacked(liar, MemoryBudget(limit: 500))
    }
  }

  @Test("the suffix beneath counts; what the name does not say is a warning")
  func files() throws {
    let plain = try load("a.csv.gz", Self.golden)
    #expect(plain.format == .csv && plain.isGzip && plain.warnings.isEmpty)
    #expect(plain.byteCount == Self.golden.count)
    #expect(try plain.array().shape == [200, 2])
    #expect(try load("a.csv", Self.golden).warnings.count == 1)
    #expect(try load("plain", Self.golden).warnings.isEmpty)
    let npy = try load("b.npy.gz", GzipBytes.stored(GoldenFiles.f8))
    #expect(npy.format == .npy && npy.warnings.isEmpty)
    #expect(try load("c.npz.gz", GzipBytes.stored(GoldenFiles.npz)).format == .npz)
    let unpacked = try load("d.csv.gz", [UInt8]("1,2\n".utf8))
    #expect(unpacked.warnings == ["the suffix .gz is wrong: the file is not compressed"])
    for (bytes, words) in [
      (GzipBytes.stored(Self.golden), "gzip data again"), (GzipBytes.stored([]), "an empty file"),
      (Array(Self.golden.dropLast(9)), "cut"), (GzipBytes.stored([0xFF, 0xD8, 0xFF]), "JPEG"),
    ] {
      let path = try folder.write(bytes, to: "e.csv.gz")
      expectFailure(.badData, words) { () throws(FormatError) in
        try LoadedFile.load(path, options: ReadOptions(budget: smallBudget))
      }
    }
    try folder.write(GzipBytes.stored(GoldenFiles.npz), to: "f.npz.gz")
    let member = try LoadedFile.load(
      folder.path("f.npz.gz:y"), options: ReadOptions(budget: smallBudget))
    #expect(try member.array().shape == [1, 1])
  }

  @Test func damage() {
    expectSurvivesDamage(Self.golden) { bytes throws(FormatError) in
      if bytes.starts(with: Gzip.signature) {
        _ = try Gzip.unpacked(bytes, budget: smallBudget)
      }
    }
  }
}

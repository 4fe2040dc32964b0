import Glibc
import TestSupport
import Tensors
import Testing

@testable import FileFormats

@Suite struct LoadedFileTests {
  private let folder: TemporaryFolder
  private let options = ReadOptions(budget: .unlimited())

  init() throws { folder = try TemporaryFolder() }

  private func load(_ name: String, _ options: ReadOptions? = nil) throws(FormatError) -> LoadedFile
  {
    try LoadedFile.load(folder.path(name), options: options ?? self.options)
  }

  private let gray = Picture(
    width: 2, height: 1, layout: .gray, bitDepth: 8, samples: [0, 200])

  @Test(arguments: FileFormat.allCases.filter(\.isWritten))
  func everyFormatIsFoundByItsSuffixOrItsBytes(format: FileFormat) throws {
    let array = StoredArray([UInt8]([0, 200]), shape: [1, 2])
    let bytes = try format.encode(array).joined
    try folder.write(bytes, to: "x.\(format.rawValue)")
    let file = try load("x.\(format.rawValue)")
    #expect(file.format == format && file.warnings.isEmpty && file.byteCount == bytes.count)
    #expect(try file.array().doubles == [0, 200])
    try folder.write(bytes, to: "plain")
    let guessed = try load("plain")
    #expect(guessed.format == (format.isBinary || format == .mtx ? format : .txt))
    #expect(try guessed.array().doubles == [0, 200])
  }

  @Test func contradictionsWarn() throws {
    try folder.write(GoldenFiles.f8, to: "a.csv")
    let file = try load("a.csv")
    #expect(file.format == .npy)
    #expect(file.warnings == ["the suffix .csv is wrong: the file is read as .npy"])
    try folder.write(try PNG.encode(gray), to: "b.jpg")
    let picture = try load("b.jpg")
    #expect(picture.format == .png && picture.warnings.count == 1)
    try folder.write("1,2\n", to: "c.npy")
    expectFailure(.badData, "not a .npy file", "31 2c 32 0a") { () throws(FormatError) in
      try load("c.npy")
    }
    let forced = try load("c.npy", ReadOptions(format: .csv, budget: .unlimited()))
    #expect(try forced.array().doubles == [1, 2] && forced.warnings.isEmpty)
  }

  @Test(
    arguments: [
      ("photo.jpg", [0xFF, 0xD8, 0xFF, 0xE0], "convert it: magick photo.jpg photo.png"),
      ("photo", [0xFF, 0xD8, 0xFF, 0xE0], "convert it: magick photo photo.png"),
      ("a.webp", [1, 2, 3], "magick a.webp a.png"), ("a.gif", [1], "magick a.gif a.png"),
      ("a.tiff", [1], "magick"), ("a.bmp", [1], "magick"), ("a.b.pt", [1], "'a.b.safetensors'"),
      ("m.pth", [0x50, 0x4B, 3, 4], "torch.load('m.pth'"), ("m.mat", [1], "scipy.io"),
      ("m.h5", [1], "h5py.File('m.h5')"), ("m.hdf5", [1], "h5py"),
      ("x.csv.gz", [0x1F, 0x8B, 8], "cut"), ("x.jpg.gz", [1, 2], "magick x.jpg x.png"),
      ("x.bin", [0, 1, 2, 3], "--input-format"),
    ] as [(String, [UInt8], String)])
  func foreignFiles(name: String, bytes: [UInt8], words: String) throws {
    try folder.write(bytes, to: name)
    expectFailure(.badData, words) { () throws(FormatError) in try load(name) }
  }

  @Test func pathsThatCannotBeRead() throws {
    for (path, kind, words) in [
      ("", FormatError.Kind.noInput, "empty"), (folder.path("none"), .noInput, "no such file"),
      (folder.path, .noInput, "directory"), (folder.path("none/x.npy"), .noInput, "no such file"),
      (folder.path(String(repeating: "x", count: 300)), .noInput, "no such file"),
      ("/proc/self/mem", .inputOutput, "reading failed"),
    ] {
      expectFailure(kind, words) { () throws(FormatError) in
        try LoadedFile.load(path, options: options)
      }
    }
    try folder.write([], to: "empty.npy")
    expectFailure(.badData, "empty") { () throws(FormatError) in try load("empty.npy") }
    try folder.write(GoldenFiles.f8, to: "f.npy")
    expectFailure(.noInput, "no such file") { () throws(FormatError) in try load("f.npy/x") }
    expectFailure(.resourceLimit, "the file", "177 bytes") { () throws(FormatError) in
      try load("f.npy", ReadOptions(budget: MemoryBudget(limit: 100)))
    }
  }

  @Test func members() throws {
    try folder.write(GoldenFiles.npz, to: "a.npz")
    #expect(try load("a.npz:y").array().shape == [1, 1])
    #expect(try load("a.npz:y.npy").array().shape == [1, 1])
    expectFailure(.usage, "no array 'z' (x, y)") { () throws(FormatError) in try load("a.npz:z") }
    expectFailure(.usage, "2 arrays (x, y)", "FILE:x") { () throws(FormatError) in
      try load("a.npz").array()
    }
    guard case .archive(let arrays) = try load("a.npz").content else {
      Issue.record("no archive")
      return
    }
    #expect(arrays.map(\.name) == ["x", "y"])
    // A file of the full name wins.
    try folder.write(GoldenFiles.scalarI8, to: "a.npz:x")
    #expect(try load("a.npz:x").array().doubles == [-7])
    try folder.write(
      SafetensorsFile(
        tensors: [NamedArray("a:b", .f64([4], [1]))], metadata: ["m": "n"]
      ).encode().joined, to: "s.safetensors")
    #expect(try load("s.safetensors:a:b").array().doubles == [4])
    #expect(try load("s.safetensors").array().doubles == [4])
    #expect(try load("s.safetensors").metadata == ["m": "n"])
    try folder.write(GoldenFiles.f8, to: "f.npy")
    expectFailure(.usage, "holds one array") { () throws(FormatError) in try load("f.npy:x") }
    let missing = InputPath.parse(folder.path("no.npz:x"))
    #expect(missing == InputPath(path: folder.path("no.npz"), member: "x"))
    #expect(InputPath.parse("-:x") == InputPath(path: "-", member: "x"))
    #expect(InputPath.parse("-") == InputPath(path: "-"))
    #expect(InputPath.parse("no:such").member == nil)
  }

  @Test func emptyArchives() throws {
    try folder.write(try NpzFile.encode([]).joined, to: "e.npz")
    expectFailure(.badData, "no array") { () throws(FormatError) in try load("e.npz").array() }
  }

  @Test func pipesAreReadToTheEnd() throws {
    let path = folder.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    // Larger than any pipe buffer, so that several reads and a growing buffer are needed.
    let array = StoredArray.random(.f64, [300, 301], seed: 2)
    let content = try Npy.encode(array)
    let writer = try Thread {
      let descriptor = open(path, O_WRONLY)
      defer { close(descriptor) }
      #expect(throws: Never.self) { try CheckedWrite.write(content, to: descriptor) }
    }
    let file = try LoadedFile.load(path, options: options)
    writer.join()
    #expect(try file.array() == array)
  }

  @Test func pictures() throws {
    for layout in Picture.Layout.allCases {
      for depth in [8, 16] {
        let samples = (0..<6 * layout.channels).map { UInt16($0 * (depth == 8 ? 3 : 700)) }
        let picture = Picture(
          width: 3, height: 2, layout: layout, bitDepth: depth, samples: samples)
        let array = StoredArray(picture)
        #expect(array.shape.rank == (layout == .gray ? 2 : 3))
        #expect(try array.picture() == picture)
      }
    }
    expectFailure(.usage, "f64 numbers cannot be stored in a PNG") { () throws(FormatError) in
      try FileFormat.png.encode(.f64([1], [1, 1]))
    }
    expectFailure(.usage, "no picture") { () throws(FormatError) in
      try FileFormat.png.encode(.init([UInt8]([1]), shape: [1]))
    }
  }
}

import FileFormats
import Tensors
import TestSupport
import Testing

/// A damaged file and what the program must say about it: the table of "Bad input".
struct BadFile: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  let words: String
  var status = 65

  var testDescription: String { "\(name): \(words)" }

  /// Every row of class "data", format by format.
  static let all = npy + npz + text + matrixMarket + idx + gzip + safetensors + png + foreign

  private static func npy(
    _ header: String, _ words: String, data: [UInt8] = [UInt8](repeating: 0, count: 32),
    version: [UInt8] = [1, 0], length: UInt32? = nil
  ) -> BadFile {
    let size = length ?? UInt32(header.utf8.count)
    let field = (0..<(version[0] == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
    let bytes = [0x93] + [UInt8]("NUMPY".utf8) + version + field + [UInt8](header.utf8) + data
    return BadFile(name: "bad.npy", bytes: bytes, words: words)
  }

  private static let good = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}"

  private static func shape(_ shape: String) -> String {
    "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape)}"
  }

  private static func type(_ descr: String) -> String {
    "{'descr': \(descr), 'fortran_order': False, 'shape': (2, 2)}"
  }

  private static let npy: [BadFile] = [
    BadFile(name: "bad.npy", bytes: [], words: "empty"),
    BadFile(name: "bad.npy", bytes: [0x93, 0x4E], words: "not a .npy file"),
    npy(good, "header is cut", data: [], length: 500),
    npy(good, "4294967280", version: [2, 0], length: 0xFFFF_FFF0),
    npy(good, "version 2.1", version: [2, 1]),
    npy("{'descr': '<f8', 'fortran_order': False}", "'shape' is missing"),
    npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), 'x': 1}", "'x' is unknown"),
    npy("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}", "twice"),
    npy(type("'|O'"), "Python objects"), npy(type("[('a', '<f8')]"), "structured"),
    npy(type("'<U5'"), "text"), npy(type("'<c16'"), "complex"),
    npy(shape("(-1, 2)"), "negative"), npy(shape("(99999999999999999999, 1)"), "overflows"),
    npy(shape("(4294967296, 4294967296)"), "more elements"),
    npy(shape("(1024, 1024, 939524)"), "short"),
    npy(good, "short (found 31 bytes", data: [UInt8](repeating: 0, count: 31)),
    npy(good, "1 bytes follow", data: [UInt8](repeating: 0, count: 33)),
  ]

  /// A sound archive of two arrays, damaged.
  private static func npz(_ words: String, _ damage: (inout [UInt8], ZipPositions) -> Void)
    -> BadFile
  {
    let one = StoredArray(Tensor([2, 2], [1.0, 2, 3, 4]))
    let sound = try? NpzFile.encode([NamedArray("x", one), NamedArray("y", one)]).joined
    var bytes = sound ?? []
    damage(&bytes, ZipPositions(bytes))
    return BadFile(name: "bad.npz", bytes: bytes, words: words)
  }

  private static let npz: [BadFile] = [
    npz("CRC") { $0[$1.locals[1] - 1] ^= 1 },
    npz("method 12") { $0[$1.records[0] + 10] = 12 },
    npz("encrypted") { $0[$1.records[0] + 8] |= 1 },
    npz("twice") { $0[$1.records[1] + 46] = UInt8(ascii: "x") },
    npz("overlap") { bytes, at in
      for byte in 42..<46 { bytes[at.records[1] + byte] = bytes[at.records[0] + byte] }
    },
    npz("no end record") { bytes, _ in bytes.removeLast(3) },
  ]

  private static func text(_ text: String, _ words: String, _ name: String = "bad.csv") -> BadFile {
    BadFile(name: name, bytes: [UInt8](text.utf8), words: words)
  }

  private static let text: [BadFile] = [
    text("", "empty"), text("\n# nothing\n", "no numbers"), text("a,b\n", "no numbers"),
    text("1,2\n3\n", "line 2: the row has 1 columns"), text("1,2\n3,x\n", "line 2, column 2: 'x'"),
    text("1,2\n,4\n", "line 2, column 1: the cell is empty"),
    text("1,5;2,5\n", "decimal commas"), text("1,2\n1e400,3\n", "line 2, column 1: 1e400"),
    text("1,2\n3,\"4\n", "quote is not closed"), text("1\t2\n3\n", "line 2", "bad.tsv"),
    text("1 2\n3\n", "line 2", "bad.txt"), text("1 2\n3\n", "line 2", "bad"),
    BadFile(name: "bad.csv", bytes: [0x31, 0x0A, 0x32, 0, 0x0A], words: "a NUL byte"),
    BadFile(name: "bad.csv", bytes: [0x31, 0x0A, 0xE9, 0x0A], words: "0xe9 is not UTF-8"),
    BadFile(name: "bad.csv", bytes: [0xFF, 0xFE, 0x31, 0], words: "UTF-16"),
  ]

  private static func mtx(_ text: String, _ words: String) -> BadFile {
    BadFile(name: "bad.mtx", bytes: [UInt8](("%%MatrixMarket matrix " + text).utf8), words: words)
  }

  private static let matrixMarket: [BadFile] = [
    text("1 2\n", "%%MatrixMarket", "bad.mtx"), mtx("array complex general\n", "complex"),
    mtx("heap real general\n", "heap"), mtx("array real odd\n", "odd"),
    mtx("coordinate real general\n2 2 1\n0 1 1\n", "row index 0"),
    mtx("coordinate real general\n2 2 1\n1 3 1\n", "column index 3"),
    mtx("coordinate real general\n2 2 2\n1 1 1\n", "after 1 entries"),
    mtx("coordinate real general\n2 2 1\n1 1 1\n2 2 1\n", "more entries"),
    mtx("array real symmetric\n2 3\n1\n", "not square"),
    mtx("array real general\n9999999999 9999999999\n1\n", "more elements"),
  ]

  private static func idx(
    _ type: UInt8, _ sizes: [UInt32], data: Int, _ words: String
  ) -> BadFile {
    let header = [0, 0, type, UInt8(sizes.count)] + sizes.flatMap(PNGBytes.bigEndian)
    return BadFile(
      name: "bad-idx3-ubyte", bytes: header + [UInt8](repeating: 1, count: data), words: words)
  }

  private static let idx: [BadFile] = [
    idx(7, [2, 2], data: 4, "type byte 0x07"), idx(8, [2, 2], data: 3, "short (found 3 bytes"),
    idx(8, [2, 2], data: 5, "1 bytes follow"),
    idx(8, [.max, .max, .max], data: 1, "more elements"),
    BadFile(name: "bad.idx", bytes: [0, 0, 8], words: "header is cut"),
    BadFile(name: "bad.idx", bytes: [0, 0, 8, 200, 0], words: "200 axes need 804"),
    BadFile(name: "bad.idx", bytes: [UInt8]("1,2\n".utf8), words: "not an IDX file"),
  ]

  private static let soundGzip = GzipBytes.stored([UInt8]("1,2\n3,4\n".utf8))

  private static let gzip: [BadFile] = [
    BadFile(name: "bad.csv.gz", bytes: Array(soundGzip.dropLast(3)), words: "gzip data is cut"),
    BadFile(
      name: "bad.csv.gz", bytes: soundGzip.enumerated().map { $0 == 16 ? $1 ^ 1 : $1 },
      words: "the CRC does not match"),
    BadFile(name: "bad.csv.gz", bytes: soundGzip + [7], words: "1 bytes follow"),
    BadFile(name: "bad.csv.gz", bytes: GzipBytes.stored(soundGzip), words: "gzip data again"),
    BadFile(
      name: "bad.csv.gz", bytes: GzipBytes.stored([UInt8]("1,2\n3\n".utf8)),
      words: "line 2: the row has 1 columns"),
    BadFile(
      name: "bad.npy.gz", bytes: GzipBytes.stored([UInt8]("1,2\n".utf8)),
      words: "not a .npy file"),
  ]

  private static func safetensors(_ header: String, data: Int, _ words: String) -> BadFile {
    let count = header.utf8.count
    let field = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    let bytes = field + [UInt8](header.utf8) + [UInt8](repeating: 0, count: data)
    return BadFile(name: "bad.safetensors", bytes: bytes, words: words)
  }

  private static func tensor(_ name: String, _ start: Int, _ end: Int) -> String {
    "\"\(name)\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[\(start),\(end)]}"
  }

  private static let safetensors: [BadFile] = [
    safetensors("{\(tensor("a", 0, 2)),\(tensor("b", 1, 3))}", data: 3, "overlap"),
    safetensors("{\(tensor("a", 0, 2)),\(tensor("b", 3, 5))}", data: 5, "hole"),
    safetensors("{\(tensor("a", 0, 2)),\(tensor("a", 2, 4))}", data: 4, "twice"),
    safetensors("{\(tensor("a", 0, 2))}", data: 1, "outside the file"),
    safetensors("{\(tensor("a", 0, 2))}", data: 9, "7 bytes follow"),
    safetensors("{", data: 0, "JSON"),
    BadFile(
      name: "bad.safetensors", bytes: [UInt8](repeating: 0xFF, count: 8) + [0x7B],
      words: "exceeds the limit"),
    BadFile(name: "bad.safetensors", bytes: [1, 2, 3], words: "cut"),
  ]

  private static let soundPNG = PNGBytes.file(
    width: 2, height: 2, depth: 8, colorType: 0, rows: [[0, 1, 2], [0, 3, 4]])

  private static let png: [BadFile] = [
    BadFile(name: "bad.png", bytes: Array(soundPNG.dropLast(20)), words: "the file ends"),
    BadFile(name: "bad.png", bytes: Array(soundPNG.prefix(5)), words: "not a .png file"),
    BadFile(
      name: "bad.png", bytes: soundPNG.enumerated().map { $0 == 30 ? $1 ^ 1 : $1 }, words: "CRC"),
    BadFile(
      name: "bad.png",
      bytes: PNGBytes.file(width: 0, height: 1, depth: 8, colorType: 0, rows: [[0]]),
      words: "width is zero"),
    BadFile(
      name: "bad.png",
      bytes: PNGBytes.file(
        width: 1_000_000, height: 1_000_000, depth: 8, colorType: 0, rows: [[0]]),
      words: "does not fit in memory", status: 71),
  ]

  private static let foreign: [BadFile] = [
    BadFile(
      name: "photo.jpg", bytes: [0xFF, 0xD8, 0xFF, 0xE0], words: "magick photo.jpg photo.png"),
    BadFile(name: "photo.gif", bytes: [UInt8]("GIF89a".utf8), words: "magick photo.gif"),
    BadFile(name: "m.pt", bytes: [0x50, 0x4B, 3, 4, 0, 0], words: "m.safetensors"),
    BadFile(name: "m.mat", bytes: [UInt8]("MATLAB 5.0".utf8), words: "scipy.io"),
    BadFile(name: "m.h5", bytes: [0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10], words: "h5py"),
    BadFile(name: "bad.bin", bytes: [0, 1, 2, 3], words: "00 01 02 03"),
    BadFile(name: "bad.png", bytes: [UInt8]("hello".utf8), words: "not a .png file"),
  ]
}

/// Where the entries of a zip archive stand.
struct ZipPositions {
  let locals: [Int]
  let records: [Int]

  init(_ bytes: [UInt8]) {
    func positions(of signature: [UInt8]) -> [Int] {
      guard bytes.count >= 4 else { return [] }
      return (0...bytes.count - 4).filter { bytes[$0..<$0 + 4].elementsEqual(signature) }
    }
    locals = positions(of: [0x50, 0x4B, 3, 4])
    records = positions(of: [0x50, 0x4B, 1, 2])
  }
}

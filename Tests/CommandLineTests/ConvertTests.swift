import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// `info` and `convert`.
@Suite("Looking at and converting files")
struct ConvertTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.writeMatrix([1, -2.5, 1e-300, 0.1, 3e100, 6], 2, 3, to: "a.npy")
  }

  @Test(
    "from every format to every format, the numbers stay",
    arguments: ["npy", "npz", "csv", "tsv", "txt", "mtx", "safetensors"],
    ["npy", "npz", "csv", "tsv", "txt", "mtx", "safetensors"])
  func allPairs(from: String, to: String) throws {
    try command.succeed("convert a.npy b.\(from)")
    let result = try command.succeed("convert b.\(from) c.\(to)")
    #expect(result.output.isEmpty && result.error.isEmpty)
    try command.succeed("convert c.\(to) d.npy")
    #expect(try command.readArray("d.npy") == command.readArray("a.npy"))
    let detected = try command.run("info - --format json", input: command.folder.read("b.\(from)"))
    #expect(detected.status == 0, "\(from) is found by its content: \(detected.error)")
  }

  @Test("types are kept where the format has them")
  func types() throws {
    let samples = StoredArray([UInt8]([1, 2, 3, 255]), shape: [2, 2])
    try command.folder.write(Npy.encode(samples).joined, to: "u.npy")
    for suffix in ["npz", "safetensors", "png"] {
      try command.succeed("convert u.npy u.\(suffix)")
      #expect(try command.rows("info u.\(suffix)")[0]["dtype"] == .string("u8"), "\(suffix)")
      try command.succeed("convert u.\(suffix) v.npy")
      #expect(try command.folder.read("v.npy") == command.folder.read("u.npy"))
    }
  }

  @Test("IDX is read, also packed, and not written")
  func idx() throws {
    let bytes: [UInt8] = [0, 0, 0x0B, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 0xFF, 0xFF]
    try command.folder.write(bytes, to: "t10k-images-idx2-short")
    try command.folder.write(GzipBytes.stored(bytes), to: "t10k-images-idx2-short.gz")
    for name in ["t10k-images-idx2-short", "t10k-images-idx2-short.gz"] {
      let row = try command.rows("info \(name)")[0]
      #expect(row["file_format"] == .string("idx") && row["dtype"] == .string("i16"))
      #expect(row["shape"] == .array([.integer(2), .integer(1)]) && row.number("max") == 258)
      #expect(row.integer("file_bytes") == (try command.folder.read(name).count))
      #expect(row["details"] == (name.hasSuffix(".gz") ? .string("gzip") : .null))
      let result = try command.succeed("convert \(name) x.npy")
      #expect(result.error.isEmpty)
      #expect(try command.readArray("x.npy").elements == [258, -1])
    }
    try command.expectRefusal(
      "convert x.npy y.idx", status: 64, "y.idx: .idx files are read, not written; write .npy")
    try command.expectRefusal(
      "convert x.npy y.npy --output-format idx", status: 64, "read, not written")
    try command.expectRefusal(
      "svd-compress a.npy --rank 1 -o y-idx2-ubyte", status: 64, "read, not written")
  }

  @Test("every format is read packed; the budget holds for what is unpacked")
  func gzip() throws {
    for suffix in ["npy", "npz", "csv", "mtx", "safetensors"] {
      try command.succeed("convert a.npy b.\(suffix)")
      let packed = GzipBytes.stored(try command.folder.read("b.\(suffix)"))
      try command.folder.write(packed, to: "b.\(suffix).gz")
      let result = try command.succeed("convert b.\(suffix).gz c.npy")
      #expect(result.error.isEmpty)
      #expect(try command.readArray("c.npy") == command.readArray("a.npy"))
      let piped = try command.run("info - --format json", input: packed)
      #expect(piped.status == 0, "\(piped.error)")
    }
    let text = [UInt8](String(repeating: "1\n", count: 30_000).utf8)
    try command.folder.write(GzipBytes.stored(text), to: "long.csv.gz")
    try command.expectRefusal(
      "info long.csv.gz --max-memory 100k", status: 71, "long.csv.gz", "the unpacked file")
    try command.folder.write(GzipBytes.stored([UInt8]("1,2\n".utf8)), to: "odd.csv")
    let warned = try command.succeed("info odd.csv")
    #expect(warned.error.contains("warning: odd.csv: the file is gzip data"))
  }

  @Test("archives pass whole, or one array of them")
  func archives() throws {
    try command.succeed("svd a.npy -o f.npz")
    try command.succeed("convert f.npz f.safetensors")
    try command.succeed("convert f.safetensors g.npz")
    #expect(try command.folder.read("g.npz") == command.folder.read("f.npz"))
    try command.succeed("convert f.npz:s s.csv")
    let rows = try command.rows("info f.npz")
    #expect(rows.map { $0["file"]?.stringValue } == ["f.npz:U", "f.npz:s", "f.npz:Vt"])
    try command.expectRefusal(
      "convert f.npz all.npy", status: 64, "3 arrays", ".npz or .safetensors")
    try command.expectRefusal("convert f.npz all.png", status: 64, "3 arrays")
  }

  @Test("statistics of info")
  func statistics() throws {
    try command.writeArray([1, .nan, -3, .infinity, 5, 5], [3, 2], to: "n.npy")
    let row = try command.rows("info n.npy")[0]
    #expect(row.number("min") == -3 && row.number("max") == 5 && row.number("mean") == 2)
    #expect(row.integer("non_finite") == 2 && row["shape"] == .array([.integer(3), .integer(2)]))
    #expect(row.integer("file_bytes") == (try command.folder.read("n.npy").count))
    try command.writeArray([.nan], [1], to: "n.npy")
    #expect(try command.rows("info n.npy")[0]["mean"] == .null)
    try command.writeArray([], [0, 3], to: "n.npy")
    #expect(try command.rows("info n.npy")[0]["min"] == .null)
    try command.writeArray([7], [], to: "n.npy")
    #expect(try command.rows("info n.npy")[0]["shape"] == .array([]))
  }

  @Test("integers beyond 2^53 stay whole")
  func largeIntegers() throws {
    let bytes = [UInt8](repeating: 0xFF, count: 8) + [1, 0, 0, 0, 0, 0, 0x20, 0]
    let array = StoredArray(dtype: .u64, shape: [2], bytes: bytes[...])
    try command.folder.write(Npy.encode(array).joined, to: "u.npy")
    let text = try command.succeed("info u.npy").output
    #expect(text.contains("18446744073709551615") && text.contains("9007199254740993"), "\(text)")
  }

  @Test("info stops at the first file that is wrong and prints nothing")
  func firstFailure() throws {
    try command.expectRefusal("info a.npy missing.npy", status: 66, "missing.npy: no such file")
  }

  @Test("reading options")
  func reading() throws {
    try command.folder.write("x|y\n1|2\n3|4\n", to: "t.csv")
    let row = try command.rows("info t.csv --delimiter | --header yes")[0]
    #expect(row["shape"] == .array([.integer(2), .integer(2)]))
    try command.expectRefusal("info t.csv --header no", status: 65, "t.csv: ")
    try command.folder.write("1 2\n3 4\n", to: "odd.npy")
    try command.expectRefusal("info odd.npy", status: 65, "not a .npy file")
    #expect(try command.rows("info odd.npy --input-format txt").count == 1)
    try command.expectRefusal("info a.npy --input-format png", status: 65, "a.npy: ")
    try command.expectRefusal("info a.npy --input-format csv", status: 65, "a.npy: ")
  }

  @Test("an APNG gives its first frame and says so; odd chunks are passed over")
  func animated() throws {
    try command.folder.write(
      PNGBytes.file(
        width: 2, height: 1, depth: 8, colorType: 0,
        chunks: [("acTL", [0, 0, 0, 2, 0, 0, 0, 0])], rows: [[0, 1, 2]]), to: "p.png")
    let result = try command.succeed("info p.png")
    #expect(result.error.contains("warning: p.png: ") && result.error.contains("APNG"))
    try command.folder.write(
      PNGBytes.file(
        width: 2, height: 1, depth: 8, colorType: 0,
        chunks: [("prVt", [UInt8](repeating: 7, count: 60_000))], rows: [[0, 1, 2]]), to: "p.png")
    #expect(try command.rows("info p.png")[0].number("max") == 2)
  }
}

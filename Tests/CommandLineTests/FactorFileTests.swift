import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// Factor files: what they hold, what they expand to, and damaged ones.
@Suite("Factor files")
struct FactorFileTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.copyGaussian()
  }

  private func file(_ name: String = "f.safetensors") throws -> SafetensorsFile {
    try SafetensorsFile(command.folder.read(name)[...])
  }

  @Test(
    "names, shapes and types of the tensors",
    arguments: [("f16", DType.f16, DType.f32), ("f32", .f32, .f32), ("f64", .f64, .f64)])
  func layout(name: String, vectors: DType, values: DType) throws {
    try command.writePicture(.rgba, to: "p.png")
    let document = try command.document(
      "svd-compress p.png --rank 3 --factors f.safetensors --factor-dtype \(name)")
    let file = try file()
    #expect(
      Set(file.tensors.map(\.name))
        == ["c0.U", "c0.s", "c0.Vt", "c1.U", "c1.s", "c1.Vt", "c2.U", "c2.s", "c2.Vt", "alpha"])
    for channel in 0..<3 {
      let (u, s, vt) = (
        try file.array("c\(channel).U"), try file.array("c\(channel).s"),
        try file.array("c\(channel).Vt")
      )
      #expect(u.shape == [20, 3] && s.shape == [3] && vt.shape == [3, 24])
      #expect(u.dtype == vectors && vt.dtype == vectors && s.dtype == values)
      // The largest entry of each left vector is positive.
      let entries = u.tensor(as: Double.self).elements
      for k in 0..<3 {
        let column = (0..<20).map { entries[$0 * 3 + k] }
        #expect((column.max() ?? 0) >= -(column.min() ?? 0))
      }
    }
    let alpha = try file.array("alpha")
    #expect(alpha.dtype == .u8 && alpha.shape == [20, 24])
    #expect(file.metadata["shape"] == "20x24" && file.metadata["dtype"] == "f64")
    let row = try #require(document["rows"]?.arrayValue?.first?.objectValue)
    let payload = file.tensors.filter { $0.name != "alpha" }.reduce(0) { $0 + $1.array.bytes.count }
    #expect(row.integer("factor_bytes") == payload)
    let size = try command.folder.read("f.safetensors").count
    #expect(document.notes.contains("f.safetensors takes \(size.formattedInGroups) B"))
  }

  @Test(
    "a matrix comes back as well as the factors' precision allows",
    arguments: [("f16", 2e-3), ("f32", 1e-6), ("f64", 1e-14)])
  func matrix(name: String, tolerance: Double) throws {
    let line =
      "svd-compress g.npy --rank 40 -o b.npy --factors f.safetensors --factor-dtype \(name)"
    let notes = try command.document(line).notes
    #expect(notes.contains { $0.hasPrefix("stored as \(name)") } == (name != "f64"), "\(notes)")
    let rows = try command.rows("svd-expand f.safetensors -o c.npy")
    #expect(rows[0].integer("rank") == 40 && rows[0].integer("stored_numbers") == 40 * 225)
    let (b, c) = (try command.readArray("b.npy"), try command.readArray("c.npy"))
    #expect(c.shape == b.shape)
    let norm = b.elements.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
    let difference = zip(b.elements, c.elements).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(difference.squareRoot() <= tolerance * norm)
  }

  @Test("a float file keeps its precision, --dtype changes it")
  func precision() throws {
    try command.folder.write(
      Npy.encode(StoredArray(Tensor<Float>([3, 2], [4, 0, 3, -5, 0, 3]))).joined, to: "a.npy")
    let line = "svd-compress a.npy --rank 1 --factors f.safetensors -o b.npy"
    #expect(try command.document(line)["dtype"] == .string("f32"))
    #expect(try file().array("c0.U").dtype == .f32)
    #expect(try Npy.decode(command.folder.read("b.npy")[...], budget: .unlimited()).dtype == .f32)
    #expect(try command.document("svd-expand f.safetensors -o b.npy")["dtype"] == .string("f32"))
    let wide = try command.document("svd-expand f.safetensors -o b.npy --dtype f64")
    #expect(wide["dtype"] == .string("f64"))
    #expect(try Npy.decode(command.folder.read("b.npy")[...], budget: .unlimited()).dtype == .f64)
    #expect(try command.document("\(line) --dtype f64")["dtype"] == .string("f64"))
  }

  @Test("--rank expands fewer triples: what svd-compress gives at that rank")
  func fewer() throws {
    try command.succeed(
      "svd-compress g.npy --method exact --rank 40 --factors f.safetensors --factor-dtype f64")
    for rank in [1, 7, 40] {
      try command.succeed("svd-compress g.npy --method exact --rank \(rank) -o b.npy")
      #expect(try command.rows("svd-expand f.safetensors --rank \(rank) -o c.npy").count == 1)
      let (b, c) = (try command.readArray("b.npy"), try command.readArray("c.npy"))
      #expect(zip(b.elements, c.elements).allSatisfy { abs($0 - $1) < 1e-12 })
    }
    for rank in ["41", "0", "-1"] {
      try command.expectRefusal(
        "svd-expand f.safetensors --rank \(rank) -o c.npy", status: 64, rank)
    }
    try command.expectRefusal(
      "svd-expand f.safetensors -o c.xyz", status: 64, "svd-expand: c.xyz: the suffix .xyz")
    try command.expectRefusal("svd-expand f.safetensors:c0.U -o c.npy", status: 64, "whole factor")
  }

  @Test("other outputs of an expansion", arguments: ["csv", "mtx", "npz", "safetensors", "tsv"])
  func formats(suffix: String) throws {
    try command.succeed("svd-compress g.npy --rank 5 --factors f.safetensors -o b.\(suffix)")
    try command.succeed("svd-expand f.safetensors -o c.\(suffix)")
    #expect(try command.folder.read("b.\(suffix)") == command.folder.read("c.\(suffix)"))
    let row = try command.rows("info c.\(suffix)")[0]
    #expect(
      row["shape"] == .array([.integer(128), .integer(96)]) && row["dtype"] == .string("f64"))
  }

  /// Ways to spoil a sound file of a picture with alpha.
  static let damages:
    [(
      name: String, words: String,
      change: @Sendable (inout [String: StoredArray], inout [String: String]) -> Void
    )] = [
      ("no format", "no factor file", { _, texts in texts["format"] = nil }),
      ("no tensors", "c0.U", { arrays, _ in arrays = [:] }),
      ("no singular values", "c0.s", { arrays, _ in arrays["c0.s"] = nil }),
      ("no right vectors", "c0.Vt", { arrays, _ in arrays["c0.Vt"] = nil }),
      (
        "too few singular values", "c0",
        { arrays, _ in arrays["c0.s"] = .init(Tensor<Float>([2], [2, 1])) }
      ),
      ("one channel too few", "do not fit", { arrays, _ in arrays["c2.U"] = nil }),
      (
        "a channel of another rank", "c1",
        { arrays, _ in
          arrays["c1.s"] = .init(Tensor<Float>([1], [1]))
          arrays["c1.U"] = .init(Tensor<Float>.zeros([20, 1]))
          arrays["c1.Vt"] = .init(Tensor<Float>.zeros([1, 24]))
        }
      ),
      ("no alpha", "alpha", { arrays, _ in arrays["alpha"] = nil }),
      (
        "alpha of another type", "alpha",
        { arrays, _ in arrays["alpha"] = .init([UInt16](repeating: 0, count: 480), shape: [20, 24])
        }
      ),
      ("another shape", "shape", { _, texts in texts["shape"] = "21x24" }),
      ("a shape that is none", "shape", { _, texts in texts["shape"] = "20" }),
      ("an enormous shape", "shape", { _, texts in texts["shape"] = "2000000000x2000000000" }),
      ("an unknown layout", "layout", { _, texts in texts["layout"] = "cmyk" }),
      ("an unknown depth", "bit_depth", { _, texts in texts["bit_depth"] = "12" }),
      ("an unknown mode", "channels", { _, texts in texts["channels"] = "mixed" }),
      (
        "not finite", "not finite",
        { arrays, _ in
          arrays["c0.s"] = .init(Tensor<Float>([3], [.infinity, 1, 1]))
        }
      ),
      (
        "NaN", "not finite",
        { arrays, _ in
          arrays["c0.U"] = .init(Tensor<Float>(repeating: .nan, [20, 3]))
        }
      ),
    ]

  @Test("damaged factor files are bad data", arguments: damages.indices)
  func damaged(index: Int) throws {
    let damage = Self.damages[index]
    try command.writePicture(.rgba, to: "p.png")
    try command.succeed("svd-compress p.png --rank 3 --factors f.safetensors")
    let sound = try file()
    var arrays: [String: StoredArray] = [:]
    for tensor in sound.tensors { arrays[tensor.name] = tensor.array }
    var texts = sound.metadata
    damage.change(&arrays, &texts)
    let spoiled = SafetensorsFile(
      tensors: arrays.sorted { $0.key < $1.key }.map { NamedArray($0.key, $0.value) },
      metadata: texts)
    try command.folder.write(spoiled.encode().joined, to: "bad.safetensors")
    for output in ["q.png", "q.npy"] {
      try command.expectRefusal(
        "svd-expand bad.safetensors -o \(output)", status: 65, "bad.safetensors: ", damage.words)
    }
  }

  @Test("a factor file cut anywhere is bad data")
  func cut() throws {
    try command.succeed("svd-compress g.npy --rank 1 --factors f.safetensors")
    let bytes = try command.folder.read("f.safetensors")
    for count in [0, 7, 8, 50, 300, bytes.count - 1] {
      try command.folder.write(Array(bytes[..<count]), to: "cut.safetensors")
      try command.expectRefusal(
        "svd-expand cut.safetensors -o b.npy", status: 65, "cut.safetensors: ")
    }
  }
}

extension Int {
  /// `205,000`
  fileprivate var formattedInGroups: String {
    self < 1000
      ? String(self)
      : (self / 1000).formattedInGroups + "," + String(String(self % 1000 + 1000).dropFirst())
  }
}

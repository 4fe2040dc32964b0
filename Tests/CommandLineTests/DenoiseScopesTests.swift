import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// Whole matrices or blocks, channels, precision, and what must not change from run to run.
@Suite("Denoising: scopes")
struct DenoiseScopesTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.writeNoisy(50, 41)
    try command.writePicture(.rgb, width: 48, height: 40, to: "p.png")
    try command.writePicture(width: 48, height: 40, to: "g.png")
  }

  private func scopes(_ line: String) throws -> [String] {
    try command.rows("denoise \(line)").map { $0["scope"]?.stringValue ?? "" }
  }

  @Test("where a scope is not named")
  func defaults() throws {
    #expect(try scopes("y.npy") == ["global"])
    #expect(try scopes("y.npy --rule all") == [String](repeating: "global", count: 7))
    for options in ["--block 8", "--stride 3", "--rank-map r.npy"] {
      #expect(try scopes("y.npy \(options)") == ["blocks"], "\(options)")
    }
    #expect(try scopes("p.png") == ["blocks"])
    #expect(try scopes("p.png --rule hard,fro") == ["blocks", "blocks"])
    for rule in ["all", "rank:2,all"] {
      let rules = rule == "all" ? 7 : 8
      let expected = ["global", "blocks"].flatMap { [String](repeating: $0, count: rules) }
      #expect(try scopes("p.png --rule \(rule)") == expected)
    }
    #expect(try scopes("p.png --rule all --scope blocks").count == 7)
    #expect(try scopes("p.png --scope global") == ["global"])
    #expect(try scopes("y.npy --scope both") == ["global", "blocks"])
    #expect(
      try scopes("y.npy --rule op,nuc --scope both") == ["global", "global", "blocks", "blocks"])
  }

  @Test("blocks of 32 every 6, every fewer where blocks are small")
  func sizes() throws {
    for (options, shape) in [
      ("", [4, 3]), (" --stride 32", [2, 2]), (" --block 20", [6, 5]), (" --block 4", [13, 11]),
      (" --block 4 --stride 1", [47, 38]), (" --block 41", [3, 1]),
    ] {
      try command.succeed("denoise y.npy --scope blocks\(options) --rank-map r.npy")
      #expect(try command.readArray("r.npy").shape == Shape(shape), "\(options)")
    }
  }

  @Test("--scope both holds the rows of either", arguments: ["y.npy", "p.png", "g.png"])
  func both(name: String) throws {
    let rules = "--rule hard,fro,simple,rank:2 --sigma 4"
    let both = try command.rows("denoise \(name) \(rules) --scope both")
    let apart = try ["global", "blocks"].flatMap {
      try command.rows("denoise \(name) \(rules) --scope \($0)")
    }
    #expect(both.map(CommandFolder.withoutSeconds) == apart.map(CommandFolder.withoutSeconds))
  }

  @Test("one block as large as the matrix is the whole matrix")
  func wholeBlock() throws {
    let matrix = try command.writeNoisy(40, 40, to: "s.npy")
    try command.succeed("denoise s.npy --sigma 0.5 -o a.npy")
    try command.succeed("denoise s.npy --sigma 0.5 --block 40 -o b.npy")
    let distance = try command.readArray("a.npy").distance(to: command.readArray("b.npy"))
    #expect(distance <= matrix.roundingLimit)
  }

  @Test("--verify in both scopes")
  func verify() throws {
    for (name, matrices) in [("y.npy", 1), ("p.png", 3)] {
      let global = try command.document("denoise \(name) --scope global --verify").notes
      let ratios = global.filter { $0.hasPrefix("verified c") }
      #expect(ratios.count == matrices, "\(global)")
      #expect(ratios.allSatisfy { $0.contains("(LAPACK's limit: 30)") })
      let blocks = try command.document("denoise \(name) --scope blocks --verify").notes
      let words = "verified: blocks by LAPACK give the same to a relative "
      let note = try #require(blocks.first { $0.hasPrefix(words) }, "\(blocks)")
      let error = try #require(Double(note.dropFirst(words.count)))
      #expect(error < 1e-12)
      let single = try command.document("denoise \(name) --scope blocks --verify --dtype f32").notes
      #expect(single.contains { $0.hasPrefix(words) })
    }
    #expect(
      try command.document("denoise y.npy --scope both --verify").notes
        .contains { $0.hasPrefix("verified c0: ") })
  }

  @Test("--channels stacked puts the channels side by side", arguments: ["global", "blocks"])
  func channels(scope: String) throws {
    let picture = try command.readPicture("p.png")
    let channels = (0..<3).map { picture.channel($0) }
    var stacked = Tensor<Double>.zeros([40, 144])
    for (c, i) in (0..<3).flatMap({ c in (0..<40).map { (c, $0) } }) {
      for j in 0..<48 { stacked[i, c * 48 + j] = channels[c][i, j] }
    }
    func denoised(_ matrix: Tensor<Double>) throws -> Tensor<Double> {
      scope == "global"
        ? try DenoisingFormulas.global(matrix, "op", sigma: 6).matrix
        : try DenoisingFormulas.blocks(matrix, "op", sigma: 6, side: 32, stride: 6).matrix
    }
    let line = "denoise p.png --sigma 6 --rule op --scope \(scope) -o x.npy --channels"
    let apart = try command.rows("\(line) separate")[0]
    let separate = try command.readArray("x.npy")
    let row = try command.rows("\(line) stacked")[0]
    let together = try command.readArray("x.npy")
    try #require(separate.shape == [40, 48, 3] && together.shape == [40, 48, 3])
    let all = try denoised(stacked)
    for (c, channel) in channels.enumerated() {
      func layer(_ array: Tensor<Double>) -> Tensor<Double> {
        array.sliced([0..<40, 0..<48, c..<c + 1]).reshaped([40, 48])
      }
      let limit = stacked.roundingLimit
      #expect(try layer(separate).distance(to: denoised(channel)) <= limit)
      #expect(layer(together).distance(to: all.columns(c * 48..<c * 48 + 48)) <= limit)
    }
    // The scale of whole matrices knows the longer side, blocks are blocks.
    let threshold = DenoisingFormulas(rows: 40, columns: 144, sigma: 6).edge
    let expected = scope == "global" ? threshold : apart.number("threshold")
    #expect(abs(row.number("threshold") - expected) < 1e-9)
  }

  @Test("each channel of a colour picture has its own σ")
  func channelNoise() throws {
    let document = try command.document("denoise p.png --add-noise 20")
    let row = try #require(document["rows"]?.arrayValue?.first?.objectValue)
    #expect(abs(row.number("sigma") / 20 - 1) < 0.1)
    for name in ["red", "green", "blue"] {
      #expect(document.notes.contains { $0.hasPrefix("\(name): σ = ") })
      #expect(document.notes.contains { $0.hasPrefix("\(name)'s singular values") })
    }
    let stacked = try command.document("denoise p.png --add-noise 20 --channels stacked").notes
    #expect(!stacked.contains { $0.hasPrefix("red's") || $0.hasPrefix("red:") }, "\(stacked)")
  }

  @Test("--dtype, and the type of the file", arguments: ["global", "blocks"])
  func precision(scope: String) throws {
    let line = "denoise y.npy --sigma 0.5 --scope \(scope) -o x.npy"
    try command.succeed(line)
    let double = try command.readArray("x.npy")
    #expect(try command.document("\(line) --dtype f32")["dtype"] == .string("f32"))
    let stored = try Npy.decode(command.folder.read("x.npy")[...], budget: .unlimited())
    #expect(stored.dtype == .f32)
    let limit = double.roundingLimit * Double(Float.ulpOfOne) / Double.ulpOfOne
    let distance = stored.tensor(as: Double.self).distance(to: double)
    #expect(distance > 0 && distance <= limit)
    // A file of floats keeps its type.
    try command.folder.write(
      Npy.encode(StoredArray(double.converted(to: Float.self))).joined, to: "f.npy")
    #expect(try command.document("denoise f.npy --scope \(scope)")["dtype"] == .string("f32"))
    #expect(
      try command.document("denoise f.npy --scope \(scope) --dtype f64")["dtype"] == .string("f64"))
    #expect(try command.document("denoise p.png --scope \(scope)")["dtype"] == .string("f64"))
  }

  @Test("two runs agree to the last byte, blocks on any number of threads")
  func repeatable() throws {
    let outputs = "-o x.npy --residual r.npy --plot s.svg --noisy n.npy"
    let line = "denoise p.png --add-noise 20 --seed 4 --sigma 20"
    func run(_ options: String) throws -> ([[JSONObject.Member]], [String: [UInt8]]) {
      let rows = try command.rows("\(line) \(outputs) \(options)")
      return (rows.map(CommandFolder.withoutSeconds), try command.contents())
    }
    for options in ["--scope global --threads 1", "--rank-map m.npy --threads 1"] {
      let (first, second) = (try run(options), try run(options))
      #expect(first.0 == second.0 && first.1 == second.1, "\(options)")
    }
    let one = try run("--rank-map m.npy --threads 1")
    for threads in [2, 3] {
      let more = try run("--rank-map m.npy --threads \(threads)")
      #expect(more.0 == one.0 && more.1 == one.1, "\(threads) threads")
    }
    let many = try command.run(
      "denoise p.png -o x.npy --format json", environment: ["LINALG_THREADS": "2"])
    let document = try JSONValue.parse(many.outputBytes).objectValue
    #expect(document?["threads"] == .integer(2))
  }

  @Test("how text is read")
  func reading() throws {
    try command.succeed("convert y.npy y.csv")
    let expected = try command.rows("denoise y.npy --sigma 0.5")[0].number("rank")
    let text = String(decoding: try command.folder.read("y.csv"), as: UTF8.self)
    try command.folder.write(text.replacing(",", with: ";"), to: "y.dat")
    try command.folder.write(Array(text.utf8), to: "y.bin")
    for line in [
      "y.csv", "y.dat --input-format csv --delimiter ;", "y.bin --input-format csv",
      "y.csv --header no",
    ] {
      #expect(
        try command.rows("denoise \(line) --sigma 0.5")[0].number("rank") == expected, "\(line)")
    }
    let short = try command.succeed("denoise y.csv --header yes --sigma 0.5 -o x.npy")
    #expect(short.status == 0)
    #expect(try command.readArray("x.npy").shape == [49, 41])
  }
}

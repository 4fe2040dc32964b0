import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// What `denoise` writes beside its table.
@Suite("Denoising: outputs")
struct DenoiseOutputsTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.writeNoisy(50, 41)
    try command.writePicture(width: 48, height: 40)
    try command.writePicture(.rgba, width: 48, height: 40, to: "c.png")
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try command.folder.read(name), as: UTF8.self)
  }

  @Test("the residual is what was removed", arguments: ["y.npy", "p.png", "c.png"])
  func residual(name: String) throws {
    for options in ["", " --scope both --rule hard,nuc --best-by error --reference \(name)"] {
      try command.succeed("denoise \(name)\(options) -o x.npy --residual r.npy")
      let (result, residual) = (try command.readArray("x.npy"), try command.readArray("r.npy"))
      try command.succeed("convert \(name) in.npy")
      let noisy = try Npy.decode(command.folder.read("in.npy")[...], budget: .unlimited())
        .tensor(as: Double.self)
      let channels = result.shape.rank == 3 ? 3 : 1
      let stored = noisy.shape.rank == 3 ? noisy.shape[2] : 1
      let colors = (0..<result.count).map {
        noisy.elements[$0 / channels * stored + $0 % channels]
      }
      try #require(result.shape == residual.shape)
      let limit = Double.ulpOfOne * noisy.maximumMagnitude()
      #expect((result + residual).distance(to: Tensor(result.shape, colors)) <= limit)
    }
    #expect(try command.readArray("r.npy").maximumMagnitude() > 0)
  }

  @Test("with noise added, the residual is of the noisy picture")
  func residualOfNoise() throws {
    try command.succeed(
      "denoise p.png --add-noise 30 --noisy n.npy -o x.npy --residual r.npy")
    let (result, residual) = (try command.readArray("x.npy"), try command.readArray("r.npy"))
    let removed = try command.readArray("n.npy") - result
    #expect(removed.distance(to: residual) <= Double.ulpOfOne * 512)
  }

  @Test("in a PNG the residual stands around middle gray", arguments: [8, 16])
  func residualPicture(depth: Int) throws {
    for layout in [Picture.Layout.gray, .rgba] {
      try command.writePicture(layout, depth: depth, width: 48, height: 40)
      let line = "denoise p.png --sigma \(depth == 16 ? 2000 : 8) --residual"
      let notes = try command.document("\(line) r.png").notes
      let middle = depth == 16 ? 32768.0 : 128
      #expect(notes.contains("r.png: \(Int(middle)) stands for zero"), "\(notes)")
      try command.succeed("\(line) r.npy")
      let expected = try (command.readArray("r.npy") + middle)
        .samples(to: depth == 16 ? 65535 : 255)
      let picture = try command.readPicture("r.png")
      #expect(picture.bitDepth == depth && picture.layout == layout)
      #expect(picture.colors == expected)
    }
    let notes = try command.document("denoise y.npy --residual r.png").notes
    #expect(notes.contains("r.png: 128 stands for zero"), "\(notes)")
    #expect(try command.readPicture("r.png").width == 41)
  }

  @Test("the rank map: one number per block, a layer per channel")
  func rankMap() throws {
    for (name, options, shape) in [
      ("p.png", "", [3, 4]), ("c.png", "", [3, 4, 3]), ("c.png", " --channels stacked", [3, 20]),
      ("y.npy", " --block 8 --stride 7", [7, 6]), ("p.png", " --block 40 --stride 40", [1, 2]),
    ] {
      let row = try command.rows("denoise \(name) --add-noise 9\(options) --rank-map r.npy")[0]
      let map = try command.readArray("r.npy")
      #expect(map.shape == Shape(shape), "\(name)\(options)")
      let mean = map.elements.reduce(0, +) / Double(map.count)
      #expect(abs(mean - row.number("rank")) < 1e-12)
      #expect(map.elements.allSatisfy { $0 == $0.rounded() && $0 >= 0 })
    }
  }

  @Test("the rank map as text and as a picture")
  func rankMapFormats() throws {
    let line = "denoise p.png --add-noise 9 --rule edge --rank-map"
    try command.succeed("\(line) r.npy")
    let map = try command.readArray("r.npy")
    try command.succeed("\(line) r.csv")
    try #require(map.shape == [3, 4])
    let rows = (0..<3).map { i in (0..<4).map { "\(Int(map[i, $0]))" }.joined(separator: ",") }
    #expect(try text("r.csv") == rows.joined(separator: "\n") + "\n")
    let notes = try command.document("\(line) r.png").notes
    let largest = map.maximumMagnitude()
    #expect(notes.contains("r.png: white stands for rank \(Int(largest))"), "\(notes)")
    let picture = try command.readPicture("r.png")
    #expect(picture.channel(0) == (map * 255 / largest).mapped { $0.rounded(.down) })
    // Three layers are a colour picture, and no text table.
    try command.succeed("denoise c.png --add-noise 9 --rank-map r.png")
    #expect(try command.readPicture("r.png").layout == .rgb)
    try command.expectRefusal(
      "denoise c.png --rank-map r.csv -o x.png", status: 64, "r.csv", "more than two axes", ".npy")
    // Where nothing is kept nothing is white.
    try command.succeed("denoise p.png --rule soft:1e9 --rank-map r.png")
    #expect(try command.readPicture("r.png").samples.allSatisfy { $0 == 0 })
  }

  @Test("the plot names the noise edge and the rules")
  func plot() throws {
    try command.succeed("denoise y.npy --rule hard,fro,op,nuc,soft:7 --plot s.svg")
    let global = try text("s.svg")
    #expect(global.hasPrefix("<?xml") && global.hasSuffix("</svg>\n"))
    for words in [
      "Singular values of y.npy", "noise edge, fro, op", "hard", "nuc", "soft:7", "singular value",
    ] {
      #expect(global.contains(words), "\(words)")
    }
    try command.succeed("denoise c.png --rule hard,rank:2 --block 20 --plot s.svg")
    let blocks = try text("s.svg")
    for words in [
      "Mean singular values of the 20x20 blocks of c.png", "noise edge", "hard", ">red<", ">green<",
      ">blue<",
    ] {
      #expect(blocks.contains(words), "\(words)")
    }
    #expect(!blocks.contains("rank:2"))
    // Nothing to mark, and a folder that does not show.
    try command.succeed("denoise \(command.folder.path("y.npy")) --rule rank:2 --plot s.svg")
    #expect(try !text("s.svg").contains("noise edge"))
    #expect(try !text("s.svg").contains(command.folder.path))
    try command.succeed("denoise y.npy --sigma 1e308 --plot s.svg")
    #expect(try !text("s.svg").contains("nan"))
  }

  @Test("a matrix in other formats")
  func formats() throws {
    try command.succeed("denoise y.npy -o x.npy")
    let expected = try command.readArray("x.npy")
    for name in ["x.csv", "x.tsv", "x.txt", "x.mtx", "x.safetensors", "x.npz"] {
      try command.succeed("denoise y.npy -o \(name)")
      try command.succeed("convert \(name) back.npy")
      #expect(try command.readArray("back.npy") == expected, "\(name)")
    }
    // A matrix as a picture is rounded and clipped.
    let notes = try command.document("denoise y.npy -o x.png").notes
    #expect(notes.contains("\(expected.clipped(to: 255)) numbers clipped"), "\(notes)")
    #expect(try command.readPicture("x.png").channel(0).elements == expected.samples(to: 255))
  }

  @Test("-o - and standard input")
  func streams() throws {
    try command.succeed("denoise p.png -o q.png")
    let result = try command.succeed("denoise p.png -o -")
    #expect(try result.outputBytes == command.folder.read("q.png"))
    #expect(result.error.hasPrefix("rule  scope"))
    let piped = try command.succeed("denoise - -o -", input: command.folder.read("p.png"))
    #expect(piped.outputBytes == result.outputBytes)
    let referred = try command.run(
      "denoise p.png --reference - --format json", input: command.folder.read("p.png"))
    #expect(referred.status == 0, "\(referred.error)")
    for option in ["--residual", "--noisy", "--rank-map", "--plot"] {
      let noise = option == "--noisy" ? " --add-noise 4" : ""
      let name = option == "--plot" ? "f.svg" : "f.npy"
      try command.succeed("denoise y.npy --block 20\(noise) \(option) \(name)")
      let stream = try command.succeed("denoise y.npy --block 20\(noise) \(option) -")
      #expect(try stream.outputBytes == command.folder.read(name), "\(option)")
    }
  }

  @Test("-q, -v, --digits, --no-color, --no-clobber, --version, --table")
  func presentation() throws {
    let line = "denoise y.npy --seed 7"
    let plain = try command.succeed(line + " --format csv")
    let quiet = try command.succeed(line + " --format csv -q")
    let verbose = try command.succeed(line + " -v --no-color")
    #expect(quiet.output.split(separator: "\n").count == 2 && quiet.error.isEmpty)
    #expect(plain.output.hasPrefix("rule,scope,"))
    #expect(verbose.output.hasPrefix("rule  scope") && verbose.output.contains("note: σ = "))
    #expect(!verbose.outputBytes.contains(0x1B))
    let threshold = try command.rows(line)[0].number("threshold")
    #expect(try command.document(line + " -q").notes.isEmpty)
    #expect(try command.document(line)["seed"] == .integer(7))
    let digits = try command.succeed(line + " --digits 9").output
    #expect(digits.contains("\(threshold)".prefix(8)))
    #expect(try command.succeed(line + " --digits 2").output.contains("\(threshold)".prefix(2)))
    try command.succeed(line + " -o x.npy --table t.csv --table t.json --no-clobber")
    #expect(try text("t.csv").hasPrefix("rule,scope,") && text("t.json").hasPrefix("{"))
    try command.expectRefusal(line + " -o x.npy --no-clobber", status: 73, "x.npy", "exists")
    #expect(try !command.succeed("denoise --version").output.isEmpty)
  }
}

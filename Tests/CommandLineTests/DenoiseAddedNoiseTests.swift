import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// `--add-noise`: the input becomes the reference, what is denoised is it with white noise.
@Suite("Denoising: added noise")
struct DenoiseAddedNoiseTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.writePicture(width: 48, height: 40)
    try command.writePicture(.rgba, width: 48, height: 40, to: "c.png")
  }

  @Test("what --noisy keeps is neither clipped nor rounded")
  func unclipped() throws {
    let line = "denoise p.png --add-noise 60 --seed 5 --noisy n.npy"
    let document = try command.document(line)
    #expect(document["seed"] == .integer(5))
    #expect(document.notes.first == "noise of σ = 60 added, seed 5")
    let expected =
      try command.readPicture("p.png").channel(0)
      + CommandFolder.addedNoise(40, 48, sigma: 60, seed: 5)
    let noisy = try command.readArray("n.npy")
    #expect(noisy == expected)
    #expect(noisy.elements.contains { $0 < 0 } && noisy.elements.contains { $0 > 255 })
    #expect(noisy.elements.contains { $0 != $0.rounded() })
    // Single precision rounds it once.
    try command.succeed(line + " --dtype f32")
    let stored = try Npy.decode(command.folder.read("n.npy")[...], budget: .unlimited())
    #expect(stored.dtype == .f32)
    let distance = stored.tensor(as: Double.self).distance(to: expected)
    #expect(distance <= Double(Float.ulpOfOne) * 512)
  }

  @Test("each colour channel has its own noise, whatever the scope and the channel mode")
  func colours() throws {
    let picture = try command.readPicture("c.png")
    for options in ["", " --scope global", " --channels stacked"] {
      try command.succeed("denoise c.png --add-noise 9 --seed 2 --noisy n.npy\(options)")
      let noisy = try command.readArray("n.npy")
      try #require(noisy.shape == [40, 48, 3])
      for channel in 0..<3 {
        let expected =
          picture.channel(channel)
          + CommandFolder.addedNoise(40, 48, sigma: 9, seed: 2, channel: UInt32(channel))
        let ours = noisy.sliced([0..<40, 0..<48, channel..<channel + 1])
        #expect(ours.elements == expected.elements)
      }
    }
  }

  @Test("a matrix gets the same noise as the picture of its numbers")
  func matrix() throws {
    try command.succeed("convert p.png m.npy")
    try command.succeed("denoise p.png --add-noise 12.5 --seed 3 --noisy a.npy")
    let row = try command.rows("denoise m.npy --add-noise 12.5 --seed 3 --noisy b.npy")[0]
    #expect(try command.folder.read("a.npy") == command.folder.read("b.npy"))
    #expect(row["psnr"] == .null && row.number("relative_error") > 0)
  }

  @Test("the seed decides, and nothing else")
  func seeds() throws {
    func noisy(_ options: String) throws -> [UInt8] {
      try command.succeed("denoise p.png --add-noise 20 --noisy n.npy\(options)")
      return try command.folder.read("n.npy")
    }
    let first = try noisy(" --seed 1")
    #expect(try noisy(" --seed 1 --threads 2 --scope global") == first)
    #expect(try noisy(" --seed 2") != first)
    #expect(try noisy("") == noisy(" --seed 0"))
  }

  @Test("a noisy PNG is rounded, clipped and counted; it is what psnr_before is about")
  func picture() throws {
    for name in ["p.png", "c.png"] {
      let original = try command.readPicture(name)
      let line = "denoise \(name) --add-noise 50 --seed 6"
      let document = try command.document("\(line) --noisy n.png -o q.png")
      let row = try #require(document["rows"]?.arrayValue?.first?.objectValue)
      try command.succeed("\(line) --noisy n.npy")
      let array = try command.readArray("n.npy")
      let noisy = try command.readPicture("n.png")
      #expect(noisy.colors == array.samples(to: 255))
      if original.layout.hasAlpha { #expect(noisy.lastChannel == original.lastChannel) }
      let count = array.clipped(to: 255)
      #expect(count > 50 && count < 1000)
      #expect(document.notes.contains("n.png: \(count) samples clipped"), "\(document.notes)")
      #expect(abs(original.psnr(to: noisy) - row.number("psnr_before")) < 1e-9)
      let result = try command.readPicture("q.png")
      #expect(abs(original.psnr(to: result) - row.number("psnr")) < 1e-9)
    }
  }

  @Test(
    "keeping the noisy numbers and denoising them is the same", arguments: ["global", "blocks"])
  func twoSteps(scope: String) throws {
    for rules in ["fro", "hard,op,rank:3", "all"] {
      let line = "--scope \(scope) --rule \(rules)"
      let once = try command.rows(
        "denoise p.png --add-noise 20 --seed 1 --noisy n.npy \(line)")
      let twice = try command.rows("denoise n.npy --reference p.png \(line)")
      #expect(once.map(CommandFolder.withoutSeconds) == twice.map(CommandFolder.withoutSeconds))
      for row in once { #expect(row.number("psnr") > 15 && row.number("relative_error") > 0) }
    }
    // A reference that is a matrix gives no PSNR, the same error.
    try command.succeed("convert p.png m.npy")
    let line = "denoise n.npy --scope \(scope)"
    let asPicture = try command.rows("\(line) --reference p.png")[0]
    let asMatrix = try command.rows("\(line) --reference m.npy")[0]
    #expect(asMatrix["psnr"] == .null)
    #expect(asMatrix["relative_error"] == asPicture["relative_error"])
  }

  @Test("the relative error is that of the unrounded numbers")
  func relativeError() throws {
    for name in ["p.png", "c.png"] {
      let row = try command.rows("denoise \(name) --add-noise 20 -o x.npy")[0]
      let result = try command.readArray("x.npy").elements
      let clean = try command.readPicture(name).colors
      let difference = zip(result, clean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let expected = (difference / clean.reduce(0) { $0 + $1 * $1 }).squareRoot()
      #expect(abs(row.number("relative_error") - expected) <= 1e-12)
    }
  }

  @Test("denoising a matrix brings it nearer to the reference; the input's error is a note")
  func matrices() throws {
    try command.writeNoisy(60, 50, to: "y.npy", clean: "x.npy")
    let document = try command.document("denoise y.npy --reference x.npy")
    let row = try #require(document["rows"]?.arrayValue?.first?.objectValue)
    let clean = try command.readArray("x.npy")
    let before = try (command.readArray("y.npy") - clean).frobeniusNorm() / clean.frobeniusNorm()
    #expect(row.number("relative_error") < 0.5 * before)
    let words = "the input's relative error is "
    let note = try #require(document.notes.first { $0.hasPrefix(words) }, "\(document.notes)")
    let printed = try #require(Double(note.dropFirst(words.count)))
    #expect(abs(printed / before - 1) < 1e-3)
    #expect(document["inputs"] == .array([.string("y.npy"), .string("x.npy")]))
  }

  @Test("a small picture has no SSIM, an exact copy an infinite PSNR")
  func undefined() throws {
    try command.writePicture(width: 10, height: 10, to: "s.png")
    let row = try command.rows("denoise s.png --block 8 --reference s.png --rule rank:8")[0]
    #expect(row["ssim"] == .null && row["ssim_before"] == .null)
    #expect(row["psnr"] == .string("inf") && row["psnr_before"] == .string("inf"))
    let equal = try command.rows("denoise p.png --reference p.png --rule rank:32")[0]
    #expect(equal.number("ssim") == 1 && equal.number("ssim_before") == 1)
  }
}

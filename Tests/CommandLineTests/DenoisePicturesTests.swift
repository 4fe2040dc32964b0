import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// Pictures of every kind through `denoise`.
@Suite("Denoising: pictures")
struct DenoisePicturesTests {
  private let command: CommandFolder

  init() throws { command = try CommandFolder() }

  @Test(
    "colour type, depth and alpha are kept", arguments: PictureTests.kinds,
    ["separate", "stacked"])
  func kept(kind: (Picture.Layout, Int), channels: String) throws {
    let (layout, depth) = kind
    let original = try command.writePicture(layout, depth: depth, width: 48, height: 40)
    let sigma = depth == 16 ? 4 * 257 : 4
    for scope in ["global", "blocks"] {
      let line =
        "denoise p.png --sigma \(sigma) --scope \(scope) --channels \(channels) "
        + "--reference p.png"
      let row = try command.rows("\(line) -o q.png")[0]
      let written = try command.readPicture("q.png")
      #expect(written.layout == layout && written.bitDepth == depth)
      #expect(written.width == 48 && written.height == 40)
      #expect(written.samples != original.samples)
      if layout.hasAlpha { #expect(written.lastChannel == original.lastChannel) }
      #expect(abs(original.psnr(to: written) - row.number("psnr")) < 1e-9)
      // The file is the rounded array.
      try command.succeed("\(line) -o x.npy")
      let array = try command.readArray("x.npy")
      #expect(array.samples(to: Double(original.maxSample)) == written.colors)
    }
  }

  @Test("the same picture with 8 and 16 bits", arguments: [8, 16])
  func depth(depth: Int) throws {
    let scale = depth == 16 ? 257.0 : 1
    try command.writePicture(depth: depth, width: 48, height: 40)
    let row = try command.rows("denoise p.png --add-noise \(20 * scale) --seed 2")[0]
    #expect(abs(row.number("sigma") / (20 * scale) - 1) < 0.1)
    #expect(row.number("psnr_before") > 20 && row.number("psnr_before") < 24)
    #expect(row.number("psnr") > row.number("psnr_before") + 3)
    #expect(row.number("ssim") > row.number("ssim_before"))
  }

  @Test("clipped samples are counted")
  func clipped() throws {
    let step = (0..<40 * 40).map { UInt16($0 % 40 > $0 / 40 ? 255 : 0) }
    let picture = Picture(width: 40, height: 40, layout: .gray, bitDepth: 8, samples: step)
    try command.folder.write(PNG.encode(picture), to: "s.png")
    for scope in ["global", "blocks"] {
      let line = "denoise s.png --sigma 30 --scope \(scope)"
      try command.succeed("\(line) -o x.npy")
      let count = try command.readArray("x.npy").clipped(to: 255)
      #expect(count > 99 && count < 1000)
      for output in ["", " -o x.png"] where output != "" || scope == "blocks" {
        let notes = try command.document("\(line) --reference s.png\(output)").notes
        #expect(notes.contains("\(count) samples clipped"), "\(notes)")
      }
    }
  }

  @Test("a palette becomes RGB; gAMA is kept, not applied")
  func conversions() throws {
    let rows: [[UInt8]] = (0..<40).map { row in
      [0] + (0..<40).map { column -> UInt8 in UInt8((column / 5 + row / 7) % 3) }
    }
    let palette: [UInt8] = [10, 20, 30, 200, 100, 50, 60, 250, 90]
    try command.folder.write(
      PNGBytes.file(
        width: 40, height: 40, depth: 8, colorType: 3,
        chunks: [("gAMA", [0, 0, 0xB1, 0x8F]), ("PLTE", palette)], rows: rows), to: "p.png")
    let notes = try command.document("denoise p.png --sigma 3 -o q.png").notes
    #expect(notes.contains("the palette picture is written as RGB"), "\(notes)")
    let written = try command.readPicture("q.png")
    #expect(written.layout == .rgb && written.color.gamma == 45455)
  }

  @Test("a constant picture is left as it is", arguments: Picture.Layout.allCases)
  func constant(layout: Picture.Layout) throws {
    try command.writeConstant(layout)
    let original = try command.folder.read("c.png")
    for options in [
      "", " --scope global", " --sigma 20", " --scope both --rule all,rank:2,soft:9 --best-by psnr",
      " --channels stacked", " --dtype f32", " --scope global --verify",
    ] {
      let reference = options.contains("best-by") ? " --reference c.png" : ""
      let document = try command.document("denoise c.png\(options)\(reference) -o q.png")
      #expect(try command.folder.read("q.png") == original, "\(options)")
      #expect(document.notes.contains("the picture is constant: unchanged"), "\(options)")
      for row in document["rows"]?.arrayValue?.compactMap(\.objectValue) ?? [] {
        #expect(row["rank"] == .null)
      }
    }
    // Everything else that can be asked for is there, too.
    try command.succeed(
      "denoise c.png --rank-map r.npy --plot s.svg --residual d.npy --reference c.png")
    #expect(try command.readArray("r.npy").elements.allSatisfy { $0 == 32 })
    #expect(try command.readArray("d.npy").elements.allSatisfy { $0 == 0 })
    let result = try command.run("denoise c.png --reference c.png --require-gain 1")
    command.expectFailure(
      result, of: "denoise", status: 1, ["--require-gain 1: fro, blocks gains 0"])
  }

  @Test("a constant channel is left as it is, the others keep their names")
  func constantChannel() throws {
    let noisy = try command.writePicture(.rgb, width: 48, height: 40)
    var samples = noisy.samples
    for pixel in 0..<48 * 40 { samples[3 * pixel] = 9 }
    let picture = Picture(width: 48, height: 40, layout: .rgb, bitDepth: 8, samples: samples)
    try command.folder.write(PNG.encode(picture), to: "h.png")
    let notes = try command.document(
      "denoise h.png -o q.png --rank-map r.npy --plot s.svg"
    ).notes
    #expect(notes.contains("1 channel constant: unchanged"), "\(notes)")
    #expect(!notes.contains { $0.hasPrefix("red's") } && notes.contains { $0.hasPrefix("blue's") })
    #expect(try command.readPicture("q.png").channel(0) == picture.channel(0))
    #expect(try command.readPicture("q.png").channel(1) != picture.channel(1))
    let ranks = try command.readArray("r.npy")
    try #require(ranks.shape == [3, 4, 3])
    for i in 0..<3 { #expect(ranks[i, 0, 0] == 32 && ranks[i, 0, 1] < 32) }
    let plot = String(decoding: try command.folder.read("s.svg"), as: UTF8.self)
    #expect(!plot.contains(">red<") && plot.contains(">green<") && plot.contains(">blue<"))
  }

  @Test("matrices without noise: zero, constant, exact rank")
  func noNoise() throws {
    for (kind, note) in [
      (TestMatrix.zero, "the matrix is constant: unchanged"),
      (.constant, "the matrix is constant: unchanged"),
      (.single, "the matrix is constant: unchanged"),
      (
        .rankDeficient,
        "the median singular value is zero: no noise, or too low a rank to tell; unchanged, unless "
          + "--sigma is given"
      ),
      (.identity, ""), (.row, ""), (.column, ""), (.graded, ""), (.huge, ""), (.tiny, ""),
    ] {
      try command.writeMatrix(kind.values, kind.rows, kind.columns, to: "m.npy")
      for scope in ["global", "blocks --block 1"] {
        let line = "denoise m.npy --scope \(scope) -o x.npy --plot s.svg --verify"
        let notes = try command.document(line).notes
        #expect(note == "" || notes.contains(note), "\(kind): \(notes)")
        let result = try command.readArray("x.npy")
        #expect(result.firstNonFinite() == nil)
        if note != "" { #expect(result.elements == kind.values, "\(kind)") }
        let plot = String(decoding: try command.folder.read("s.svg"), as: UTF8.self)
        #expect(plot.contains("<svg") && !plot.contains("nan"))
      }
    }
  }

  @Test("one pixel, one row, one column", arguments: [(1, 1), (48, 1), (1, 40)])
  func thin(width: Int, height: Int) throws {
    for layout in [Picture.Layout.gray, .rgba] {
      try command.writePicture(layout, width: width, height: height)
      for scope in ["global", "blocks --block 1"] {
        let row = try command.rows("denoise p.png --scope \(scope) -o q.png --reference p.png")[0]
        #expect(row["ssim"] == .null)
        #expect(try command.readPicture("q.png").width == width)
      }
    }
  }
}

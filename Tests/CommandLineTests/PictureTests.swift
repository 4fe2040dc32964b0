import FileFormats
import Glibc
import JSONText
import Tensors
import TestSupport
import Testing

/// Pictures of every kind, compressed and expanded.
@Suite("Pictures")
struct PictureTests {
  private let command: CommandFolder

  init() throws { command = try CommandFolder() }

  static let kinds: [(Picture.Layout, Int)] = Picture.Layout.allCases.flatMap { layout in
    [8, 16].map { (layout, $0) }
  }

  @Test("colour type, depth and alpha are kept", arguments: kinds, ["separate", "stacked"])
  func kept(kind: (Picture.Layout, Int), channels: String) throws {
    let (layout, depth) = kind
    let original = try command.writePicture(layout, depth: depth)
    let row = try command.rows(
      "svd-compress p.png --rank 4 --channels \(channels) -o q.png --factors f.safetensors --factor-dtype f64"
    )[0]
    let written = try command.readPicture("q.png")
    #expect(written.layout == layout && written.bitDepth == depth)
    #expect(written.width == 24 && written.height == 20)
    let count = layout.channels
    if layout.hasAlpha {
      for pixel in 0..<480 {
        let place = pixel * count + count - 1
        #expect(written.samples[place] == original.samples[place])
      }
    }
    #expect(abs(psnr(original, written) - row.number("psnr")) < 1e-9)
    // Storage: k(m+n+1) of the stacked matrix, or that of each channel.
    let colors = layout.colorChannels
    let numbers = channels == "stacked" ? 4 * (20 + 24 * colors + 1) : colors * 4 * (20 + 24 + 1)
    #expect(row.integer("stored_numbers") == numbers)
    #expect(row.integer("factor_bytes") == numbers * 8)
    let share = Double(numbers) / Double(480 * colors)
    #expect(abs(row.number("storage_share") - share) < 1e-12)
    #expect(abs(row.number("relative_error") - row.number("optimal_error")) < 1e-9)
    // What the factors expand to is what was written.
    try command.succeed("svd-expand f.safetensors -o e.png")
    #expect(try command.folder.read("e.png") == command.folder.read("q.png"))
  }

  @Test("at full rank the picture comes back", arguments: kinds)
  func fullRank(kind: (Picture.Layout, Int)) throws {
    let original = try command.writePicture(kind.0, depth: kind.1)
    for channels in ["separate", "stacked"] {
      let row = try command.rows(
        "svd-compress p.png --rank 20 --channels \(channels) -o q.png")[0]
      #expect(try command.readPicture("q.png").samples == original.samples)
      #expect(row["psnr"] == .string("inf"))
    }
  }

  @Test("the PSNR and clipped samples are those of the written picture")
  func clipped() throws {
    let original = try command.writePicture(width: 40, height: 30)
    let document = try command.document("svd-compress p.png --rank 2 -o q.png")
    let row = try #require(document["rows"]?.arrayValue?.first?.objectValue)
    #expect(abs(psnr(original, try command.readPicture("q.png")) - row.number("psnr")) < 1e-9)
    // A step of black and white overshoots at low rank.
    let step = (0..<900).map { UInt16($0 % 30 > $0 / 30 ? 255 : 0) }
    let picture = Picture(width: 30, height: 30, layout: .gray, bitDepth: 8, samples: step)
    try command.folder.write(PNG.encode(picture), to: "s.png")
    let notes = try command.document("svd-compress s.png --rank 5 -o q.png").notes
    #expect(notes.contains { $0.hasSuffix("samples clipped") }, "\(notes)")
  }

  @Test("a palette becomes RGB, a low depth 8 bits, and a note says so")
  func conversions() throws {
    let rows = (0..<20).map { row in [0] + (0..<20).map { UInt8(($0 + row) % 3) } }
    let palette: [UInt8] = [10, 20, 30, 200, 100, 50, 60, 250, 90]
    try command.folder.write(
      PNGBytes.file(
        width: 20, height: 20, depth: 8, colorType: 3, chunks: [("PLTE", palette)], rows: rows),
      to: "p.png")
    let notes = try command.document("svd-compress p.png --rank 5 -o q.png").notes
    #expect(notes.contains("the palette picture is written as RGB"), "\(notes)")
    #expect(try command.readPicture("q.png").layout == .rgb)
    try command.folder.write(
      PNGBytes.file(
        width: 16, height: 2, depth: 1, colorType: 0, rows: [[0, 0xAA, 0xF0], [0, 0x0F, 0x55]]),
      to: "b.png")
    let info = try command.rows("info b.png")[0]
    #expect(info.number("max") == 255 && info["details"] == .string("gray 1 bit"))
    let low = try command.document("svd-compress b.png --rank 2 -o q.png").notes
    #expect(low.contains("the 1-bit picture is written with 8 bits"), "\(low)")
  }

  @Test("gAMA is kept, not applied")
  func gamma() throws {
    let rows: [[UInt8]] = (0..<16).map { row in [0] + (0..<16).map { UInt8($0 * row) } }
    try command.folder.write(
      PNGBytes.file(
        width: 16, height: 16, depth: 8, colorType: 0, chunks: [("gAMA", [0, 0, 0xB1, 0x8F])],
        rows: rows), to: "p.png")
    try command.succeed("svd-compress p.png --rank 16 -o q.png --factors f.safetensors")
    #expect(try command.readPicture("q.png").color.gamma == 45455)
    #expect(try command.readPicture("q.png").samples == command.readPicture("p.png").samples)
    try command.succeed("svd-expand f.safetensors -o e.png")
    #expect(try command.readPicture("e.png").color.gamma == 45455)
    #expect(try command.rows("info p.png")[0]["details"]?.stringValue?.contains("gAMA") == true)
  }

  @Test("a picture as an array and an array as a picture")
  func arrays() throws {
    let original = try command.writePicture(.rgb)
    try command.succeed("svd-compress p.png --rank 4 -o q.npy")
    let array = try command.readArray("q.npy")
    #expect(array.shape == [20, 24, 3])
    try command.succeed("svd-compress p.png --rank 4 -o q.png")
    let samples = try command.readPicture("q.png").samples
    for (number, sample) in zip(array.elements, samples) {
      #expect(min(max(number.rounded(), 0), 255) == Double(sample))
    }
    try command.succeed("convert p.png a.npy")
    try command.succeed("convert a.npy b.png")
    #expect(try command.readPicture("b.png").samples == original.samples)
    // A matrix approximated into a PNG is rounded and clipped.
    try command.writeMatrix([0, 300, -5, 99.6], 2, 2, to: "m.npy")
    let notes = try command.document("svd-compress m.npy --rank 2 -o m.png").notes
    #expect(notes.contains("2 numbers clipped"), "\(notes)")
    #expect(try command.readPicture("m.png").samples == [0, 255, 0, 100])
  }

  @Test("one pixel, one row, one column", arguments: [(1, 1), (24, 1), (1, 20)])
  func thin(width: Int, height: Int) throws {
    for layout in Picture.Layout.allCases {
      let original = try command.writePicture(layout, width: width, height: height)
      let row = try command.rows("svd-compress p.png --rank 1 -o q.png")[0]
      #expect(try command.readPicture("q.png").samples == original.samples)
      #expect(row["ssim"] == .null)
      try command.succeed("svd-compress p.png --channels stacked")
    }
  }

  /// 10 log10(R² / MSE) over the colour samples.
  private func psnr(_ a: Picture, _ b: Picture) -> Double {
    let channels = a.layout.channels
    var (sum, count) = (0.0, 0.0)
    for (index, (x, y)) in zip(a.samples, b.samples).enumerated() {
      if a.layout.hasAlpha && index % channels == channels - 1 { continue }
      sum += (Double(x) - Double(y)) * (Double(x) - Double(y))
      count += 1
    }
    let range = Double(a.maxSample)
    return 10 * log10(range * range / (sum / count))
  }
}

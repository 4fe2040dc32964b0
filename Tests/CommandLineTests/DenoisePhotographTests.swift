import JSONText
import TestSupport
import Testing

/// What blocks and optimal rules promise on photographs, where the shared data is at hand.
@Suite("Denoising: photographs", .enabled(if: PackageFiles.sharedData("camera.png") != nil))
struct DenoisePhotographTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    for name in ["camera.png", "brick.png"] {
      if let path = PackageFiles.sharedData(name) { try command.copy(path, as: name) }
    }
  }

  private func rows(_ name: String, _ options: String) throws -> [JSONObject] {
    let rules = "--rule hard,fro,op,nuc --scope both --seed 1"
    return try command.rows("denoise \(name) \(rules) \(options)")
  }

  @Test("at σ = 25 blocks gain 1.8 dB on whole matrices", arguments: ["camera.png", "brick.png"])
  func blocks(name: String) throws {
    let rows = try rows(name, "--add-noise 25 --sigma 25")
    try #require(rows.count == 8)
    for (global, blocks) in zip(rows[..<4], rows[4...]) {
      #expect(global["rule"] == blocks["rule"])
      guard global["rule"] == .string("fro") else { continue }
      let gain = blocks.number("psnr") - global.number("psnr")
      #expect(gain >= 1.8, "\(name): \(gain) dB")
    }
    expectNoLoss(rows, name)
  }

  @Test(
    "no optimal rule ever loses", arguments: ["camera.png", "brick.png"], [10, 25, 50])
  func gain(name: String, sigma: Int) throws {
    let rows = try rows(name, "--add-noise \(sigma)")
    try #require(rows.count == 8)
    expectNoLoss(rows, "\(name), \(sigma)")
    // The picture's own texture adds to small noise.
    for row in rows { #expect(abs(row.number("sigma") / Double(sigma) - 1) < 0.15) }
    // The estimate of σ costs the blocks nothing that can be seen.
    guard sigma == 25 else { return }
    #expect(rows[5].number("psnr") - rows[1].number("psnr") >= 1.8, "\(name)")
  }

  private func expectNoLoss(_ rows: [JSONObject], _ name: String) {
    for row in rows {
      let gain = row.number("psnr") - row.number("psnr_before")
      #expect(gain >= 0, "\(name), \(row["rule"] ?? .null), \(row["scope"] ?? .null): \(gain) dB")
    }
  }
}

import JSONText
import TestSupport
import Testing

/// Real photographs, where the shared data is at hand.
@Suite("Photographs", .enabled(if: PackageFiles.sharedData("camera.png") != nil))
struct PhotographTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    for name in ["camera.png", "astronaut.png", "brick.png"] {
      if let path = PackageFiles.sharedData(name) { try command.copy(path, as: name) }
    }
  }

  @Test("camera.png at rank 50")
  func camera() throws {
    let document = try command.document(
      "svd-compress camera.png --rank 50 --method exact -o small.png")
    let row = try #require(document["rows"]?.arrayValue?.first?.objectValue)
    #expect(abs(row.number("relative_error") - row.number("optimal_error")) < 1e-9)
    #expect(row.integer("stored_numbers") == 51_250 && row.integer("factor_bytes") == 205_000)
    let note =
      "the factors (205,000 B) are larger than camera.png (139,512 B); "
      + "rank 34 is the largest that is smaller"
    #expect(document.notes.contains { $0.hasPrefix(note) }, "\(document.notes)")
    #expect(try command.readPicture("small.png").width == 512)
    let smaller = try command.document("svd-compress camera.png --rank 34 --method exact").notes
    #expect(!smaller.contains { $0.contains("larger than") }, "\(smaller)")
    let larger = try command.document("svd-compress camera.png --rank 35 --method exact").notes
    #expect(larger.contains { $0.contains("larger than") }, "\(larger)")
  }

  @Test(
    "the randomised method is within 1.02 of the optimum",
    arguments: ["camera.png", "astronaut.png", "brick.png"], ["separate", "stacked"])
  func randomized(name: String, channels: String) throws {
    let line = "svd-compress \(name) --ranks 5,50 --channels \(channels) --method"
    let exact = try command.rows("\(line) exact")
    let sketched = try command.rows("\(line) randomized")
    for (row, best) in zip(sketched, exact) {
      let optimum = best.number("optimal_error")
      #expect(abs(best.number("relative_error") - optimum) < 1e-9)
      #expect(row.number("optimal_error_low") <= optimum + 1e-12)
      #expect(row.number("relative_error") >= optimum - 1e-12)
    }
    let single = try command.rows(
      "svd-compress \(name) --rank 50 --channels \(channels) --method randomized")[0]
    let best = exact[1].number("optimal_error")
    #expect(single.number("relative_error") <= 1.02 * best, "\(name)")
  }

  @Test("stacked channels store fewer numbers than separate ones")
  func channels() throws {
    let separate = try command.rows("svd-compress astronaut.png --rank 20 -q")[0]
    let stacked = try command.rows("svd-compress astronaut.png --rank 20 --channels stacked -q")[0]
    #expect(separate.integer("stored_numbers") == 3 * 20 * 1025)
    #expect(stacked.integer("stored_numbers") == 20 * (512 + 1536 + 1))
  }
}

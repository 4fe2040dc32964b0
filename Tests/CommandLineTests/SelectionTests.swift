import JSONText
import TestSupport
import Testing

/// Selections choose the rank that the full table says, requirements end with status 1.
@Suite("Selections and requirements")
struct SelectionTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.copyGaussian()
    try command.writePicture(width: 32, height: 24, to: "p.png")
  }

  /// One row per rank of an input.
  private func table(_ name: String, _ largest: Int) throws -> [JSONObject] {
    let all = (1...largest).map(String.init).joined(separator: ",")
    return try command.rows("svd-compress \(name) --method exact --ranks \(all)")
  }

  /// The one rank that a selection chooses.
  private func rank(_ line: String) throws -> Int {
    let rows = try command.rows("svd-compress \(line)")
    #expect(rows.count == 1, "\(line)")
    return rows.first?.integer("rank") ?? 0
  }

  @Test("--energy", arguments: [0.01, 0.5, 0.9, 0.99, 0.999, 1])
  func energy(share: Double) throws {
    for (name, side) in [("g.npy", 96), ("p.png", 24)] {
      let expected = try table(name, side).first { $0.number("energy") >= share }
      #expect(try rank("\(name) --energy \(share)") == expected?.integer("rank"), "\(name)")
    }
  }

  @Test("--max-error", arguments: [1e-9, 0.05, 0.3, 0.9, 1])
  func error(limit: Double) throws {
    for (name, side) in [("g.npy", 96), ("p.png", 24)] {
      let expected = try table(name, side).first { $0.number("optimal_error") <= limit }
      #expect(try rank("\(name) --max-error \(limit)") == expected?.integer("rank"), "\(name)")
      let row = try command.rows("svd-compress \(name) --max-error \(limit) --method randomized")[0]
      let isMet = row.number("relative_error") <= limit || row.integer("rank") == side
      #expect(isMet, "\(name) randomized")
    }
  }

  @Test("--min-psnr", arguments: [15.0, 30, 40])
  func psnr(goal: Double) throws {
    let expected = try table("p.png", 24).first {
      $0["psnr"] == .string("inf") || $0.number("psnr") >= goal
    }
    #expect(try rank("p.png --min-psnr \(goal)") == expected?.integer("rank"))
  }

  @Test("--ranks is sorted, --rank stands for itself")
  func ranks() throws {
    let rows = try command.rows("svd-compress g.npy --ranks 20,1,5")
    #expect(rows.map { $0.integer("rank") } == [1, 5, 20])
    #expect(try rank("g.npy --rank 96") == 96)
  }

  @Test(
    "--max-bytes: the file fits, one rank more would not",
    arguments: ["", " --factor-dtype f16", " --factor-dtype f64", " --channels stacked"])
  func bytes(options: String) throws {
    try command.writePicture(.rgba, width: 32, height: 24, to: "c.png")
    for (name, limits) in [("p.png", [600, 1000, 2222, 4000]), ("c.png", [2500, 4000, 8001])] {
      for limit in limits {
        let line = "svd-compress \(name)\(options) --factors f.safetensors"
        let result = try command.run("\(line) --max-bytes \(limit) --format json")
        guard result.status == 0 else {
          // Not even rank 1 fits, and the size it names is the one it takes.
          command.expectFailure(result, of: line, status: 1, ["rank 1 needs "])
          try command.succeed("\(line) --rank 1")
          let size = try command.folder.read("f.safetensors").count
          #expect(size > limit && result.error.contains("rank 1 needs \(size) bytes"))
          continue
        }
        let size = try command.folder.read("f.safetensors").count
        let row = try JSONValue.parse(result.output).objectValue?["rows"]?.arrayValue?.first
        let rank = row?.objectValue?.integer("rank") ?? 0
        #expect(size <= limit)
        guard rank < 24 else { continue }
        try command.succeed("\(line) --rank \(rank + 1)")
        #expect(try command.folder.read("f.safetensors").count > limit, "rank \(rank)")
      }
    }
  }

  @Test("--max-bytes that nothing meets: status 1, nothing printed or written")
  func noRankFits() throws {
    try command.expectRefusal(
      "svd-compress p.png --max-bytes 100 --factors f.safetensors -o q.png", status: 1,
      "--max-bytes 100: rank 1 needs ", " bytes")
  }

  @Test("--max-bytes takes suffixes")
  func suffixes() throws {
    let rank = try rank("g.npy --max-bytes 3k")
    #expect(try self.rank("g.npy --max-bytes 3072") == rank)
    #expect(try self.rank("g.npy --max-bytes 1M") == 96)
  }

  @Test(
    "an unmet requirement: the table is printed, its copies are written, outputs are not",
    arguments: [
      ("--require-psnr 60", "--require-psnr 60: rank 2 reaches"),
      ("--require-error 0.001", "--require-error 0.001: rank 2 reaches"),
    ])
  func unmet(requirement: String, words: String) throws {
    try command.folder.write("old", to: "q.png")
    let line =
      "svd-compress p.png --rank 2 -o q.png --factors f.safetensors --plot p.svg --table t.csv"
    let result = try command.run("\(line) \(requirement)")
    command.expectFailure(result, of: line, status: 1, [words])
    #expect(result.output.hasPrefix("rank  method"))
    #expect(command.folder.list() == ["g.npy", "p.png", "q.png", "t.csv"])
    #expect(try command.folder.read("q.png") == Array("old".utf8))
  }

  @Test("both requirements are named when both fail")
  func bothUnmet() throws {
    let result = try command.run("svd-compress p.png --rank 1 --require-psnr 60 --require-error 0")
    #expect(result.status == 1)
    let lines = result.error.split(separator: "\n")
    #expect(
      lines.count == 2 && lines.allSatisfy { $0.hasPrefix("linalg svd-compress: --require-") })
  }

  @Test("a met requirement is silent")
  func met() throws {
    let line = "svd-compress p.png --rank 24 -o q.png --require-psnr 60 --require-error 0.001"
    let result = try command.succeed(line)
    #expect(result.error.isEmpty)
    #expect(command.folder.list().contains("q.png"))
  }
}

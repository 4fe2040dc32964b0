import Factorizations
import FileFormats
import Glibc
import JSONText
import Tensors
import TestSupport
import Testing

/// The rules of `denoise`: which there are, their thresholds, and the numbers that come out.
@Suite("Denoising: rules")
struct DenoiseRulesTests {
  private let command: CommandFolder

  init() throws { command = try CommandFolder() }

  private static let keys = [
    "rule", "scope", "sigma", "threshold", "rank", "psnr_before", "psnr", "ssim_before", "ssim",
    "relative_error", "seconds",
  ]
  private static let all = DenoisingFormulas.names + ["rank:4", "soft:6", "soft:2.5"]
  private static let list = all.joined(separator: ",")

  private func names(_ line: String) throws -> [String] {
    try command.rows("denoise \(line)").map { $0["rule"]?.stringValue ?? "" }
  }

  @Test("one rule, a list in its order, all")
  func lists() throws {
    try command.writeNoisy(12, 9)
    #expect(try names("y.npy") == ["fro"])
    for rule in Self.all { #expect(try names("y.npy --rule \(rule)") == [rule]) }
    #expect(try names("y.npy --rule soft:1.50,hard,rank:2") == ["soft:1.5", "hard", "rank:2"])
    #expect(try names("y.npy --rule all") == DenoisingFormulas.names)
    #expect(try names("y.npy --rule all,rank:3") == DenoisingFormulas.names + ["rank:3"])
    #expect(try names("y.npy --rule rank:3,all") == ["rank:3"] + DenoisingFormulas.names)
  }

  @Test("the columns and their order, in JSON, CSV and TSV")
  func columns() throws {
    try command.writeNoisy(12, 9)
    try command.writePicture(width: 40, height: 36)
    for line in ["denoise y.npy --rule all", "denoise p.png --add-noise 5 --scope both"] {
      let document = try command.document(line)
      #expect(document["command"] == .string("denoise"))
      for row in try command.rows(line) { #expect(row.keys == Self.keys) }
      for (format, separator) in [("csv", ","), ("tsv", "\t")] {
        let text = try command.succeed("\(line) -q --format \(format)").output
        #expect(text.hasPrefix(Self.keys.joined(separator: separator) + "\n"))
        #expect(text.split(separator: "\n").count == (line.contains("all") ? 8 : 3))
      }
      let markdown = try command.succeed(line + " --format markdown").output
      let header = markdown.prefix { $0 != "\n" }.filter { $0 != " " }
      #expect(
        header.hasPrefix("|rule|scope|σ|threshold|rank|PSNRbefore(dB)|PSNR(dB)|"), "\(header)")
    }
    let row = try command.rows("denoise y.npy")[0]
    for key in ["psnr_before", "psnr", "ssim_before", "ssim", "relative_error"] {
      #expect(row[key] == .null, "\(key)")
    }
    #expect(row.number("seconds") >= 0)
  }

  @Test("whole matrices: thresholds, ranks and numbers", arguments: [(30, 44), (60, 20), (25, 25)])
  func global(rows: Int, columns: Int) throws {
    let matrix = try command.writeNoisy(rows, columns)
    let formulas = DenoisingFormulas(rows: rows, columns: columns, sigma: 0.5)
    let table = try command.rows("denoise y.npy --sigma 0.5 --rule \(Self.list)")
    for (rule, row) in zip(Self.all, table) {
      let expected = try DenoisingFormulas.global(matrix, rule, sigma: 0.5)
      #expect(row["scope"] == .string("global"))
      #expect(row.integer("rank") == expected.rank, "\(rule)")
      try checkNoise(row, rule, formulas)
      try command.succeed("denoise y.npy --sigma 0.5 --rule \(rule) -o x.npy")
      let result = try command.readArray("x.npy")
      #expect(result.distance(to: expected.matrix) <= matrix.roundingLimit, "\(rule)")
    }
  }

  @Test("blocks: thresholds of the block's size, mean ranks and numbers")
  func blocks() throws {
    let matrix = try command.writeNoisy(30, 44)
    let formulas = DenoisingFormulas(rows: 9, columns: 9, sigma: 0.5)
    let options = "denoise y.npy --sigma 0.5 --block 9 --stride 4"
    let table = try command.rows("\(options) --rule \(Self.list)")
    for (rule, row) in zip(Self.all, table) {
      let expected = try DenoisingFormulas.blocks(matrix, rule, sigma: 0.5, side: 9, stride: 4)
      let mean = Double(expected.ranks.reduce(0, +)) / Double(expected.ranks.count)
      #expect(row["scope"] == .string("blocks"))
      #expect(abs(row.number("rank") - mean) < 1e-12, "\(rule)")
      try checkNoise(row, rule, formulas)
      try command.succeed("\(options) --rule \(rule) -o x.npy --rank-map r.npy")
      let result = try command.readArray("x.npy")
      #expect(result.distance(to: expected.matrix) <= matrix.roundingLimit, "\(rule)")
      #expect(try command.readArray("r.npy").elements == expected.ranks.map(Double.init))
    }
  }

  /// σ and threshold of a row.
  private func checkNoise(_ row: JSONObject, _ rule: String, _ formulas: DenoisingFormulas) throws {
    let needsNoise = !rule.contains(":")
    #expect(row["sigma"] == (needsNoise ? .number(formulas.sigma) : .null), "\(rule)")
    if let threshold = formulas.threshold(rule) {
      #expect(abs(row.number("threshold") - threshold) <= 1e-12 * threshold, "\(rule)")
    } else if rule == "nuc" {
      // Just below it everything is dropped, just above not.
      let value = row.number("threshold")
      #expect(formulas.shrunk([value * 1.000001, value * 0.999999], rule)[1] == 0)
      #expect(formulas.shrunk([value * 1.000001, value * 0.999999], rule)[0] > 0)
    } else {
      let amount = rule.hasPrefix("soft:") ? Double(rule.dropFirst(5)) : nil
      #expect(row["threshold"]?.numberValue == amount, "\(rule)")
    }
  }

  @Test("a matrix and its transpose agree", arguments: ["", " --block 8 --stride 3"])
  func transposed(options: String) throws {
    let matrix = try command.writeNoisy(24, 57)
    try command.writeMatrix(matrix.transposed().elements, 57, 24, to: "t.npy")
    for rule in Self.all {
      let line = "\(options) --rule \(rule)"
      let row = try command.rows("denoise y.npy\(line) -o a.npy")[0]
      let turned = try command.rows("denoise t.npy\(line) -o b.npy")[0]
      let difference = try command.readArray("a.npy").transposed()
        .distance(to: command.readArray("b.npy"))
      #expect(difference <= matrix.roundingLimit, "\(rule)")
      for key in ["sigma", "threshold", "rank"] where row[key] != .null {
        #expect(abs(row.number(key) - turned.number(key)) <= 1e-9 * row.number(key), "\(rule)")
      }
    }
  }

  @Test("σ is estimated near what was added, also where blocks are denoised")
  func estimate() throws {
    try command.writeNoisy(140, 90, sigma: 0.7)
    for options in ["", " --scope blocks"] {
      let document = try command.document("denoise y.npy\(options)")
      let row = try #require(document["rows"]?.arrayValue?.first?.objectValue)
      #expect(abs(row.number("sigma") / 0.7 - 1) < 0.03, "\(row.number("sigma"))")
      #expect(document.notes.count == 2)
      #expect(document.notes.first?.contains("from the median singular value") == true)
      let law = "from the Marchenko–Pastur law (white noise: up to"
      #expect(document.notes.last?.contains(law) == true)
    }
    #expect(try command.succeed("denoise y.npy").error.isEmpty)
    // Nobody asks for it.
    #expect(try command.document("denoise y.npy --rule rank:3").notes.isEmpty)
  }

  @Test("the tutorial's rule takes the tutorial's σ, unless one is given")
  func simple() throws {
    let matrix = try command.writeNoisy(60, 41)
    let median = try matrix.singularValues()[20]
    let document = try command.document("denoise y.npy --rule simple,edge")
    let rows = try command.rows("denoise y.npy --rule simple,edge")
    let sigma = median / (0.6745 * sqrt(60))
    #expect(abs(rows[0].number("sigma") - sigma) < 1e-12)
    #expect(abs(rows[0].number("threshold") - sigma * sqrt(202)) < 1e-10)
    #expect(abs(rows[1].number("sigma") - 0.5) < 0.02)
    #expect(document.notes.contains { $0.hasPrefix("simple takes its own σ = ") })
    let given = try command.rows("denoise y.npy --rule simple,edge --sigma 0.5")
    #expect(given.map { $0.number("sigma") } == [0.5, 0.5])
  }

  @Test("usvt names the n that it uses")
  func usvt() throws {
    try command.writeNoisy(40, 50)
    let notes = try command.document("denoise y.npy --rule usvt --scope both --block 8").notes
    #expect(notes.contains { $0.hasPrefix("usvt takes n = 40 and 8 in blocks") }, "\(notes)")
  }

  @Test("a given σ that the singular values contradict is a warning")
  func contradiction() throws {
    try command.writeNoisy(60, 41)
    for (sigma, warns) in [("0.5", false), ("0.48", false), ("0.3", true), ("5", true)] {
      let result = try command.succeed("denoise y.npy --sigma \(sigma)")
      #expect(
        result.error.contains("like white noise of σ = ") == warns, "\(sigma): \(result.error)")
      #expect(result.output.contains("the median singular value suggests 0.") == warns)
    }
    #expect(try command.succeed("denoise y.npy --sigma 5 -q").error.isEmpty)
  }

  @Test("what is not white noise is a warning")
  func notWhite() throws {
    // Each number is the mean of nine neighbours.
    var random = SeededGenerator(seed: 5)
    let noise = (0..<100 * 100).map { _ in random.normal() }
    let blurred = (0..<100 * 100).map { index -> Double in
      let window = (0..<9).map { index + $0 / 3 * 100 + $0 % 3 }
      return window.reduce(0.0) { $0 + noise[$1 % 10_000] }
    }
    try command.writeMatrix(blurred, 100, 100, to: "b.npy")
    let result = try command.succeed("denoise b.npy")
    #expect(result.error.contains("warning: the singular values below the noise edge lie "))
    #expect(result.error.contains("does not look like white noise, σ may be wrong; give --sigma"))
    #expect(result.output.contains("give --sigma"))
    #expect(try command.succeed("denoise b.npy -q").error.isEmpty)
  }
}

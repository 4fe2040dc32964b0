import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// Which of several results is written, and what is required of it.
@Suite("Denoising: the best, and what is required")
struct DenoiseRequirementTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.writePicture(width: 48, height: 40)
    try command.succeed("denoise p.png --add-noise 20 --seed 1 --noisy n.png")
    try command.writeNoisy(50, 41, clean: "x.npy")
  }

  /// The place of the best row.
  private func best(_ rows: [JSONObject], by key: String) -> Int {
    let sign = key == "psnr" ? 1.0 : -1
    return rows.indices.max { sign * rows[$0].number(key) < sign * rows[$1].number(key) } ?? 0
  }

  @Test("--best-by writes what the best row alone writes", arguments: ["psnr", "error"])
  func pictures(criterion: String) throws {
    let rules = "--rule soft:900,usvt,hard,fro,nuc,simple,rank:1,op --scope both --sigma 20"
    for input in ["n.png --reference p.png", "p.png --add-noise 20 --seed 1"] {
      let line = "denoise \(input)"
      let document = try command.document(
        "\(line) \(rules) --best-by \(criterion) -o a.png --residual a.npy")
      let rows = try #require(document["rows"]?.arrayValue).compactMap(\.objectValue)
      #expect(rows.count == 16)
      let key = criterion == "psnr" ? "psnr" : "relative_error"
      let row = rows[best(rows, by: key)]
      let (rule, scope) = (row["rule"]?.stringValue ?? "", row["scope"]?.stringValue ?? "")
      #expect(document.notes.contains("best by \(criterion): \(rule), \(scope)"))
      #expect(rule != "soft:900", "the first row would be no test")
      let alone = try command.rows(
        "\(line) --sigma 20 --rule \(rule) --scope \(scope) -o b.png --residual b.npy")[0]
      #expect(CommandFolder.withoutSeconds(alone) == CommandFolder.withoutSeconds(row))
      for suffix in ["png", "npy"] {
        #expect(
          try command.folder.read("a.\(suffix)") == command.folder.read("b.\(suffix)"),
          "\(rule), \(scope)")
      }
    }
  }

  @Test("--best-by error for matrices")
  func matrices() throws {
    let line = "denoise y.npy --reference x.npy"
    let rows = try command.rows(
      "\(line) --rule rank:1,all,rank:9 --scope both --best-by error -o a.npy")
    let row = rows[best(rows, by: "relative_error")]
    let (rule, scope) = (row["rule"]?.stringValue ?? "", row["scope"]?.stringValue ?? "")
    #expect(scope == "global", "three planted directions are seen best as a whole")
    try command.succeed("\(line) --rule \(rule) --scope \(scope) -o b.npy")
    #expect(try command.folder.read("a.npy") == command.folder.read("b.npy"))
  }

  @Test("the rank map and the plot are those of the best")
  func bestInBlocks() throws {
    let line = "denoise n.png --reference p.png --scope blocks"
    let rows = try command.rows(
      "\(line) --rule rank:9,fro,rank:1 --best-by psnr --rank-map a.npy --plot a.svg")
    #expect(best(rows, by: "psnr") == 1)
    try command.succeed("\(line) --rule fro --rank-map b.npy")
    #expect(try command.folder.read("a.npy") == command.folder.read("b.npy"))
  }

  @Test(
    "several results and no choice",
    arguments: [
      "--rule hard,fro -o x.png", "--rule all -o x.png", "--scope both -o x.png",
      "--rule hard,fro --residual r.npy", "--rule hard,fro --rank-map r.npy",
      "--rule hard,fro --reference p.png --require-psnr 20",
      "--scope both --add-noise 5 --require-gain 1",
    ])
  func several(options: String) throws {
    try command.expectRefusal(
      "denoise n.png \(options)", status: 64, "is about one result, and there are", "--best-by")
    // The plot shows them all.
    try command.succeed("denoise n.png --rule hard,fro --plot s.svg")
  }

  @Test(
    "an unmet requirement: the table is printed, its copies are written, outputs are not",
    arguments: [
      ("--require-psnr 60", "--require-psnr 60: fro, blocks reaches 2"),
      ("--require-gain 20.5", "--require-gain 20.5: fro, blocks gains "),
    ])
  func unmet(requirement: String, words: String) throws {
    try command.folder.write("old", to: "q.png")
    let before = command.folder.list()
    let line =
      "denoise n.png --reference p.png -o q.png --residual r.npy --rank-map m.npy --plot s.svg"
    let result = try command.run("\(line) --table t.csv \(requirement)")
    command.expectFailure(result, of: line, status: 1, [words, " dB"])
    #expect(result.output.hasPrefix("rule  scope"))
    #expect(command.folder.list() == (before + ["t.csv"]).sorted())
    #expect(try command.folder.read("q.png") == Array("old".utf8))
  }

  @Test("both requirements are named when both fail; the best is what counts")
  func bothUnmet() throws {
    let result = try command.run(
      "denoise p.png --add-noise 20 --rule soft:1,fro --best-by psnr --require-psnr 90 "
        + "--require-gain 70")
    #expect(result.status == 1)
    let lines = result.error.split(separator: "\n")
    #expect(lines.count == 2 && lines.allSatisfy { $0.contains(": fro, blocks ") }, "\(lines)")
  }

  @Test("met requirements are silent, to the last digit")
  func met() throws {
    let line = "denoise n.png --reference p.png"
    let row = try command.rows(line)[0]
    let (psnr, before) = (row.number("psnr"), row.number("psnr_before"))
    let met = try command.succeed(
      "\(line) --require-psnr \(psnr) --require-gain \(psnr - before) -o q.png")
    #expect(met.error.isEmpty && command.folder.list().contains("q.png"))
    for requirement in [
      "--require-psnr \(psnr.nextUp)", "--require-gain \((psnr - before).nextUp)",
    ] {
      #expect(try command.run("\(line) \(requirement)").status == 1, "\(requirement)")
    }
    try command.succeed("\(line) --require-psnr 0 --require-gain 0")
    // A rule that loses.
    let lost = try command.run("\(line) --rule soft:1e6 --require-gain 0")
    command.expectFailure(lost, of: "denoise", status: 1, ["soft:1000000, blocks gains -"])
  }

  @Test("the gain of a matrix is that of its error")
  func matrixGain() throws {
    let line = "denoise y.npy --reference x.npy"
    try command.succeed("\(line) --require-gain 6")
    let unmet = try command.run("\(line) --require-gain 60")
    command.expectFailure(unmet, of: "denoise", status: 1, ["--require-gain 60: fro, global gains"])
    // An exact copy cannot gain.
    let equal = try command.run("denoise p.png --reference p.png --rule rank:32 --require-gain 1")
    command.expectFailure(equal, of: "denoise", status: 1, ["rank:32, blocks gains 0"])
    let exact = try command.run("denoise y.npy --reference y.npy --require-gain 0")
    command.expectFailure(exact, of: "denoise", status: 1, ["fro, global gains -inf"])
  }
}

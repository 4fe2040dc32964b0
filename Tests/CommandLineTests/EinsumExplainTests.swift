import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// Plans: what `--explain`, `--shapes`, `--plan-only`, `--path` and `--max-memory` do.
@Suite("einsum: plans")
struct EinsumExplainTests {
  private let command: CommandFolder
  private static let chain = "einsum ij,jk,kl->il"

  init() throws {
    command = try CommandFolder()
    try command.writeArray([1, 2, 3, 4], [2, 2], to: "a.npy")
    try command.writeArray((0..<10).map(Double.init), [2, 5], to: "b.npy")
    try command.writeArray((0..<10).map { Double($0 % 3) }, [5, 2], to: "c.npy")
  }

  private func summary(_ line: String) throws -> JSONObject {
    try #require(try command.document(line)["summary"]?.objectValue)
  }

  private func path(_ summary: JSONObject) -> [[Int]]? {
    summary["path"]?.arrayValue?.compactMap { $0.arrayValue?.compactMap(\.integerValue) }
  }

  @Test("the keys of rows and summary, before and after a run")
  func keys() throws {
    let stepKeys = [
      "step", "contraction", "scaling", "operations", "kernel", "shape", "bytes", "seconds",
      "gflops",
    ]
    let summaryKeys = [
      "contraction", "path", "method", "naive_operations", "operations", "speedup",
      "largest_intermediate", "largest_intermediate_bytes", "predicted_peak_bytes", "peak_bytes",
    ]
    for option in ["--explain", "--plan-only", "--plan-only --explain"] {
      let document = try command.document("\(Self.chain) a.npy b.npy c.npy \(option)")
      let rows = document["rows"]?.arrayValue?.compactMap(\.objectValue) ?? []
      let summary = try #require(document["summary"]?.objectValue)
      #expect(rows.count == 2 && rows.allSatisfy { $0.keys == stepKeys }, "\(option)")
      #expect(summary.keys == summaryKeys)
      #expect(rows.map { $0["contraction"]?.stringValue } == ["jk,kl->jl", "ij,jl->il"])
      #expect(rows.map { $0.number("operations") } == [40, 16])
      #expect(rows.map { $0.integer("scaling") } == [3, 3])
      #expect(rows.map { $0.integer("bytes") } == [32, 32])
      #expect(rows.allSatisfy { $0["kernel"]?.stringValue == "gemm" })
      let isRun = option == "--explain"
      #expect(rows.allSatisfy { ($0["seconds"] == .null) != isRun })
      #expect(summary.integer("predicted_peak_bytes") == 64)
      if isRun {
        #expect(summary.integer("peak_bytes") == 64)
        #expect(rows.allSatisfy { $0.number("seconds") >= 0 })
      } else {
        #expect(summary["peak_bytes"] == .null)
      }
    }
  }

  @Test("the golden contractions")
  func golden() throws {
    let five = try summary(
      "einsum ea,fb,abcd,gc,hd->efgh --shapes 10x10,10x10,10x10x10x10,10x10,10x10")
    #expect(five.number("naive_operations") == 5e8 && five.number("operations") == 8e5)
    #expect(five.number("speedup") == 625 && five.integer("largest_intermediate") == 10_000)
    #expect(path(five) == [[0, 2], [0, 3], [0, 2], [0, 1]])
    let chain = try summary("\(Self.chain) --shapes 2x2,2x5,5x2")
    #expect(chain.number("naive_operations") == 120 && chain.number("operations") == 56)
    #expect(chain.integer("largest_intermediate") == 4 && path(chain) == [[1, 2], [0, 1]])
    #expect(chain["contraction"]?.stringValue == "ij,jk,kl->il")
    let text = try command.succeed("\(Self.chain) --shapes 2x2,2x5,5x2").output
    for word in ["120 operations as one step, 56 in this order", "(1,2),(0,1) by optimal"] {
      #expect(text.contains(word), "\(text)")
    }
    #expect(text.contains("largest intermediate 4 elements, 32 B; peak 64 B predicted"))
    // In single precision half of it; scalars are written ().
    #expect(
      try summary("\(Self.chain) --shapes 2x2,2x5,5x2 --dtype f32").integer("predicted_peak_bytes")
        == 32)
    #expect(try summary("einsum ,i-> --shapes (),7").number("operations") == 14)
  }

  @Test("a run with --explain writes its result, too")
  func explainedRun() throws {
    let line = "\(Self.chain) a.npy b.npy c.npy"
    let expected = try command.succeed(line).output
    let result = try command.succeed("\(line) --explain -o r.npy")
    #expect(result.output.contains("measured") && result.output.contains("GFLOP/s"))
    #expect(try command.succeed("einsum ij r.npy").output == expected)
  }

  @Test("--plan-only reads headers alone")
  func planOnly() throws {
    let whole = try command.folder.read("b.npy")
    // Nothing but the header, which speaks of 80 bytes.
    try command.folder.write(Array(whole.prefix(128)), to: "b.npy")
    let plan = try summary("\(Self.chain) a.npy b.npy c.npy --plan-only")
    #expect(plan.number("operations") == 56)
    try command.expectRefusal("\(Self.chain) a.npy b.npy c.npy", status: 65, "b.npy")
    try command.expectRefusal(
      "\(Self.chain) a.npy b.npy c.npy --plan-only -o r.npy", status: 64, "--output")
    try command.expectRefusal(
      "\(Self.chain) a.npy b.npy c.npy --plan-only --verify", status: 64, "--verify")
    try command.folder.write(Array(whole.prefix(60)), to: "b.npy")
    try command.expectRefusal(
      "\(Self.chain) a.npy b.npy c.npy --plan-only", status: 65, "b.npy")
  }

  @Test("strategies and paths", arguments: ["auto", "optimal", "dp", "greedy"])
  func strategies(name: String) throws {
    let line = "\(Self.chain) a.npy b.npy c.npy"
    let plan = try summary("\(line) --path \(name) --plan-only")
    #expect(path(plan) == [[1, 2], [0, 1]], "\(name)")
    #expect(try command.succeed("\(line) --path \(name)").output == command.succeed(line).output)
  }

  @Test("a path of one's own, and from the JSON of --explain")
  func givenPaths() throws {
    let line = "\(Self.chain) a.npy b.npy c.npy"
    let expected = try command.succeed(line).output
    for text in ["(0,1),(0,1)", "(0,1,2)", "(1),(0,1),(0,1)", "[(0,2),(0,1)]", "(0,1),(0,1),(0,)"] {
      let plan = try summary("\(line) --path \(text) --plan-only")
      #expect(plan["method"]?.stringValue == "given")
      #expect(try command.succeed("\(line) --path \(text)").output == expected, "\(text)")
    }
    let document = try command.succeed("\(line) --path (0,2),(0,1) --explain --format json").output
    try command.folder.write(document, to: "plan.json")
    let plan = try summary("\(line) --path @plan.json --plan-only")
    #expect(path(plan) == [[0, 2], [0, 1]] && plan["method"]?.stringValue == "given")
    #expect(try command.succeed("\(line) --path @plan.json").output == expected)
    try command.folder.write(#"{"path": [[0, 1], [0, 1]]}"#, to: "short.json")
    #expect(path(try summary("\(line) --path @short.json --plan-only")) == [[0, 1], [0, 1]])
  }

  /// The number before "bytes" in the refusal of too small a limit.
  private func smallestLimit(_ line: String) throws -> Int {
    let refusal = try command.run("\(line) --max-memory 1")
    command.expectFailure(refusal, of: line, status: 71, ["needs ", " bytes", "--max-memory"])
    let words = refusal.error.split(separator: " ")
    let place = try #require(words.firstIndex { $0.hasPrefix("bytes") })
    return try #require(Int(words[place - 1]))
  }

  @Test(
    "the smallest limit that is named works, and no smaller one",
    arguments: [
      ("ea,fb,abcd,gc,hd->efgh", "10x10,10x10,10x10x10x10,10x10,10x10"),
      ("ab,bc,cd->ad", "1x9,9x100,100x9"), ("ijk,kjl->li", "7x8x3,3x8x5"),
      ("bij,bjk,kil->lb", "2x3x4,2x4x5,5x3x6"), ("cg,edba->d", "3x2,2x5x6x1"),
      ("ga,afg,g,d->", "2x4,4x6x2,2,7"), ("d,eg,da,gceb,dcgf->", "5,3x3,5x5,3x7x3x3,5x7x3x4"),
    ])
  func limits(text: String, shapes: String) throws {
    let line = "einsum \(text) --shapes \(shapes)"
    let smallest = try smallestLimit(line)
    let plan = try summary("\(line) --max-memory \(smallest)")
    #expect(plan.integer("predicted_peak_bytes") == smallest)
    try command.expectRefusal(
      "\(line) --max-memory \(smallest - 1)", status: 71, "needs \(smallest) bytes",
      "\(smallest - 1) are available")
  }

  @Test("another order where the cheapest does not fit, and a run under a limit")
  func limitedRun() throws {
    let line = "einsum ab,bc,cd->ad --shapes 1x9,9x100,100x9"
    #expect(path(try summary("\(line) --max-memory 872")) == [[0, 1], [0, 1]])
    let limited = try summary("\(line) --max-memory 871")
    #expect(path(limited) == [[1, 2], [0, 1]])
    #expect(limited["method"]?.stringValue == "memory-limited")
    // The path that was asked for is not replaced.
    try command.expectRefusal(
      "\(line) --path (0,1),(0,1) --max-memory 871", status: 71, "needs 872 bytes")
    try command.writeArray([Double](repeating: 1, count: 60), [60], to: "v.npy")
    let outer = "einsum i,j v.npy v.npy -o r.npy"
    try command.expectRefusal("\(outer) --max-memory 28799", status: 71, "needs 28800 bytes")
    try command.succeed("\(outer) --max-memory 28800")
    let run = try summary("einsum i,j v.npy v.npy --explain --max-memory 28800")
    #expect(run.integer("peak_bytes") == 28_800)
  }
}

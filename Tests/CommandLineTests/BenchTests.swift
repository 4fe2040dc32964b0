import JSONText
import TestSupport
import Testing

/// `conv-bench` and `rnn-bench` on small sizes: what the rows say, requirements, comparisons.
@Suite("Benches")
struct BenchTests {
  private let command: CommandFolder

  init() throws { command = try CommandFolder() }

  private static let convolution =
    "conv-bench --shape 2x3x9x8 --kernel 4x3x3x3 --padding 1 --runs 2"
  private static let recurrence =
    "rnn-bench --batch 2 --steps 3 --input 4 --hidden 5 --layers 2 --runs 2"

  @Test("every algorithm that can has a row for each pass, with an error that rounding explains")
  func convolutions() throws {
    for (dtype, epsilon) in [("f32", 1.2e-7), ("f64", 2.3e-16)] {
      let rows = try command.rows(
        Self.convolution + " --pass forward,backward --dtype \(dtype)")
      let names = rows.map {
        "\($0["algorithm"]?.stringValue ?? "") \($0["pass"]?.stringValue ?? "")"
      }
      let algorithms = ["direct", "im2col", "winograd2", "winograd4", "fft"]
      #expect(
        names == ["forward", "backward"].flatMap { pass in algorithms.map { "\($0) \(pass)" } })
      for row in rows {
        // Sums of at most 2·9·8 terms; Winograd's transforms lose up to 256 times as much.
        #expect(row.number("max_rel_error") <= 256 * 144 * epsilon, "\(row)")
        #expect(row.number("median_s") > 0 && row.number("min_s") <= row.number("median_s"))
        #expect(row.integer("runs") == 2 && row["remark"] == .null)
        #expect(row.number("gflops") > 0 && row.number("limit_share") > 0)
        #expect(row["shape"] == .array([2, 3, 9, 8].map(JSONValue.integer)))
      }
      #expect(
        rows.filter { $0["pass"] == .string("forward") }.count { $0["auto"] == .string("auto") }
          == 1)
      #expect(rows[0].number("speedup") == 1)
      #expect(rows[0].number("max_rel_error") > 0 || dtype == "f64")
    }
  }

  @Test("multiplications: Winograd does a part of the direct ones")
  func multiplications() throws {
    let rows = try command.rows("conv-bench --shape 1x4x8x8 --kernel 4x4x3x3 --padding 1 --runs 1")
    let counts = rows.map { $0.integer("multiplications") }
    #expect(counts[0] == 4 * 4 * 9 * 64 && counts[1] == counts[0])
    // 16 for 4 results instead of 36; 36 for 16 instead of 144.
    #expect(counts[2] * 36 == counts[0] * 16 && counts[3] * 144 == counts[0] * 36)
  }

  @Test("algorithms that cannot are left out, and refused when they are named")
  func support() throws {
    let strided = "conv-bench --shape 1x2x7x7 --kernel 2x2x3x3 --stride 2 --runs 1"
    let names = try command.rows(strided).compactMap { $0["algorithm"]?.stringValue }
    #expect(names == ["direct", "im2col"])
    try command.expectRefusal(
      strided + " --algorithms winograd2", status: 64, "--algorithms winograd2",
      "none of these convolutions")
  }

  @Test("both cells by both algorithms, forward and backward")
  func recurrences() throws {
    let rows = try command.rows(Self.recurrence + " --pass forward,backward")
    let names = rows.map { row in
      ["cell", "pass", "algorithm"].map { row[$0]?.stringValue ?? "" }.joined(separator: " ")
    }
    #expect(
      names
        == ["lstm", "gru"].flatMap { cell in
          ["forward", "backward"].flatMap { pass in
            ["fused", "gates"].map { "\(cell) \(pass) \($0)" }
          }
        })
    for row in rows {
      #expect(row.number("max_rel_error") <= 4 * 22 * 2 * 1.2e-7)
      #expect(row.integer("layers") == 2 && row.integer("hidden") == 5)
    }
  }

  @Test("--require-error and --require-speedup: the table is printed, the status is 1")
  func requirements() throws {
    let line = Self.convolution + " --algorithms direct,winograd4"
    let result = try command.run(line + " --require-error 1e-30")
    #expect(result.status == 1 && result.output.contains("winograd4"))
    #expect(result.error.contains("--require-error 1e-30: conv2d winograd4 forward"))
    try command.succeed(line + " --require-error 0.1 --require-speedup winograd4/direct=1e-9")
    let slow = try command.run(line + " --require-speedup winograd4/direct=1e9")
    #expect(slow.status == 1 && slow.error.contains("times as fast"))
    // Refused before anything is timed.
    try command.expectRefusal(
      line + " --require-speedup fft/direct=1", status: 64,
      "'fft' and 'direct' are not timed side by side")
  }

  @Test("--compare finds the rows of an earlier run")
  func comparison() throws {
    let line = Self.recurrence + " --cell gru"
    try command.succeed(line + " --table base.json")
    let rows = try command.rows(line + " --compare base.json --max-regression 1000000%")
    #expect(rows.allSatisfy { $0.number("change") > -1 })
    // A base that was impossibly fast.
    let text = String(decoding: try command.folder.read("base.json"), as: UTF8.self)
    let fast = text.split(separator: "\n").map { line in
      line.contains("\"median_s\"") || line.contains("\"iqr_s\"")
        ? String(line.prefix { $0 != ":" }) + ": 1e-12," : String(line)
    }
    try command.folder.write(fast.joined(separator: "\n"), to: "fast.json")
    let slower = try command.run(line + " --compare fast.json --max-regression 10%")
    #expect(slower.status == 1 && slower.error.contains("--max-regression 10%: gru fused forward"))
    // Rows of other sizes are not there.
    let other = try command.rows("rnn-bench --batch 1 --steps 2 --runs 1 --compare base.json")
    #expect(other.allSatisfy { $0["change"] == .null })
  }

  @Test("a case that does not fit is a row that says so")
  func memory() throws {
    let rows = try command.rows(Self.convolution + " --max-memory 1k")
    #expect(rows.contains { $0["remark"]?.stringValue?.contains("are available") == true })
  }

  @Test(
    "bad input",
    arguments: [
      ("conv-bench --shape 1x1x3x3 --kernel 1x1x5x5", 64, "conv2d of"),
      ("conv-bench --shape 1x1x3 --kernel 1x1x3x3", 64, "conv2d of"),
      ("conv-bench --shape 1x1x3x3", 64, "--kernel"),
      ("conv-bench --stride 2", 64, "--stride is about --shape"),
      ("conv-bench --layers resnet50 --shape 1x1x3x3 --kernel 1x1x3x3", 64, "two runs"),
      ("conv-bench --layers vgg", 64, "vgg"),
      ("conv-bench --algorithms direct,direct", 64, "none twice"),
      ("conv-bench --pass sideways", 64, "forward"),
      ("conv-bench --runs 0", 64, "from 1 up"),
      ("conv-bench --max-regression 10%", 64, "belongs to --compare"),
      ("conv-bench --compare base.json --max-regression 10", 64, "a percentage like 10%"),
      ("conv-bench --require-speedup fast", 64, "ratios like"),
      ("conv-bench --compare missing.json", 66, "missing.json"),
      ("conv-bench --compare empty.json", 65, "empty.json"),
      ("rnn-bench --compare other.json", 65, "not the JSON of rnn-bench"),
      ("rnn-bench --compare rows.json", 65, "no timed rows"),
      ("rnn-bench --cell rnn", 64, "lstm"),
      ("conv-bench --shape 1000x1000x1000x1000 --kernel 1x1000x1x1", 71, "bytes"),
      ("rnn-bench --hidden 1000000 --batch 100000 --steps 100000", 71, "bytes"),
      ("rnn-bench --hidden 1000000000000 --steps 1000000000000", 71, "shape"),
      ("conv-bench extra", 64, "extra"),
    ] as [(String, Int, String)])
  func refusals(line: String, status: Int, words: String) throws {
    try command.folder.write("", to: "empty.json")
    try command.folder.write(#"{"command":"conv-bench","rows":[]}"#, to: "other.json")
    try command.folder.write(#"{"command":"rnn-bench","rows":[{}]}"#, to: "rows.json")
    try command.folder.write("{}", to: "base.json")
    try command.expectRefusal(line, status: status, words)
  }
}

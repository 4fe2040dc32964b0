import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// `attention-bench` on small sizes: what the rows say, growth, files, requirements, refusals.
@Suite("attention-bench")
struct AttentionBenchTests {
  private let command: CommandFolder

  init() throws { command = try CommandFolder() }

  private static let small = "attention-bench --heads 2 --dim 5 --runs 1"

  @Test("a row for every variant, length, pass and kind of causality, with errors of rounding")
  func rows() throws {
    for (dtype, epsilon) in [("f32", 1.2e-7), ("f64", 2.3e-16)] {
      let rows = try command.rows(
        Self.small + " --batch 2 --seq 7,130 --variants naive,flash,mqa,linformer:3"
          + " --pass forward,backward --causal both --dtype \(dtype)")
      #expect(rows.count == 2 * 2 * 2 * 4)
      for row in rows {
        if row["variant"] == .string("linformer:3"), row["causal"] == .string("yes") {
          #expect(row["remark"]?.stringValue?.contains("not causal") == true)
          continue
        }
        #expect(row["remark"] == .null && row.number("median_s") > 0, "\(row)")
        #expect(row.number("max_rel_error") <= 1e4 * epsilon, "\(row)")
        #expect(row.integer("batch") == 2 && row.integer("heads") == 2)
        #expect(row.integer("kv_heads") == (row["variant"] == .string("mqa") ? 1 : 2))
        #expect(row.integer("seq") == row.integer("keys") && row.integer("dim") == 5)
      }
      let naive = rows.filter { $0["variant"] == .string("naive") }
      #expect(naive.allSatisfy { $0.number("speedup") == 1 })
      #expect(naive[0].integer("extra_bytes") == 2 * 2 * 7 * 7 * (dtype == "f32" ? 4 : 8))
    }
  }

  @Test("operations: 4·B·H·T²·d, half where causal, 2.5 times as many backward")
  func operations() throws {
    let rows = try command.rows(
      Self.small + " --seq 64 --variants flash --pass forward,backward --causal both")
    let counts = rows.map { ($0.number("gflops") * $0.number("median_s") * 1e9).rounded() }
    let all = Double(4 * 2 * 64 * 64 * 5)
    #expect(counts == [all, all / 2, 2.5 * all, 1.25 * all])
  }

  @Test("flash takes memory that grows with the length, naive with its square")
  func growth() throws {
    let document = try command.document(
      Self.small + " --seq 128..2048x4 --variants naive,flash --pass forward,backward")
    let growth = document["summary"]?.objectValue?["growth"]?.arrayValue ?? []
    let exponents = growth.compactMap { $0.objectValue?["memory_exponent"]?.numberValue }
    #expect(growth.count == 4 && exponents.count == 4)
    #expect(abs(exponents[0] - 2) < 1e-9 && abs(exponents[2] - 2) < 1e-9)
    #expect(exponents[1] <= 1.1 && exponents[3] <= 1.1)
    let text = try command.succeed(Self.small + " --seq 64,128 --variants naive -q").output
    #expect(text.hasPrefix("naive forward: time grows as T^"))
    #expect(text.contains("extra memory as T^2.00\n"))
  }

  @Test("measured memory is what the process grew by: for naive the scores")
  func measured() throws {
    let rows = try command.rows(
      "attention-bench --heads 4 --dim 8 --runs 1 --seq 1024 --variants naive,flash")
    let scores = 4 * 1024 * 1024 * 4
    // The kernel may not tell.
    guard rows[0]["measured_bytes"] != .null else { return }
    #expect(abs(rows[0].integer("measured_bytes") - scores) < scores / 4)
    #expect(rows[1].integer("measured_bytes") < scores / 4)
  }

  @Test("decoding: one query per sequence, a cache of 1/H of the bytes for mqa")
  func decoding() throws {
    let rows = try command.rows(
      "attention-bench --pass decode --cache 16..256x4 --heads 4 --dim 8 --batch 3 --runs 1"
        + " --variants flash,mqa,gqa:2")
    #expect(rows.map { $0.integer("keys") } == [16, 16, 16, 64, 64, 64, 256, 256, 256])
    #expect(rows.allSatisfy { $0.integer("seq") == 1 && $0["pass"] == .string("decode") })
    let bytes = rows.map { $0.integer("kv_bytes") }
    #expect(bytes[0] == 2 * 3 * 4 * 16 * 8 * 4 && bytes[1] * 4 == bytes[0])
    #expect(bytes[2] * 2 == bytes[0] && rows[0].number("kv_gb_per_s") > 0)
    #expect(rows[0].number("speedup") == 1)
  }

  @Test("Linformer: its distance from exact attention, above that of the best matrix of its rank")
  func approximation() throws {
    let row = try command.rows(Self.small + " --seq 48 --variants linformer:6")[0]
    #expect(row.number("approximation_error") > 0)
    #expect(row.number("share_error") >= row.number("best_share_error"))
    #expect((1...48).contains(row.integer("effective_rank")))
    let full = try command.rows(Self.small + " --seq 48 --variants linformer:48")[0]
    #expect(full.number("approximation_error") < 1e-5 && full.number("best_share_error") == 0)
    let short = try command.rows(Self.small + " --seq 5 --variants linformer:6")[0]
    #expect(short["remark"]?.stringValue == "6 combinations of 5 keys")
  }

  @Test("sizes that fit no block: T 1, d 1, d 80, three heads")
  func oddSizes() throws {
    for line in ["--seq 1 --dim 1 --heads 1", "--seq 129 --dim 80 --heads 3 --batch 2"] {
      let rows = try command.rows(
        "attention-bench --runs 1 --pass forward,backward --causal both \(line)"
          + " --variants naive,flash,mqa")
      #expect(rows.allSatisfy { $0["remark"] == .null }, "\(line)")
    }
  }

  @Test("what does not fit is a row that says so, and the others are timed")
  func memory() throws {
    let rows = try command.rows(
      "attention-bench --heads 1 --dim 4 --seq 64,2048 --variants naive,flash --runs 1"
        + " --max-memory 1M")
    let remarks = rows.map { $0["remark"]?.stringValue ?? "" }
    #expect(remarks[0].isEmpty && remarks[1].isEmpty && remarks[3].isEmpty, "\(remarks)")
    #expect(remarks[2].contains("needs 16777216 bytes"))
    let huge = try command.rows("attention-bench --seq 1000000000000 --variants flash,mqa")
    #expect(huge.allSatisfy { $0["remark"]?.stringValue?.contains("are available") == true })
  }

  /// Q, K and V of these shapes as files.
  private func write(
    _ shapes: [Shape], scale: Double = 1, change: (inout [Tensor<Float>]) -> Void = { _ in }
  ) throws -> [Tensor<Float>] {
    var tensors = shapes.enumerated().map { place, shape in
      RandomSource(seed: 3, substream: UInt32(place)).normal(shape, as: Float.self)
    }
    tensors[0] = tensors[0] * Float(scale)
    change(&tensors)
    for (name, tensor) in zip(["Q.npy", "K.npy", "V.npy"], tensors) {
      try command.folder.write(Npy.encode(StoredArray(tensor)).joined, to: name)
    }
    return tensors
  }

  private func read(_ name: String) throws -> Tensor<Float> {
    try Npy.decode(command.folder.read(name)[...], budget: .unlimited()).tensor(as: Float.self)
  }

  private static let files = "attention-bench --from Q.npy K.npy V.npy --runs 1"

  @Test("files: the output is what attention gives, in either layout")
  func files() throws {
    let tensors = try write([[2, 4, 9, 3], [2, 2, 7, 3], [2, 2, 7, 5]])
    try command.succeed(Self.files + " -o O.npy")
    try command.succeed("eval attention(Q,K,V) --in Q=Q.npy --in K=K.npy --in V=V.npy -o E.npy")
    let output = try read("O.npy")
    let expected = try read("E.npy")
    #expect(output.shape == [2, 4, 9, 5])
    #expect((output - expected).maximumMagnitude() <= 100 * 0x1p-23)
    for (name, tensor) in zip(["Q.npy", "K.npy", "V.npy"], tensors) {
      try command.folder.write(
        Npy.encode(StoredArray(tensor.permuted([0, 2, 1, 3]))).joined, to: name)
    }
    try command.succeed(Self.files + " --layout bthd -o P.npy")
    let other = try read("P.npy")
    #expect(other.permuted([0, 2, 1, 3]) == output)
    let row = try command.rows(Self.files + " --layout bthd --causal yes")[0]
    #expect(row.integer("kv_heads") == 2 && row.integer("seq") == 9 && row.integer("keys") == 7)
  }

  @Test("scores of ±10⁴ and equal scores: no overflow, errors of rounding")
  func extremeScores() throws {
    for scale in [1e4, 0] {
      _ = try write([[2, 70, 4], [2, 70, 4], [2, 70, 4]], scale: scale)
      let rows = try command.rows(Self.files + " --variants naive,flash --pass forward,backward")
      #expect(rows.allSatisfy { $0["remark"] == .null })
      // Backward nearly all numbers vanish where one key has all the weight.
      #expect(rows.prefix(2).allSatisfy { $0.number("max_rel_error") <= 0.02 })
    }
    // All scores equal: the mean of the values.
    try command.succeed(Self.files + " -o O.npy")
    let output = try read("O.npy")
    let values = try read("V.npy")
    let mean = (0..<70).reduce(Float(0)) { $0 + values[0, $1, 2] } / 70
    #expect(abs(output[0, 33, 2] - mean) <= 70 * 0x1p-23)
  }

  @Test("queries that see no key give zeros")
  func hiddenRows() throws {
    _ = try write([[6, 4], [2, 4], [2, 4]])
    try command.succeed(Self.files + " --causal yes -o O.npy")
    let output = try read("O.npy")
    #expect(output.elements[..<16].allSatisfy { $0 == 0 } && output[4, 0] != 0)
  }

  @Test("files that do not fit: 65, with the shapes; what is not finite: 65, with the place")
  func badFiles() throws {
    _ = try write([[2, 9, 3], [2, 7, 4], [2, 7, 4]])
    try command.expectRefusal(Self.files, status: 65, "2x9x3", "2x7x4")
    _ = try write([[9, 3], [7, 3], [7, 3]]) { $0[1] = Self.replacing($0[1], 4, with: .nan) }
    try command.expectRefusal(Self.files, status: 65, "K.npy: the number at [1, 1] is not finite")
    _ = try write([[9, 3], [7, 3], [7, 3]]) { $0[2] = Self.replacing($0[2], 0, with: .infinity) }
    try command.expectRefusal(Self.files, status: 65, "V.npy: the number at [0, 0]", "inf")
    _ = try write([[9, 3], [0, 3], [0, 3]])
    try command.expectRefusal(Self.files, status: 65, "none empty")
    _ = try write([[9, 3], [7, 3], [7, 3]])
    try command.expectRefusal(Self.files + " --layout bthd", status: 65, "[B, T, H, d]")
    try command.expectRefusal(
      "attention-bench --from Q.npy K.npy missing.npy", status: 66, "missing.npy")
  }

  private static func replacing(
    _ tensor: Tensor<Float>, _ place: Int, with value: Float
  ) -> Tensor<Float> {
    var elements = tensor.elements
    elements[place] = value
    return Tensor(tensor.shape, elements)
  }

  @Test("the plot has time and memory, a line for each variant")
  func plot() throws {
    try command.succeed(Self.small + " --seq 16,32,64 --variants naive,flash --plot scaling.svg")
    let text = String(decoding: try command.folder.read("scaling.svg"), as: UTF8.self)
    #expect(text.contains("Time of attention") && text.contains("Extra memory of attention"))
    #expect(text.split(separator: "<polyline").count == 5)
    #expect(text.split(separator: "</svg>", omittingEmptySubsequences: false).count == 2)
  }

  @Test("--require-error, --require-speedup and --compare as in the other benches")
  func requirements() throws {
    let line = Self.small + " --seq 64 --variants naive,flash"
    try command.succeed(line + " --require-error 1e-4 --table base.json")
    let strict = try command.run(line + " --require-error 1e-30")
    #expect(strict.status == 1 && strict.error.contains("--require-error 1e-30: flash forward"))
    let slow = try command.run(line + " --require-speedup flash/naive=1e9")
    #expect(slow.status == 1 && slow.error.contains("times as fast"))
    try command.expectRefusal(
      line + " --require-speedup mqa/naive=1", status: 64, "not timed side by side")
    let rows = try command.rows(line + " --compare base.json --max-regression 1000000%")
    #expect(rows.allSatisfy { $0["change"] != .null })
    let other = try command.rows(line + " --causal yes --compare base.json")
    #expect(other.allSatisfy { $0["change"] == .null })
  }

  @Test("the document names the processor")
  func processor() throws {
    let summary = try command.document(Self.small + " --seq 8 --variants flash")["summary"]
    #expect(summary?.objectValue?["processor"] != nil)
    #expect(summary?.objectValue?["product_gflops"]?.numberValue ?? 0 > 0)
  }

  @Test(
    "usage",
    arguments: [
      ("--seq 0", "sizes from 1 up"), ("--seq 512,256", "larger than the one before"),
      ("--seq 1..8", "256..4096x2"), ("--seq 8..1x2", "sizes"),
      ("--variants fast", "linformer:RANK"),
      ("--variants gqa", "gqa:HEADS"), ("--variants flash,flash", "none twice"),
      ("--variants gqa:3", "3 does not divide 8 heads"), ("--variants gqa:16", "does not divide"),
      ("--causal maybe", "both"), ("--pass sideways", "decode"),
      ("--cache 16", "--cache is about --pass decode"),
      ("--pass decode --seq 16", "--cache is"),
      ("--pass decode --variants linformer:4", "neither causal nor decodes"),
      ("--causal yes --variants linformer:4", "neither causal nor decodes"),
      ("--from Q.npy K.npy", "three files"), ("--layout bthd", "--layout is about --from"),
      ("-o O.npy", "-o is about --from"), ("--plot scaling.png", ".svg"),
      ("--from Q.npy K.npy V.npy --seq 4", "the files have the sizes"),
      ("--from Q.npy K.npy V.npy --variants mqa", "the heads of K and V say it"),
      ("--from Q.npy K.npy V.npy --pass decode", "--pass forward"),
      ("--from Q.npy K.npy V.npy --plot p.svg", "several lengths"),
      ("--from Q.npy K.npy V.npy --variants flash,naive -o O.npy", "one variant"),
      ("--from Q.npy K.npy V.npy --pass backward -o O.npy", "one forward pass"),
      ("--from Q.npy K.npy V.npy --causal both -o O.npy", "one forward pass"),
      ("--pass decode --causal yes", "--causal is not about"), ("--dim 0", "from 1 up"),
      ("--heads -1", "from 1 up"),
    ])
  func usage(options: String, words: String) throws {
    try command.expectRefusal("attention-bench \(options)", status: 64, words)
  }
}

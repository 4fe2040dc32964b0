import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// The randomised method, and what must not change from run to run.
@Suite("Randomised method and repeatability")
struct RandomizedTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.copyGaussian()
    try command.writePicture(.rgb, width: 64, height: 48, to: "p.png")
  }

  @Test(
    "the certified interval holds the optimum", arguments: ["g.npy", "p.png", "a.npy", "z.npy"])
  func interval(name: String) throws {
    let graded = TestMatrix.graded
    try command.writeMatrix(graded.values, 20, 14, to: "a.npy")
    try command.writeMatrix([Double](repeating: 0, count: 80), 8, 10, to: "z.npy")
    for rank in [1, 3, 7] {
      for seed in 0..<3 {
        let line = "svd-compress \(name) --rank \(rank)"
        let exact = try command.rows("\(line) --method exact")[0]
        let row = try command.rows("\(line) --method randomized --seed \(seed)")[0]
        #expect(row["method"] == .string("randomized"))
        let keys = row.keys.filter { $0 != "optimal_error_low" }
        #expect(keys == exact.keys)
        if let index = row.keys.firstIndex(of: "optimal_error_low") {
          #expect(row.keys[index - 1] == "optimal_error")
        }
        let low = row["optimal_error_low"]?.numberValue ?? row.number("optimal_error")
        let (best, measured) = (exact.number("optimal_error"), row.number("relative_error"))
        #expect(low <= best + 1e-12 && best <= measured + 1e-12, "\(low) \(best) \(measured)")
        #expect(measured <= 1.02 * best + 1e-12, "\(name) rank \(rank) seed \(seed)")
        #expect(row.number("optimal_error") >= best - 1e-12)
        #expect(row.number("spectral_error") <= exact.number("spectral_error") * 1.5 + 1e-9)
      }
    }
  }

  @Test("the interval is printed as one, and a note explains it")
  func printed() throws {
    let text = try command.succeed("svd-compress g.npy --rank 5 --method randomized").output
    #expect(text.contains("…") && text.contains("note: randomized: "))
  }

  @Test("the same seed gives the same bytes, another seed others")
  func seeds() throws {
    func files(_ options: String) throws -> [[UInt8]] {
      try command.succeed(
        "svd-compress g.npy --rank 9 --method randomized --power-iterations 0\(options)"
          + " -o b.npy --factors f.safetensors --plot s.svg --table t.json")
      return try ["b.npy", "f.safetensors", "s.svg", "t.json"].map(command.folder.read)
    }
    let first = try files(" --seed 3")
    #expect(try files(" --seed 3") == first)
    let other = try files(" --seed 4")
    #expect(other[0] != first[0] && other[1] != first[1])
    #expect(try files(" --seed 0") == files(""))
    #expect(try files(" --seed 9223372036854775807")[0] != first[0])
  }

  @Test(
    "every command writes the same bytes again",
    arguments: [
      "svd-compress p.png --rank 5 -o OUT.png --factors OUT.safetensors --table OUT.md",
      "svd-compress g.npy --ranks 1,2 --plot OUT.svg", "svd g.npy -o OUT.npz --plot OUT.svg",
      "convert g.npy OUT.npz", "convert p.png OUT.safetensors", "info g.npy p.png --table OUT.csv",
    ])
  func repeatable(line: String) throws {
    var contents: [[String: [UInt8]]] = []
    for name in ["x", "y"] {
      let words = line.split(separator: " ").map {
        $0.hasPrefix("OUT") ? name + $0.dropFirst(3) : String($0)
      }
      let before = Set(command.folder.list())
      let result = try command.run(words)
      #expect(result.status == 0, "\(result.error)")
      var files: [String: [UInt8]] = [:]
      for file in command.folder.list() where !before.contains(file) {
        files[String(file.dropFirst())] = try command.folder.read(file)
      }
      contents.append(files)
    }
    // Notes name the files that were written.
    let tables = contents.map { $0.filter { $0.key != ".md" } }
    #expect(tables[0] == tables[1] && !contents[0].isEmpty)
  }

  @Test("an oversample and power iterations bring the error closer")
  func accuracy() throws {
    func error(_ options: String) throws -> Double {
      try command.rows("svd-compress g.npy --rank 10 --method randomized \(options)")[0]
        .number("relative_error")
    }
    let rough = try error("--oversample 0 --power-iterations 0")
    let fine = try error("--oversample 20 --power-iterations 4")
    #expect(fine < rough)
    // As wide as the matrix, the sketch is exact.
    #expect(abs(try error("--oversample 1000") - 0.843560) < 1e-6)
  }

  @Test("the number of threads is what was asked for")
  func threads() throws {
    for (options, environment, expected) in [
      ("--threads 2", [:], 2), ("", ["LINALG_THREADS": "2"], 2),
      ("--threads 1", ["LINALG_THREADS": "2"], 1), ("", ["OPENBLAS_NUM_THREADS": "2"], 2),
    ] as [(String, [String: String?], Int)] {
      let result = try command.run(
        ["svd-compress", "g.npy", "--rank", "1", "--format", "json"]
          + options.split(separator: " ").map(String.init), environment: environment)
      let document = try JSONValue.parse(result.outputBytes).objectValue
      #expect(document?["threads"] == .integer(expected), "\(options) \(environment)")
    }
  }

  /// What is left to sketch is rounding after the first block.
  @Test(
    "searches end soundly where the range is exhausted", arguments: [("ones", 1), ("rows", 20)])
  func exhausted(kind: String, rank: Int) throws {
    let n = 120
    let values = (0..<n * n).map { i in
      kind == "ones" ? 1 : i / n % 6 == 0 ? Double((i * 7919) % 1009) - 504 : 0
    }
    try command.writeMatrix(values, n, n, to: "e.npy")
    for selection in ["--max-error 0.0001", "--energy 1", "--energy 0.9999999999"] {
      for method in ["exact", "randomized"] {
        let row = try command.rows("svd-compress e.npy \(selection) --method \(method) --verify")[0]
        #expect(row.integer("rank") == rank, "\(selection) \(method)")
        #expect(row.number("relative_error") < 1e-4)
      }
    }
  }

  @Test("bounds that rounding keeps from being met are failures, huge options are not")
  func limits() throws {
    let unmet = try command.run("svd-compress g.npy --max-error 0 -o q.npy")
    #expect(unmet.status == 1)
    #expect(unmet.error.contains("--max-error 0: no rank meets it (rank 96 reaches"))
    #expect(!command.folder.list().contains("q.npy"))
    let huge = "--oversample 9223372036854775807 --power-iterations 9223372036854775807"
    let row = try command.rows("svd-compress g.npy --rank 5 --method randomized \(huge)")[0]
    #expect(abs(row.number("relative_error") - 0.917920816537) < 1e-2)
    try command.succeed("svd-compress g.npy --rank 5 --method auto \(huge)")
  }

  @Test("a norm beyond the largest number is refused, whatever the method")
  func overflow() throws {
    try command.writeMatrix([Double](repeating: 1e308, count: 900), 30, 30, to: "o.npy")
    for line in ["svd o.npy", "svd-compress o.npy --rank 2", "svd-compress o.npy --max-error 0.1"] {
      try command.expectRefusal(line, status: 71, "o.npy", "norm")
    }
    try command.expectRefusal(
      "svd-compress o.npy --rank 2 --method randomized", status: 71, "o.npy", "norm")
  }

  @Test("small factors of a huge matrix do not take the memory down")
  func bomb() throws {
    let vector = [Double](repeating: 0.5, count: 100_000)
    let tensors = [
      NamedArray("c0.U", try StoredArray(Tensor([100_000, 1], vector), dtype: .f16)),
      NamedArray("c0.s", try StoredArray(Tensor([1], [1.0]), dtype: .f32)),
      NamedArray("c0.Vt", try StoredArray(Tensor([1, 100_000], vector), dtype: .f16)),
    ]
    let file = SafetensorsFile(
      tensors: tensors, metadata: ["format": "linalg-factors", "shape": "100000x100000"])
    try command.folder.write(file.encode().joined, to: "bomb.safetensors")
    try command.expectRefusal(
      "svd-expand bomb.safetensors -o m.npy --max-memory 1G", status: 71, "bomb.safetensors",
      "the expanded matrix")
  }
}

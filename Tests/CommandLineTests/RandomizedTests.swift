import JSONText
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
    #expect(try files(" --seed 18446744073709551615")[0] != first[0])
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
}

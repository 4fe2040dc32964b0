import JSONText
import TestSupport
import Testing

/// The numbers of FORMULAS.md §1 and §6, as the program prints them.
@Suite("Reference numbers")
struct SVDNumbersTests {
  private let command: CommandFolder

  init() throws { command = try CommandFolder() }

  @Test("[[4,0],[3,-5],[0,3]]")
  func smallMatrix() throws {
    try command.folder.write("4,0\n3,-5\n0,3\n", to: "a.csv")
    let values = try command.rows("svd a.csv").map { $0.number("singular_value") }
    #expect(values.count == 2)
    #expect(abs(values[0] - 6.720153254) < 1e-9 && abs(values[1] - 3.720153254) < 1e-9)
    let rows = try command.rows("svd-compress a.csv")
    #expect(rows.map { $0.integer("rank") } == [1, 2])
    #expect(abs(rows[0].number("spectral_error") - 3.720153254) < 1e-9)
    // 45.160460 of 59.
    #expect(abs(rows[0].number("energy") - 45.160460 / 59) < 1e-7)
    #expect(abs(rows[0].number("relative_error") - (13.839540 / 59).squareRoot()) < 1e-7)
    #expect(try command.succeed("svd-compress a.csv --rank 1").output.contains("76.54"))
  }

  @Test(
    "condition numbers of Hilbert matrices",
    arguments: [
      (3, 524.0567776), (5, 476607.2502), (8, 1.525757574e10), (10, 1.602484e13),
    ])
  func hilbert(n: Int, expected: Double) throws {
    let lines = (0..<n).map { i in
      (0..<n).map { String(1 / Double(i + $0 + 1)) }.joined(separator: ",")
    }
    try command.folder.write(lines.joined(separator: "\n") + "\n", to: "h.csv")
    let summary = try #require(try command.document("svd h.csv")["summary"]?.objectValue)
    let condition = summary.number("condition_number")
    // Rounding of the reference number, and what double precision leaves of it.
    let tolerance = max(1e-6, 4 * Double(n) * Double.ulpOfOne * expected)
    #expect(abs(condition / expected - 1) < tolerance, "\(condition)")
    #expect(summary.integer("numerical_rank") == n)
  }

  @Test("rank-k errors of NumPy's Gaussian matrix")
  func gaussian() throws {
    try command.copyGaussian()
    let ranks = [1, 5, 10, 20, 40, 80]
    let expected = [0.982693, 0.917921, 0.843560, 0.710390, 0.478479, 0.122647]
    let list = ranks.map(String.init).joined(separator: ",")
    let rows = try command.rows("svd-compress g.npy --method exact --ranks \(list)")
    #expect(rows.map { $0.integer("rank") } == ranks)
    for (row, error) in zip(rows, expected) {
      #expect(abs(row.number("relative_error") - error) < 5e-7)
      let energy = 1 - row.number("energy")
      #expect(abs(energy.squareRoot() - row.number("optimal_error")) < 1e-12)
    }
  }

  @Test("the exact method is the optimum", arguments: TestMatrix.allCases)
  func optimum(matrix: TestMatrix) throws {
    try command.writeMatrix(matrix.values, matrix.rows, matrix.columns, to: "a.npy")
    let all = (1...min(matrix.rows, matrix.columns)).map(String.init).joined(separator: ",")
    // As f32, the entries of the extreme matrices would be infinite or zero.
    let isExtreme = matrix == .huge || matrix == .tiny
    for dtype in isExtreme ? ["f64"] : ["f64", "f32"] {
      let rows = try command.rows(
        "svd-compress a.npy --method exact --dtype \(dtype) --ranks \(all)")
      #expect(rows.count == min(matrix.rows, matrix.columns))
      let tolerance = dtype == "f64" ? 1e-9 : 1e-5
      for row in rows {
        let (measured, best) = (row.number("relative_error"), row.number("optimal_error"))
        #expect(abs(measured - best) < tolerance, "rank \(row.integer("rank")) \(dtype)")
        let k = row.integer("rank")
        #expect(row.integer("stored_numbers") == k * (matrix.rows + matrix.columns + 1))
        let share = Double(row.integer("stored_numbers")) / Double(matrix.values.count)
        #expect(abs(row.number("storage_share") - share) < 1e-12)
        #expect(
          row.integer("factor_bytes") == row.integer("stored_numbers") * (dtype == "f64" ? 8 : 4))
        #expect((0...1 + 1e-12).contains(row.number("energy")))
      }
      #expect(rows.last?.number("relative_error") ?? .nan < (dtype == "f64" ? 1e-13 : 1e-5))
    }
    try command.succeed("svd-compress a.npy --verify --rank 1")
    try command.succeed("svd a.npy --verify --full")
  }

  @Test("a matrix written at rank k is the product of the factors", arguments: TestMatrix.allCases)
  func written(matrix: TestMatrix) throws {
    try command.writeMatrix(matrix.values, matrix.rows, matrix.columns, to: "a.npy")
    let row = try command.rows("svd-compress a.npy --rank 1 -o b.npy --factors f.safetensors")[0]
    let b = try command.readArray("b.npy")
    #expect(b.shape == [matrix.rows, matrix.columns])
    // Scaled, because squares of the extreme matrices overflow.
    let scale = max(matrix.values.map(abs).max() ?? 0, .leastNormalMagnitude)
    let difference = zip(matrix.values, b.elements).reduce(0.0) { sum, pair in
      sum + (pair.0 / scale - pair.1 / scale) * (pair.0 / scale - pair.1 / scale)
    }
    let norm = matrix.values.reduce(0.0) { $0 + ($1 / scale) * ($1 / scale) }
    let error = norm > 0 ? (difference / norm).squareRoot() : 0
    #expect(abs(error - row.number("relative_error")) < 1e-12)
    try command.succeed("svd-expand f.safetensors -o c.npy")
    #expect(try command.readArray("c.npy") == b)
  }

  @Test("U, s, Vt multiply back, thin and full", arguments: [("", 14), ("--full ", 20)])
  func factors(option: String, columnsOfU: Int) throws {
    let matrix = TestMatrix.gaussian
    try command.writeMatrix(matrix.values, 20, 14, to: "a.npy")
    try command.succeed("svd a.npy \(option)-o f.npz")
    for name in ["U", "s", "Vt"] { try command.succeed("convert f.npz:\(name) \(name).npy") }
    let (u, s, vt) = (
      try command.readArray("U.npy"), try command.readArray("s.npy"),
      try command.readArray("Vt.npy")
    )
    #expect(u.shape == [20, columnsOfU] && s.shape == [14] && vt.shape == [14, 14])
    for i in 0..<20 {
      for j in 0..<14 {
        let entry = (0..<14).reduce(0.0) {
          $0 + u.elements[i * columnsOfU + $1] * s.elements[$1] * vt.elements[$1 * 14 + j]
        }
        #expect(abs(entry - matrix.values[i * 14 + j]) < 1e-13)
      }
    }
  }

  @Test("the ranks of the default table")
  func survey() throws {
    try command.copyGaussian()
    let ranks = try command.rows("svd-compress g.npy").map { $0.integer("rank") }
    let energies = try command.rows("svd g.npy --values 96").map { $0.number("energy") }
    let needed = [0.9, 0.95, 0.99, 0.999].map { share in
      1 + (energies.firstIndex { $0 >= share } ?? 0)
    }
    #expect(ranks == Set([1, 2, 5, 10, 20, 50] + needed).sorted())
    let summary = try #require(try command.document("svd g.npy")["summary"]?.objectValue)
    let printed = ["rank_90", "rank_95", "rank_99", "rank_99_9"].map { summary.integer($0) }
    #expect(printed == needed)
    #expect(command.folder.list() == ["g.npy"], "without a selection nothing is written")
  }
}

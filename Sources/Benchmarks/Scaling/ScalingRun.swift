import Factorizations
import JSONText
import Reporting
import Tensors

/// How the time of a rank-k SVD grows with the size mn of the matrix.
struct ScalingRun {
  /// The rank that all sizes keep: the smallest size still gains from a sketch.
  private static let rank = 20
  /// Sides about √2 apart, so that mn doubles each time.
  private static let sides = [256, 362, 512, 724, 1024, 1448, 2048, 2896]

  let runs: Int
  let threads: Int

  /// Times every size and fits the exponent.
  func report(version: String) throws(BenchError) -> Report {
    var report = Report(
      command: "benchmarks --scaling", version: version, seed: 0, threads: threads, dtype: "f64",
      blas: Report.BLAS(core: BLAS.core, version: BLAS.version),
      columns: [
        Column("variant", header: "variant", format: .text),
        Column("m", header: "m", format: .integer),
        Column("n", header: "n", format: .integer),
        Column("rank", header: "rank", format: .integer),
        Column("median_s", header: "median (s)", format: .seconds),
        Column("min_s", header: "min (s)", format: .seconds),
        Column("runs", header: "runs", format: .integer),
      ])
    var points: [(size: Double, seconds: Double)] = []
    for side in Self.sides {
      let statistics = try time(side)
      points.append((Double(side * side), statistics.median))
      report.append([
        .text("randomizedSVD"), .integer(side), .integer(side), .integer(Self.rank),
        .number(statistics.median), .number(statistics.minimum), .integer(statistics.count),
      ])
    }
    let slope = PowerLaw.exponent(of: points)
    let upperSlope = PowerLaw.exponent(of: Array(points.suffix(points.count / 2)))
    report.summary = ["exponent": .number(slope), "upper_exponent": .number(upperSlope)]
    func text(_ slope: Double) -> String { NumberText.fixed(slope, decimals: 2) }
    // Orthonormalising the sketch costs (m + n)k², which weighs on the small sizes.
    report.notes = [
      "time grows as (mn)^\(text(slope)) at fixed rank, "
        + "as (mn)^\(text(upperSlope)) over the larger half of the sizes"
    ]
    return report
  }

  private func time(_ side: Int) throws(BenchError) -> Statistics {
    try numerically { () throws(NumericalError) in
      let matrix = try DecayingMatrix.make(side, side)
      let samples = try Benchmark.measure(runs: runs) { () throws(NumericalError) in
        blackHole(try matrix.randomizedSVD(rank: Self.rank))
      }
      return Statistics(samples)
    }
  }
}

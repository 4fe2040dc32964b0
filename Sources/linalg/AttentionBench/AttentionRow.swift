import Networks
import Reporting
import Tensors

/// The columns of `attention-bench`.
enum AttentionTable {
  static let keys: [Column] =
    [
      Column("variant", header: "variant", format: .text),
      Column("pass", header: "pass", format: .text),
      Column("causal", header: "causal", format: .text),
    ]
    + ["batch", "heads", "kv_heads", "seq", "keys", "dim"].map {
      Column($0, header: $0 == "kv_heads" ? "KV heads" : $0, format: .integer)
    }

  static func remarks(decodes: Bool, approximates: Bool) -> [Column] {
    [Column("measured_bytes", header: "measured (B)", format: .bytes)]
      + (decodes
        ? [
          Column("kv_bytes", header: "KV (B)", format: .bytes),
          Column("kv_gb_per_s", header: "KV (GB/s)", format: .estimate(3)),
        ] : [])
      + (approximates
        ? [
          Column("approximation_error", header: "vs exact", format: .significant(3)),
          Column("share_error", header: "P error", format: .significant(3)),
          Column("best_share_error", header: "best rank", format: .significant(3)),
          Column("effective_rank", header: "rank 99 %", format: .integer),
        ] : [])
  }
}

/// One row: a variant, a pass and a size.
final class AttentionRow<Element: Scalar> {
  private let variant: AttentionVariant
  private let pass: AttentionPass
  private let subject: AttentionSubject<Element>
  private let columns: [Column]
  /// What the verification made; nil where it failed.
  private var trial: (any AttentionTrial<Element>)?

  init(
    _ variant: AttentionVariant, _ pass: AttentionPass, _ subject: AttentionSubject<Element>,
    _ columns: [Column]
  ) {
    (self.variant, self.pass, self.subject, self.columns) = (variant, pass, subject, columns)
  }

  var output: Tensor<Element>? { trial?.output }

  var item: BenchCase {
    let sizes = subject.sizes
    return BenchCase(
      variant: variant.name,
      cells: [
        .text(variant.name), .text(pass.rawValue), .text(subject.isCausal ? "yes" : "no"),
      ]
        + [
          sizes.batch, sizes.heads, subject.keyHeads(variant), sizes.queries, sizes.keys,
          sizes.width,
        ].map(Cell.integer),
      operations: { self.operations }, remarks: remarks,
      contestant: BenchCase.contestant(
        variant.name, tolerance: { () throws(NumericalError) in try self.made().tolerance() },
        memory: subject.budget(variant),
        compute: { (budget) throws(NumericalError) in try self.made().error(budget) },
        call: { () throws(NumericalError) in try self.made().call() }))
  }

  /// The operands come to be with the first use, so that what does not fit fails one row alone.
  private func made() throws(NumericalError) -> any AttentionTrial<Element> {
    if let trial { return trial }
    guard variant.rank == nil || pass != .decode else {
      throw .shape("combinations of the keys of all positions do not decode")
    }
    let problem = try subject.problem(variant)
    let trial: any AttentionTrial<Element>
    if let rank = variant.rank {
      trial = try LinformerTrial(problem, rank: rank, backward: pass == .backward)
    } else {
      trial = try ExactTrial(problem, variant.algorithm, backward: pass == .backward)
    }
    self.trial = trial
    return trial
  }

  /// Those of the engine's counts; 0 for shapes that do not fit, which are not timed.
  private var operations: Double {
    guard let trial else { return 0 }
    return pass == .backward ? trial.backwardOperations : trial.operations
  }

  private func remarks(_ seconds: Statistics?) -> [Cell] {
    let (found, bytes) = (trial?.remarks ?? AttentionRemarks(), subject.cacheBytes(variant))
    let cells: [String: Cell] = [
      "measured_bytes": Cell(found.measuredBytes),
      "kv_bytes": .integer(bytes),
      "kv_gb_per_s": Cell(
        pass == .decode ? seconds.map { Double(bytes) / $0.median * 1e-9 } : nil),
      "approximation_error": Cell(found.approximationError),
      "share_error": Cell(found.shareError),
      "best_share_error": Cell(found.bestShareError),
      "effective_rank": Cell(found.effectiveRank),
    ]
    return columns.map { cells[$0.key] ?? .missing }
  }
}

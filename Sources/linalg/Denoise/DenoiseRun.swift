import FileFormats
import Imaging
import Reporting
import Tensors

/// One run of `denoise` in one precision: decompose, estimate the noise, try the rules, write,
/// report.
struct DenoiseRun<Element: Scalar> {
  let context: DenoiseContext
  var arguments: DenoiseCommand { context.arguments }
  var subject: PictureOrMatrix { context.subject }

  /// What the rules are tried on and with.
  struct Preparation {
    var denoiser: Denoiser<Element>
    let noise: DenoiseNoise
    let reference: DenoiseReference<Element>
    let before: DenoiseQuality
    /// What decomposing the whole matrices took.
    let decompositionSeconds: Double
  }

  /// All rows, and which of them is written.
  struct Outcome {
    var rows: [DenoiseRow] = []
    var chosen = 0
    /// The matrices of the chosen row.
    var result: DenoisedMatrices<Element>?
  }

  init(_ context: DenoiseContext) { self.context = context }

  func execute() throws(Failure) {
    let (preparation, outcome) = try Failure.numerics(arguments.input) {
      () throws(NumericalError) in try computed()
    }
    var report = arguments.arithmetic.report(
      "denoise",
      inputs: ([arguments.input] + [arguments.reference].compactMap { $0 })
        .map(displayName),
      precision: Element.self == Float.self ? .f32 : .f64, columns: DenoiseTable.columns)
    for row in outcome.rows { report.append(DenoiseTable.cells(row)) }
    report.notes = try notes(preparation, outcome)
    let unmet = unmetRequirements(outcome)
    // Files of a result that fails its requirement are not written, as in svd-compress.
    let outputs = unmet.isEmpty ? try outputs(preparation, outcome, &report.notes) : []
    try arguments.table.emit(report, outputs: outputs, noClobber: arguments.destination.noClobber)
    if !unmet.isEmpty { throw .unmet(unmet) }
  }

  private func computed() throws(NumericalError) -> (Preparation, Outcome) {
    // Noisy, clean, the present and the best result and what a comparison takes; factors.
    let copies = 6 + (context.scopes.contains(.global) ? 2 : 0)
    let bytes = subject.matrixCount * copies * subject.matrixShape.count
    return try context.budget.reserving(
      bytes * MemoryLayout<Element>.stride, for: "holding the matrices and their denoised copies"
    ) { () throws(NumericalError) in
      let preparation = try prepared()
      return (preparation, try outcome(preparation))
    }
  }

  private func prepared() throws(NumericalError) -> Preparation {
    let matrices =
      if let sigma = arguments.addNoise {
        subject.matrices(as: Element.self, addingNoise: sigma.value, seed: context.seed)
      } else {
        subject.matrices(as: Element.self)
      }
    if let sigma = arguments.addNoise, !matrices.allSatisfy({ $0.scanned().isFinite }) {
      for matrix in subject.matrices(as: Element.self) { try matrix.requireFinite() }
      throw .tooLarge("--add-noise \(sigma.text) exceeds the largest \(Element.dtypeName) number")
    }
    var denoiser = Denoiser(matrices, budget: context.budget)
    let watch = Stopwatch()
    if context.scopes.contains(.global) { try denoiser.decompose() }
    let seconds = watch.seconds
    let reference = DenoiseReference<Element>(context)
    return Preparation(
      denoiser: denoiser, noise: try DenoiseNoise(context, denoiser), reference: reference,
      before: try reference.quality(of: matrices), decompositionSeconds: seconds)
  }

  /// Tries every rule in every scope and keeps the best.
  private func outcome(_ preparation: Preparation) throws(NumericalError) -> Outcome {
    let denoiser = preparation.denoiser
    let steps = context.scopes.reduce(0) { $0 + denoiser.steps(in: $1) * context.rules.count }
    let progress = Progress("denoise", steps: steps, unit: "bands", console: context.console)
    defer { progress.finish() }
    if arguments.table.verbose { announce() }
    var outcome = Outcome()
    for scope in context.scopes {
      for rule in context.rules {
        let watch = Stopwatch()
        let sigmas = preparation.noise.sigmas(for: rule)
        let result =
          sigmas.isEmpty
          ? try denoiser.denoised(by: rule, in: scope, sigma: 0, stepDone: progress.step)
          : try denoiser.denoised(by: rule, in: scope, sigmas: sigmas, stepDone: progress.step)
        let seconds = watch.seconds + (scope == .global ? preparation.decompositionSeconds : 0)
        let row = DenoiseRow(
          rule: rule, scope: scope, sigma: DenoiseNoise.mean(sigmas), threshold: result.threshold,
          meanRank: result.meanRank, before: preparation.before,
          after: try preparation.reference.quality(of: result.matrices), seconds: seconds)
        outcome.rows.append(row)
        if outcome.result == nil || isBetter(row, than: outcome.rows[outcome.chosen]) {
          outcome.chosen = outcome.rows.count - 1
          outcome.result = result
        }
      }
    }
    return outcome
  }

  private func announce() {
    let shape = subject.matrixShape
    for scope in context.scopes {
      var what = "whole \(shape) matrices"
      if case .blocks(let side, let stride) = scope {
        let grid = BlockGrid(rows: shape[0], columns: shape[1], side: side, stride: stride)
        what = "\(NumberText.grouped(grid.count)) blocks \(side)x\(side) every \(stride)"
      }
      context.console.complain(
        "\(what), \(subject.matrixCount) × \(Element.dtypeName), \(BLAS.threads) "
          + "thread\(BLAS.threads == 1 ? "" : "s"), OpenBLAS \(BLAS.version) \(BLAS.core)")
    }
  }

  /// Whether a row is better by what the user asked for; the first of equals is kept.
  private func isBetter(_ row: DenoiseRow, than other: DenoiseRow) -> Bool {
    switch arguments.bestBy {
    case .psnr: row.after.picture?.psnr ?? 0 > other.after.picture?.psnr ?? 0
    case .error: row.after.relativeError ?? 0 < other.after.relativeError ?? 0
    case nil: false
    }
  }

  /// The requirements that the chosen row fails, one sentence each.
  private func unmetRequirements(_ outcome: Outcome) -> [String] {
    let row = outcome.rows[outcome.chosen]
    let name = "\(row.rule.name), \(row.scope.name)"
    var result: [String] = []
    if let required = arguments.requirePSNR {
      let psnr = row.after.picture?.psnr ?? .infinity
      if psnr < required.value {
        let text = NumberText.fixed(psnr, decimals: 2)
        result.append("--require-psnr \(required.text): \(name) reaches \(text) dB")
      }
    }
    if let required = arguments.requireGain {
      let gain = row.gain ?? 0
      if gain < required.value {
        let text = NumberText.fixed(gain, decimals: 2)
        result.append("--require-gain \(required.text): \(name) gains \(text) dB")
      }
    }
    return result
  }
}

import Imaging
import Tensors

/// The level of the noise: what the user says, or what the singular values tell.
struct DenoiseNoise {
  /// The estimate of each matrix that is not constant; empty where none was made.
  let estimates: [NoiseEstimate]
  /// How far the values of each of these lie from the noise that the user says is there; empty
  /// without `--sigma`.
  let distances: [Double]
  /// What the estimates were made from, where it is less than the whole.
  let sampledShape: Shape?
  /// σ of each matrix for all rules but `simple`, 0 for constant ones; empty when no rule asks.
  let sigmas: [Double]
  /// σ of each matrix for `simple`: the tutorials' own estimate, unless the user gave one.
  let simpleSigmas: [Double]

  /// - Throws: `NumericalError` from the singular values.
  init<Element: Scalar>(
    _ context: DenoiseContext, _ denoiser: Denoiser<Element>
  ) throws(NumericalError) {
    let given = context.arguments.sigma?.value
    let isAsked = context.rules.contains { $0.needsSigma }
    let all = [Double](repeating: given ?? 0, count: denoiser.matrices.count)
    // With whole matrices decomposed the estimate costs nothing, and may contradict the user.
    guard isAsked, given == nil || context.scopes.contains(.global) else {
      (estimates, distances, sampledShape) = ([], [], nil)
      (sigmas, simpleSigmas) = isAsked ? (all, all) : ([], [])
      return
    }
    let sample = try denoiser.sampledSpectra()
    let (rows, columns) = (sample.shape[0], sample.shape[1])
    sampledShape = sample.shape == context.subject.matrixShape ? nil : sample.shape
    let treated = denoiser.isConstant.indices.filter { !denoiser.isConstant[$0] }
    estimates = treated.map {
      NoiseEstimate(
        singularValues: sample.spectra[$0], rows: rows, columns: columns,
        epsilon: Double(Element.epsilon))
    }
    guard given == nil else {
      let scale = NoiseScale(rows: rows, columns: columns, sigma: all[0])
      distances = treated.map { NoiseEstimate.distance(from: sample.spectra[$0], to: scale) }
      (sigmas, simpleSigmas) = (all, all)
      return
    }
    distances = []
    var (sigmas, simpleSigmas) = (all, all)
    for (index, estimate) in zip(treated, estimates) {
      sigmas[index] = estimate.sigma
      // Without noise there is nothing that a wrong rule should remove.
      guard estimate.sigma > 0 else { continue }
      simpleSigmas[index] = NoiseEstimate.simpleSigma(
        singularValues: sample.spectra[index], rows: rows, columns: columns)
    }
    (self.sigmas, self.simpleSigmas) = (sigmas, simpleSigmas)
  }

  /// σ of each matrix as a rule takes it; empty for one that does not ask.
  func sigmas(for rule: ShrinkageRule) -> [Double] {
    guard rule.needsSigma else { return [] }
    return rule == .simple ? simpleSigmas : sigmas
  }

  /// The mean over the matrices; nil without any.
  static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

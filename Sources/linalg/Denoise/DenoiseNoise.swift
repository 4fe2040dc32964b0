import Imaging
import Reporting
import Tensors

/// The level of the noise: what the user says, or what the singular values tell.
struct DenoiseNoise {
  /// The estimate of each matrix that is not constant; empty where none was needed.
  let estimates: [NoiseEstimate]
  /// What the estimates were made from, where it is less than the whole.
  let sampledShape: Shape?
  /// σ for all rules but `simple`; nil when no rule asks for it.
  let sigma: Double?
  /// σ for `simple`: the tutorials' own estimate, unless the user gave one.
  let simpleSigma: Double?

  /// - Throws: `NumericalError` from the singular values.
  init<Element: Scalar>(
    _ context: DenoiseContext, _ denoiser: Denoiser<Element>
  ) throws(NumericalError) {
    let given = context.arguments.sigma?.value
    let isAsked = context.rules.contains { $0.needsSigma }
    // With whole matrices decomposed the estimate costs nothing, and may contradict the user.
    guard isAsked, given == nil || context.scopes.contains(.global) else {
      (estimates, sampledShape) = ([], nil)
      (sigma, simpleSigma) = (isAsked ? given : nil, given)
      return
    }
    let sample = try denoiser.sampledSpectra()
    let shape = sample.shape
    sampledShape = shape == context.subject.matrixShape ? nil : shape
    let spectra = sample.spectra.enumerated()
      .filter { !denoiser.isConstant[$0.offset] }.map(\.element)
    estimates = spectra.map {
      NoiseEstimate(
        singularValues: $0, rows: shape[0], columns: shape[1], epsilon: Double(Element.epsilon))
    }
    sigma = given ?? Self.median(estimates.map(\.sigma))
    // Without noise there is nothing that a wrong rule should remove.
    let simple = Self.median(
      spectra.map {
        NoiseEstimate.simpleSigma(singularValues: $0, rows: shape[0], columns: shape[1])
      })
    simpleSigma = given ?? (sigma == 0 ? 0 : simple)
  }

  /// σ as a rule takes it; nil for one that does not ask.
  func sigma(for rule: ShrinkageRule) -> Double? {
    guard rule.needsSigma else { return nil }
    return rule == .simple ? simpleSigma : sigma
  }

  /// The middle one of the channels; 0 without any: constant matrices have no noise.
  static func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : Statistics(values).median
  }
}

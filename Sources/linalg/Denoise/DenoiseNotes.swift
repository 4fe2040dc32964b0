import Factorizations
import FileFormats
import Imaging
import RealModule
import Reporting
import Tensors

extension DenoiseRun {
  /// What the reader of the table should know. Warnings go to standard error as well.
  func notes(_ preparation: Preparation, _ outcome: Outcome) throws(Failure) -> [String] {
    var notes: [String] = []
    if let sigma = arguments.addNoise {
      notes.append("noise of σ = \(sigma.text) added, seed \(context.seed)")
    }
    notes += noiseNotes(preparation)
    if let note = unchangedNote(preparation) { notes.append(note) }
    notes += ruleNotes(preparation.noise)
    if let error = preparation.before.relativeError, preparation.before.picture == nil {
      notes.append("the input's relative error is \(NumberText.significant(error, digits: 4))")
    }
    if let criterion = arguments.bestBy {
      let best = outcome.rows[outcome.chosen]
      notes.append("best by \(criterion.rawValue): \(best.rule.name), \(best.scope.name)")
    }
    if preparation.denoiser.decompositions.contains(where: \.usedFallback) {
      warn("gesdd did not converge; gesvd gave the decomposition", in: &notes)
    }
    if let row = outcome.rows.first, outcome.rows.count == 1, arguments.destination.output == nil,
      let clipped = row.after.picture?.clippedSamples, clipped > 0
    {
      notes.append(NumberText.counted(clipped, "sample") + " clipped")
    }
    if arguments.verification.verify { notes += try verification(preparation, outcome) }
    return notes
  }

  private func warn(_ text: String, in notes: inout [String]) {
    context.console.warn(text)
    notes.append(text)
  }

  /// Where σ comes from, and whether what is left looks like noise.
  private func noiseNotes(_ preparation: Preparation) -> [String] {
    let noise = preparation.noise
    var notes: [String] = []
    // Constant matrices have no estimate.
    let treated = preparation.denoiser.isConstant.indices
      .filter { !preparation.denoiser.isConstant[$0] }
    for (position, estimate) in noise.estimates.enumerated() {
      let name = context.matrixNames.map { $0[treated[position]] }
      if noise.distances.isEmpty {
        note(estimate, of: name, noise.sampledShape, in: &notes)
      } else {
        note(
          distance: noise.distances[position], to: "white noise of σ = \(text(noise.sigmas[0]))",
          estimate, of: name,
          advice: "the median singular value suggests \(text(estimate.sigma))", in: &notes)
      }
    }
    return notes
  }

  /// What an estimate says and how far it can be trusted.
  private func note(
    _ estimate: NoiseEstimate, of name: String?, _ sample: Shape?, in notes: inout [String]
  ) {
    let source =
      "the median singular value" + (sample.map { " of the middle \($0)" } ?? "")
    guard estimate.sigma > 0 else {
      warn(
        (name.map { "\($0): " } ?? "") + source
          + " is zero: no noise, or too low a rank to tell; unchanged, unless --sigma is given",
        in: &notes)
      return
    }
    notes.append(
      (name.map { "\($0): " } ?? "")
        + "σ = \(text(estimate.sigma)) from \(source), taken once more "
        + "without the values above the noise edge (at first \(text(estimate.initialSigma)))")
    guard estimate.isMeaningful else {
      warn(
        "too few singular values (\(estimate.scale.shortSide)) to tell σ; give --sigma", in: &notes)
      return
    }
    note(
      distance: estimate.distance, to: "white noise", estimate, of: name,
      advice: "σ may be wrong; give --sigma", in: &notes)
  }

  /// How far the values below the edge lie from those of noise; a warning beyond the limit.
  private func note(
    distance: Double, to noise: String, _ estimate: NoiseEstimate, of name: String?,
    advice: String, in notes: inout [String]
  ) {
    guard estimate.isMeaningful else { return }
    let limit = NumberText.significant(estimate.limit, digits: 3)
    let sentence =
      (name.map { "\($0)'s" } ?? "the") + " singular values below the noise edge lie "
      + "\(NumberText.significant(distance, digits: 3)) from the Marchenko–Pastur law "
      + "(white noise: up to \(limit))"
    if distance <= estimate.limit {
      notes.append(sentence)
    } else {
      warn("\(sentence): this does not look like \(noise), \(advice)", in: &notes)
    }
  }

  private func text(_ number: Double) -> String { NumberText.significant(number, digits: 4) }

  /// Says when there is nothing to remove.
  private func unchangedNote(_ preparation: Preparation) -> String? {
    let constant = preparation.denoiser.isConstant
    if constant.allSatisfy({ $0 }) {
      guard case .picture = subject else { return "the matrix is constant: unchanged" }
      return "the picture is constant: unchanged"
    }
    let count = constant.count { $0 }
    return count > 0 ? NumberText.counted(count, "channel") + " constant: unchanged" : nil
  }

  /// Which n and which σ the rules take that are wrong in general.
  private func ruleNotes(_ noise: DenoiseNoise) -> [String] {
    var notes: [String] = []
    if context.rules.contains(.usvt) {
      let sides = context.scopes.map { scope in
        switch scope {
        case .global: "\(subject.largestRank)"
        case .blocks(let side, _): "\(side) in blocks"
        }
      }
      notes.append(
        "usvt takes n = \(sides.joined(separator: " and ")), the shorter side; it is derived for "
          + "square matrices")
    }
    if context.rules.contains(.simple), arguments.sigma == nil,
      let sigma = DenoiseNoise.mean(noise.simpleSigmas)
    {
      notes.append(
        "simple takes its own σ = \(text(sigma)), median(s)/(0.6745·√N), as tutorials print it")
    }
    return notes
  }

  /// LAPACK's test ratios of whole matrices; blocks are denoised again with LAPACK.
  private func verification(
    _ preparation: Preparation, _ outcome: Outcome
  ) throws(Failure) -> [String] {
    try Failure.numerics(arguments.input) { () throws(NumericalError) in
      var notes: [String] = []
      let denoiser = preparation.denoiser
      for (index, svd) in denoiser.decompositions.enumerated() {
        let ratios = denoiser.matrices[index].lapackTestRatios(of: svd)
        notes.append(try Verification.note(ratios, name: "c\(index)"))
      }
      if let result = outcome.result, result.scope != .global {
        notes.append(try verified(result, by: denoiser))
      }
      return notes
    }
  }

  /// Compares the blocks' decompositions with LAPACK's.
  ///
  /// What is compared are the blocks with the rule's threshold subtracted from their singular values:
  /// unlike a cut at the threshold, or a rank, that is a continuous function of the block, so that
  /// values near the threshold and equal values make no difference.
  private func verified(
    _ result: DenoisedMatrices<Element>, by denoiser: Denoiser<Element>
  ) throws(NumericalError) -> String {
    let rule = ShrinkageRule.soft(result.threshold ?? 0)
    let own = try denoiser.denoised(by: rule, in: result.scope, sigma: 0)
    let reference = try denoiser.denoised(by: rule, in: result.scope, sigma: 0, method: .lapack)
    let distance = Tensor.frobeniusDistance(own.matrices, reference.matrices)
    let norm = denoiser.matrices.reduce(0) { Double.hypot($0, $1.frobeniusNorm()) }
    let error = norm > 0 ? distance / norm : 0
    let text = NumberText.significant(error, digits: 2)
    var side = 1
    if case .blocks(let blockSide, _) = result.scope { side = blockSide }
    // Twice LAPACK's own limit: both decompositions may use it up.
    guard error <= 2 * LAPACKTestRatios.limit * Double(side) * Double(Element.epsilon) else {
      throw .noConvergence(routine: "the blocks differ from LAPACK's by a relative \(text)")
    }
    return "verified: blocks by LAPACK give the same to a relative \(text)"
  }
}

import Factorizations
import FileFormats
import Imaging
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
    if arguments.arithmetic.verify { notes += try verification(preparation, outcome) }
    return notes
  }

  private func warn(_ text: String, in notes: inout [String]) {
    context.console.warn(text)
    notes.append(text)
  }

  /// Where σ comes from, and whether what is left looks like noise.
  private func noiseNotes(_ preparation: Preparation) -> [String] {
    let noise = preparation.noise
    guard let sigma = noise.sigma, !noise.estimates.isEmpty else { return [] }
    var notes: [String] = []
    let estimated = DenoiseNoise.median(noise.estimates.map(\.sigma))
    if arguments.sigma != nil {
      // Half as much again, or a third less: more than a few large values can bias the median by.
      guard estimated > 1.5 * sigma || estimated < sigma / 1.5 else { return [] }
      warn(
        "σ = \(text(sigma)) was given; the median singular value suggests \(text(estimated))",
        in: &notes)
      return notes
    }
    guard sigma > 0 else { return [] }
    let first = text(DenoiseNoise.median(noise.estimates.map(\.initialSigma)))
    notes.append(
      "σ = \(text(sigma)) from the median singular value"
        + (noise.sampledShape.map { " of the middle \($0)" } ?? "")
        + ", taken once more without the values above the noise edge (at first \(first))")
    if noise.estimates.count > 1 {
      let each = noise.estimates.map { text($0.sigma) }.joined(separator: ", ")
      notes.append("σ is the median of the channels' \(each)")
    }
    // Constant channels have no estimate.
    let indices = preparation.denoiser.isConstant.indices
      .filter { !preparation.denoiser.isConstant[$0] }
    for (estimate, index) in zip(noise.estimates, indices) {
      let whose = context.matrixNames.map { "\($0[index])'s" } ?? "the"
      let distance =
        "\(whose) singular values below the noise edge lie "
        + "\(NumberText.significant(estimate.distance, digits: 3)) from the Marchenko–Pastur law "
      let limit = NumberText.significant(estimate.limit, digits: 3)
      if estimate.looksWhite {
        notes.append(distance + "(white noise: up to \(limit))")
      } else {
        warn(
          distance + "(white noise: up to \(limit)): this does not look like white noise, σ may be "
            + "wrong; give --sigma", in: &notes)
      }
    }
    return notes
  }

  private func text(_ number: Double) -> String { NumberText.significant(number, digits: 4) }

  /// Says when there is nothing to remove.
  private func unchangedNote(_ preparation: Preparation) -> String? {
    let constant = preparation.denoiser.isConstant
    if constant.allSatisfy({ $0 }) {
      guard case .picture = subject else { return "the matrix is constant: unchanged" }
      return "the picture is constant: unchanged"
    }
    if preparation.noise.sigma == 0 {
      return "the median singular value is zero: no noise, unchanged"
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
    if context.rules.contains(.simple), arguments.sigma == nil, let sigma = noise.simpleSigma {
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

  /// Denoises the blocks with LAPACK alone.
  ///
  /// A singular value within rounding of the threshold may be kept here and dropped there, so the
  /// two results are only as close as the square root of the precision.
  private func verified(
    _ result: DenoisedMatrices<Element>, by denoiser: Denoiser<Element>
  ) throws(NumericalError) -> String {
    let reference = try denoiser.denoised(
      by: result.rule, in: result.scope, sigma: result.sigma, method: .lapack)
    let error = Tensor.relativeError(of: result.matrices, to: reference.matrices)
    let text = NumberText.significant(error, digits: 2)
    guard error <= Double(Element.epsilon).squareRoot() else {
      throw .noConvergence(routine: "blocks by LAPACK differ by \(text)")
    }
    return "verified: blocks by LAPACK give the same to a relative \(text)"
  }
}

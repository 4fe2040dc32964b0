import Factorizations
import Reporting
import Tensors

/// What `--verify` says, in every command that decomposes.
enum Verification {
  /// The test ratios as a note.
  ///
  /// - Parameters:
  ///   - name: the matrix among several; nil for a single one.
  ///   - hasResidual: false for a truncated decomposition, which leaves a residual by intent.
  /// - Throws: `NumericalError.noConvergence` when a ratio reaches LAPACK's limit or is NaN.
  static func note(
    _ ratios: LAPACKTestRatios, name: String? = nil, hasResidual: Bool = true
  ) throws(NumericalError) -> String {
    let named = [
      ("residual", ratios.residual), ("orthogonality of U", ratios.leftOrthogonality),
      ("of V", ratios.rightOrthogonality),
    ].dropFirst(hasResidual ? 0 : 1)
    let text =
      (name.map { "\($0): " } ?? "")
      + named.map { "\($0) \(NumberText.significant($1, digits: 2))" }.joined(separator: ", ")
    guard named.allSatisfy({ $0.1 < LAPACKTestRatios.limit }) else {
      throw .noConvergence(routine: "LAPACK's test ratios exceed 30: \(text)")
    }
    return "verified\(name == nil ? ":" : "") \(text) (LAPACK's limit: 30)"
  }
}

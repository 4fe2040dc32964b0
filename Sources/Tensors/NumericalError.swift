/// What can go wrong with numbers, as opposed to files or arguments.
///
/// The engine throws nothing else. A wrong shape that only a programmer can cause traps instead.
public enum NumericalError: Error, Equatable, Sendable {
  /// Shapes that were read from data do not fit together; the text names both.
  case shape(String)
  /// A NaN or an infinity stands where a finite number is needed.
  /// `index` is the position in row-major order, `value` the offending number as text.
  case notFinite(index: [Int], value: String)
  /// A matrix that has to be inverted is singular; `pivot` is the zero pivot, from 0.
  case singular(pivot: Int)
  /// A Cholesky factorization met a leading minor that is not positive.
  case notPositiveDefinite(minor: Int)
  /// Equal eigenvalues or singular values where a derivative divides by their distance, or a singular
  /// value of zero where it divides by that; the text says which.
  case degenerate(String)
  /// An iteration ended without converging; the text names the routine.
  case noConvergence(routine: String)
  /// A training run left the finite numbers; the text says where.
  case diverged(String)
  /// The memory budget does not cover what is needed.
  case memory(needed: Int, available: Int, purpose: String)
  /// A size exceeds what the routine's 32-bit integers or this machine's Int can count.
  case tooLarge(String)
}

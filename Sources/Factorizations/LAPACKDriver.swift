internal import Tensors

/// The two LAPACK routines for the SVD, in the order in which they are tried.
enum SVDDriver: String, CaseIterable {
  /// Divide and conquer: several times faster, and known to fail on rare inputs.
  case gesdd
  /// QR iteration: slow and sturdy.
  case gesvd
}

/// Runs the drivers in turn until one converges.
///
/// - Parameter attempt: runs one driver on a fresh copy of the input and returns LAPACK's `info`.
/// - Returns: the driver that converged.
/// - Throws: `NumericalError.noConvergence` when none does.
func firstConverging(
  of drivers: [SVDDriver] = SVDDriver.allCases,
  _ attempt: (SVDDriver) throws(NumericalError) -> Int32
) throws(NumericalError) -> SVDDriver {
  for driver in drivers {
    let info = try attempt(driver)
    precondition(info >= 0, "argument \(-info) of \(driver.rawValue) is wrong")
    if info == 0 { return driver }
  }
  throw .noConvergence(routine: drivers.map(\.rawValue).joined(separator: " and "))
}

/// A size as LAPACK's 32-bit integer.
///
/// - Throws: `NumericalError.tooLarge`.
func lapackSize(_ size: Int, _ what: String) throws(NumericalError) -> Int32 {
  guard let result = Int32(exactly: size) else {
    throw .tooLarge("\(what) is \(size); LAPACK counts to \(Int32.max)")
  }
  return result
}

/// The workspace length that a LAPACK query answered with, at least `minimum`.
///
/// The answer comes back as a floating-point number, in `Float` with 24 bits only: rounding up
/// keeps it from being a little too small. LAPACK computes it with 32-bit integers that wrap for
/// large matrices, so what the routine's documentation demands is a lower bound.
/// - Throws: `NumericalError.tooLarge` beyond 32 bits.
func workspaceLength<Element: Scalar>(
  _ answer: Element, minimum: Int = 1
) throws(NumericalError) -> Int32 {
  let length = max(Double(answer.nextUp).rounded(.up), Double(minimum))
  guard length <= Double(Int32.max) else {
    throw .tooLarge("the workspace of \(minimum) numbers; LAPACK counts to \(Int32.max)")
  }
  return Int32(length)
}

extension SVDDriver {
  /// The least workspace that the routine's documentation demands, in numbers; p = min(m, n).
  func minimumWorkspace(rows: Int, columns: Int, vectors: Bool) -> Int {
    let (p, longer) = (min(rows, columns), max(rows, columns))
    return switch self {
    case .gesdd: vectors ? 4 * p * p + 7 * p + longer : 3 * p + max(longer, 7 * p)
    case .gesvd: max(3 * p + longer, 5 * p)
    }
  }

  /// The drivers whose workspace 32 bits can count.
  static func usable(rows: Int, columns: Int, vectors: Bool) -> [SVDDriver] {
    allCases.filter {
      $0.minimumWorkspace(rows: rows, columns: columns, vectors: vectors) <= Int(Int32.max)
    }
  }
}

import Reporting
import Tensors

/// What a bench finds of a result beside its time.
struct BenchFigures {
  /// What the memory budget counted beside operands and results.
  let extraBytes: Int
  let error: BenchError
}

/// How far a result is from the definition in double precision.
struct BenchError {
  /// The largest difference, and that over the largest number of the definition's result.
  private(set) var absolute = 0.0
  private(set) var relative = 0.0
  /// The relative error of results that are off by more than was allowed.
  private(set) var judged = 0.0

  init() {}

  /// Takes in one more of the results.
  ///
  /// - Parameter allowance: a difference up to which it is right whatever its size is.
  mutating func include<Element: Scalar>(
    _ result: Tensor<Element>, _ expected: Tensor<Double>, allowance: Double = 0
  ) {
    let difference = result.converted(to: Double.self) - expected
    // NaN would be lost in a maximum.
    let distance = difference.firstNonFinite() == nil ? difference.maximumMagnitude() : .infinity
    let size = expected.maximumMagnitude()
    absolute = max(absolute, distance)
    let share = size > 0 ? distance / size : distance
    relative = max(relative, share)
    if !(distance <= allowance) { judged = max(judged, share) }
  }
}

/// Why a row has no time.
enum BenchFailure: Error {
  /// A result is wrong: nothing is timed, and the program fails.
  case wrong(String)
  /// The case cannot be computed here, for want of memory for instance.
  case numerical(NumericalError)

  var message: String {
    switch self {
    case .wrong(let text): text
    case .numerical(.memory(let needed, let available, _)):
      "needs \(needed) bytes, \(available) are available"
    case .numerical(.shape(let text)), .numerical(.tooLarge(let text)): text
    case .numerical(let error): "\(error)"
    }
  }

  static func numerics<Result>(
    _ body: () throws(NumericalError) -> Result
  ) throws(BenchFailure) -> Result {
    do {
      return try body()
    } catch {
      throw .numerical(error)
    }
  }
}

/// One row of a bench: what is timed, and what the row says of it.
struct BenchCase {
  /// What requirements call it: an algorithm, a variant.
  let variant: String
  /// The cells under the bench's own columns.
  let cells: [Cell]
  /// The operations of the definition; asked for after the verification.
  let operations: () -> Double
  /// The figures under the bench's last columns, from what was measured.
  let remarks: (_ seconds: Statistics?) -> [Cell]
  let contestant: Contestant<BenchFigures, BenchFailure>
}

extension BenchCase {
  /// A contestant whose error is held against a limit that its rounding explains.
  ///
  /// - Parameters:
  ///   - tolerance: the relative error that rounding explains; asked for after `compute`.
  ///   - compute: does the work, with a budget that counts what it takes, and compares the result.
  static func contestant(
    _ name: String, tolerance: @escaping () throws(NumericalError) -> Double, memory: Int,
    compute: @escaping (MemoryBudget) throws(NumericalError) -> BenchError,
    call: @escaping () throws(NumericalError) -> Void
  ) -> Contestant<BenchFigures, BenchFailure> {
    Contestant(
      name: name,
      verify: { () throws(BenchFailure) in
        let budget = MemoryBudget(limit: memory)
        let (error, limit) = try BenchFailure.numerics { () throws(NumericalError) in
          (try compute(budget), try tolerance())
        }
        guard error.judged <= limit else {
          throw .wrong(
            "wrong: the relative error is \(NumberText.significant(error.judged, digits: 2)), "
              + "rounding explains \(NumberText.significant(limit, digits: 2))")
        }
        return BenchFigures(extraBytes: budget.peak, error: error)
      },
      call: { () throws(BenchFailure) in
        try BenchFailure.numerics { () throws(NumericalError) in try call() }
      })
  }
}

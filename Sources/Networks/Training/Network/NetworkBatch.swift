import Tensors

/// The rows that go through a network together.
struct NetworkBatch<Element: Scalar> {
  /// Targets as the passes read them.
  enum Targets {
    case none
    case labels(UnsafePointer<Int32>)
    case values(UnsafePointer<Element>)
  }

  /// How many.
  var rows: Int
  /// The inputs of all samples [N, D].
  let samples: UnsafePointer<Element>
  /// The targets of all samples.
  let targets: Targets
  /// Which samples the rows are; nil for `first` and those behind it.
  var places: UnsafePointer<Int32>?
  var first = 0
  /// The optimiser's step, which numbers the masks of dropout.
  var step = 0

  /// The sample of a row.
  func sample(_ row: Int) -> Int { places.map { Int($0[row]) } ?? first + row }
}

extension Samples {
  /// Calls `body` with a batch of no rows over all samples.
  func withBatch<Result>(
    _ body: (NetworkBatch<Element>) throws(NumericalError) -> Result
  ) throws(NumericalError) -> Result {
    try inputs.withUnsafeElements { (inputs) throws(NumericalError) in
      guard let base = inputs.baseAddress else { throw .shape("no samples") }
      switch targets {
      case .labels(let labels):
        return try labels.withUnsafeBufferPointer { (labels) throws(NumericalError) in
          try body(
            NetworkBatch(
              rows: 0, samples: base, targets: labels.baseAddress.map { .labels($0) } ?? .none))
        }
      case .values(let values):
        return try values.withUnsafeElements { (values) throws(NumericalError) in
          try body(
            NetworkBatch(
              rows: 0, samples: base, targets: values.baseAddress.map { .values($0) } ?? .none))
        }
      }
    }
  }
}

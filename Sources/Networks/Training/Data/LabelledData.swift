public import Tensors

/// What a model shall predict, one entry per sample.
public enum LabelledTargets<Element: Scalar>: Sendable, Equatable {
  /// A class per sample [N], and what the classes are called.
  case classes([Int32], ClassMap)
  /// Numbers [N, C].
  case values(Tensor<Element>)

  /// The number of samples.
  public var count: Int {
    switch self {
    case .classes(let classes, _): classes.count
    case .values(let values): values.rows
    }
  }

  /// What a model must give per sample, C: the classes, or the numbers.
  public var outputCount: Int {
    switch self {
    case .classes(_, let map): map.count
    case .values(let values): values.columns
    }
  }
}

/// A data set: N samples of D features, each with its target.
public struct LabelledData<Element: Scalar>: Sendable, Equatable {
  /// The features [N, D].
  public var inputs: Tensor<Element>
  /// The targets, N of them.
  public var targets: LabelledTargets<Element>
  /// What the features are called; nil when nothing says so.
  public var featureNames: [String]?

  /// A data set.
  ///
  /// - Throws: `NumericalError.shape`, naming both counts, when there are not as many targets as
  ///   samples.
  public init(
    inputs: Tensor<Element>, targets: LabelledTargets<Element>, featureNames: [String]? = nil
  ) throws(NumericalError) {
    guard inputs.rows == targets.count else {
      throw .shape("\(inputs.rows) samples and \(targets.count) targets do not fit together")
    }
    self.inputs = inputs
    self.targets = targets
    self.featureNames = featureNames
  }

  /// The number of samples, N.
  public var count: Int { inputs.rows }

  /// Takes samples out: they are returned as a data set of their own, the others move together.
  ///
  /// Beside the data only the samples taken out are held, so that a split needs no second copy;
  /// `inputs` must not be shared.
  ///
  /// - Parameter rows: which ones, ascending, none twice.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public mutating func removeRows(_ rows: [Int]) -> LabelledData {
    var removed = emptied
    removed.inputs = inputs.removeRows(rows)
    switch targets {
    case .values(var values):
      removed.targets = .values(values.removeRows(rows))
      targets = .values(values)
    case .classes(let classes, let map):
      var isRemoved = [Bool](repeating: false, count: classes.count)
      for row in rows { isRemoved[row] = true }
      removed.targets = .classes(rows.map { classes[$0] }, map)
      targets = .classes(classes.indices.filter { !isRemoved[$0] }.map { classes[$0] }, map)
    }
    return removed
  }

  /// The same features and classes without samples.
  private var emptied: LabelledData {
    var result = self
    result.inputs = Tensor([0, inputs.columns], [])
    switch targets {
    case .values(let values): result.targets = .values(Tensor([0, values.columns], []))
    case .classes(_, let map): result.targets = .classes([], map)
    }
    return result
  }
}

extension Tensor {
  /// Takes rows of a matrix out; the others move together in place.
  fileprivate mutating func removeRows(_ rows: [Int]) -> Tensor {
    let (count, width) = (self.rows, columns)
    let removed = withUnsafeElements { source in
      Tensor(uninitialized: [rows.count, width]) { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        for (place, row) in rows.enumerated() {
          (target + place * width).initialize(from: source + row * width, count: width)
        }
      }
    }
    withUnsafeMutableElements { elements in
      guard let base = elements.baseAddress else { return }
      // Between two rows taken out lies a run that moves as a whole.
      var end = rows.first ?? count
      for (place, row) in rows.enumerated() {
        let next = place + 1 < rows.count ? rows[place + 1] : count
        let length = next - row - 1
        (base + end * width).update(from: base + (row + 1) * width, count: length * width)
        end += length
      }
    }
    keepRows(count - rows.count)
    return removed
  }
}

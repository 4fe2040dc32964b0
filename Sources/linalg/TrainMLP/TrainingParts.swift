import FileFormats
import Networks
import Tensors

/// Targets as a file holds them.
enum TargetPart<Element: Scalar> {
  /// One number or word per sample.
  case cells(TargetCells)
  /// Several numbers per sample [N, C].
  case rows(Tensor<Element>)

  /// The number of samples.
  var count: Int {
    switch self {
    case .cells(let cells): cells.count
    case .rows(let rows): rows.rows
    }
  }

  /// The targets of an array: [N], [N, 1] or [N, C].
  init(_ array: StoredArray, of path: String, _ budget: MemoryBudget) throws(Failure) {
    let sizes = array.shape.dimensions
    guard (1...2).contains(sizes.count), array.shape.count > 0 else {
      throw .file(
        path,
        FormatError(
          .badData, "targets are one or several per sample (found shape \(array.shape))"))
    }
    let isSingle = sizes.dropFirst().allSatisfy { $0 == 1 }
    try Failure.naming(path) { () throws(FormatError) in
      let size = isSingle ? MemoryLayout<Double>.stride : MemoryLayout<Element>.stride
      try budget.allow(array.shape.count * size, for: "the targets")
    }
    if isSingle {
      let numbers = array.tensor(as: Double.self)
      try Failure.numerics(path) { () throws(NumericalError) in try numbers.requireFinite() }
      self = .cells(.numbers(numbers.elements))
    } else {
      let rows = array.tensor(as: Element.self)
      try Failure.numerics(path) { () throws(NumericalError) in try rows.requireFinite() }
      self = .rows(rows)
    }
  }
}

extension TargetPart {
  /// The targets of a text table's column.
  init(_ cells: TargetCells) { self = .cells(cells) }
}

/// Inputs as a file holds them, and its targets when it holds any.
struct TrainingParts<Element: Scalar> {
  /// [N, D]
  let inputs: Tensor<Element>
  let featureNames: [String]?
  var targets: TargetPart<Element>?
  /// What is to be said of them.
  var notes: [String]

  /// The columns of a text table.
  ///
  /// - Parameter isLast: whether the target is the last column because none was named.
  init(_ table: LabelledTable<Element>, isLast: Bool) throws(FormatError) {
    guard table.features.columns > 0 else {
      throw FormatError(
        .badData, "the table has one column, which leaves no features beside the target")
    }
    inputs = table.features
    featureNames = table.featureNames
    targets = table.target.map { TargetPart($0.cells) }
    notes = []
    if let target = table.target {
      let name = target.name.map { "'\(TextQuote.short($0))'" } ?? "column \(target.index)"
      notes = ["target = \(name)" + (isLast ? " (last column)" : "")]
    }
  }

  /// The samples of an array [N, …]; what lies behind the first axis is one row of features.
  init(_ array: StoredArray, of path: String, _ budget: MemoryBudget) throws(Failure) {
    let shape = array.shape
    guard shape.rank >= 2, shape.count > 0 else {
      throw .file(
        path,
        FormatError(.badData, "inputs are samples x features (found shape \(shape))"))
    }
    try Failure.naming(path) { () throws(FormatError) in
      try budget.allow(shape.count * MemoryLayout<Element>.stride, for: "the inputs")
    }
    let numbers = array.tensor(as: Element.self)
    try Failure.numerics(path) { () throws(NumericalError) in try numbers.requireFinite() }
    let flat: Shape = [shape[0], shape.count / shape[0]]
    inputs = numbers.reshaped(flat)
    featureNames = nil
    notes = shape.rank > 2 ? ["inputs of shape \(shape) are flattened to \(flat)"] : []
  }
}

/// The arrays of a file that are inputs and targets.
struct TrainingArrays {
  let inputs: StoredArray
  let targets: StoredArray?
  /// What the file calls them.
  let names: (String, String)

  private static let inputNames = ["x", "X"]
  private static let targetName = "y"

  /// - Parameter hasLabels: whether the targets stand in another file.
  /// - Throws: `FormatError.usage` for an archive whose arrays do not say which is which, `.badData`
  ///   for a picture.
  init(_ file: LoadedFile, hasLabels: Bool) throws(FormatError) {
    if case .picture = file.content {
      throw FormatError(.badData, "a picture holds no samples")
    }
    guard case .archive(let arrays) = file.content, arrays.count > 1, !hasLabels else {
      inputs = try file.array()
      (targets, names) = (nil, ("", ""))
      return
    }
    guard let (x, y) = Self.pair(arrays) else {
      let listed = arrays.prefix(12).map { TextQuote.short($0.name, longest: 20) }
      throw FormatError(
        .usage,
        "which arrays are inputs and targets is not known (found \(listed.joined(separator: ", "))"
          + "\(arrays.count > 12 ? ", …" : ""), expected x and y)",
        hint: "name them: FILE:NAME --labels FILE:NAME")
    }
    (inputs, targets, names) = (x.array, y.array, (x.name, y.name))
  }

  /// `x` or `X` with `y`; else two arrays of which one alone is a vector.
  private static func pair(_ arrays: [NamedArray]) -> (NamedArray, NamedArray)? {
    if let x = arrays.first(where: { inputNames.contains($0.name) }),
      let y = arrays.first(where: { $0.name == targetName })
    {
      return (x, y)
    }
    let vectors = arrays.filter { $0.array.shape.rank == 1 }
    let others = arrays.filter { $0.array.shape.rank > 1 }
    guard arrays.count == 2, let vector = vectors.first, let other = others.first else {
      return nil
    }
    return (other, vector)
  }
}

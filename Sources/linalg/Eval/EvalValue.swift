import FileFormats
import Tensors

/// An input or a direction: its shape, and its numbers in any precision.
struct EvalValue {
  private enum Numbers {
    case tensor(Tensor<Double>)
    case stored(StoredArray)
    case filled(EvalSource.Filling, RandomSource)
  }

  /// What the value is for, in messages: `--in A`.
  let role: String
  /// Where it comes from, for messages and documents.
  let origin: String
  private(set) var shape: Shape
  /// The type of a file's numbers; nil for others.
  let dtype: DType?
  /// Whether it comes from a file.
  let isFile: Bool
  /// Whether it comes from a text table, which has rows and columns even where a vector is meant.
  private let isTable: Bool
  private let numbers: Numbers

  /// - Parameter number: the number of the value among all; each has random numbers of its own.
  init(
    _ text: String, role: String, number: Int, seed: UInt64, _ reading: ReadingOptions,
    budget: MemoryBudget, console: Console
  ) throws(Failure) {
    self.role = role
    switch try EvalSource(text, role: role) {
    case .literal(let tensor):
      (origin, shape, dtype) = (text, tensor.shape, nil)
      (isFile, isTable, numbers) = (false, false, .tensor(tensor))
    case .filled(let filling, let filledShape):
      try Failure.numerics(nil) { () throws(NumericalError) in
        try budget.check(filledShape.byteCount(of: Double.self), for: text)
      }
      (origin, shape, dtype) = (text, filledShape, nil)
      (isFile, isTable) = (false, false)
      numbers = .filled(
        filling, RandomSource(seed: seed, substream: UInt32(truncatingIfNeeded: number)))
    case .file(let path):
      let file = try reading.load(path, budget: budget, console: console)
      let array = try Failure.naming(path) { () throws(FormatError) in try file.array() }
      (origin, shape, dtype) = (displayName(path), array.shape, array.dtype)
      (isFile, isTable) = (true, [.csv, .tsv, .txt].contains(file.format))
      numbers = .stored(array)
    }
  }

  /// Requires a shape; a table of one row or one column serves as a vector.
  ///
  /// - Throws: `Failure` naming both shapes; bad data if it comes from a file.
  mutating func require(_ expected: Shape, of what: String) throws(Failure) {
    if isTable, expected.rank == 1, shape.dimensions.contains(1), shape.count == expected.count {
      shape = expected
    }
    guard shape != expected else { return }
    let message = "\(origin) is \(shape), but \(what) is \(expected)"
    throw isFile ? .numerical(nil, .shape("\(role): \(message)")) : .usage("\(role): \(message)")
  }

  /// The relative rounding of the numbers.
  var epsilon: Double {
    switch dtype {
    case .f32: Double(Float.ulpOfOne)
    case .f16: 0x1p-10
    case .bf16: 0x1p-7
    default: .ulpOfOne
    }
  }

  /// The numbers.
  func tensor<Element: Scalar>(as type: Element.Type) -> Tensor<Element> {
    switch numbers {
    case .tensor(let tensor): tensor.converted(to: type).reshaped(shape)
    case .stored(let array): array.tensor(as: type).reshaped(shape)
    case .filled(.randn, let source): source.normal(shape, as: type)
    case .filled(.rand, let source): source.uniform(shape, as: type)
    case .filled(.zeros, _): .zeros(shape)
    case .filled(.ones, _): Tensor(repeating: 1, shape)
    }
  }
}

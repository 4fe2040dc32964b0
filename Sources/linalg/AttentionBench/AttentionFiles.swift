import FileFormats
import Networks
import Tensors

/// Q, K and V from files.
struct AttentionFiles {
  /// What the report calls them.
  let names: [String]
  private let paths: [String]
  private let arrays: [StoredArray]
  private let layout: AttentionLayout

  init(
    _ paths: [String], _ layout: AttentionLayout, _ reading: ReadingOptions,
    budget: MemoryBudget, console: Console
  ) throws(Failure) {
    (self.paths, self.layout) = (paths, layout)
    names = paths.map(displayName)
    var arrays: [StoredArray] = []
    for path in paths {
      let file = try reading.load(path, budget: budget, console: console)
      let array = try Failure.naming(path) { () throws(FormatError) in try file.array() }
      guard layout == .bhtd || array.shape.rank == 4 else {
        throw .numerical(
          path, .shape("an array of \(array.shape) has no layout bthd (expected [B, T, H, d])"))
      }
      arrays.append(array)
    }
    self.arrays = arrays
  }

  /// Single where all files are no wider.
  var precision: Precision {
    arrays.allSatisfy { [.f16, .bf16, .f32].contains($0.dtype) } ? .f32 : .f64
  }

  /// Q, K and V [B, H, T, d], finite.
  func operands<Element: Scalar>() throws(Failure) -> [Tensor<Element>] {
    var operands: [Tensor<Element>] = []
    for (path, array) in zip(paths, arrays) {
      let tensor: Tensor<Element> = arranged(array.tensor(as: Element.self))
      if let position = tensor.firstNonFinite() {
        throw .numerical(
          path,
          .notFinite(
            index: tensor.shape.index(ofPosition: position),
            value: "\(tensor.elements[position])"))
      }
      operands.append(tensor)
    }
    return operands
  }

  /// From the files' axes to [B, H, T, d], and back.
  func arranged<Element: Scalar>(_ tensor: Tensor<Element>) -> Tensor<Element> {
    layout == .bhtd ? tensor : tensor.permuted([0, 2, 1, 3])
  }

  /// Runs `body`; what is wrong with the shapes is said of all files.
  func naming<Result>(
    _ body: () throws(NumericalError) -> Result
  ) throws(Failure) -> Result {
    try Failure.numerics(paths.joined(separator: ", "), body)
  }
}

public import Tensors

extension ResolvedContraction {
  /// The output by the definition: for every value of the output's labels the sum, over every value
  /// of the others, of the product of one element from each operand.
  ///
  /// Products and sums are in double precision; nothing is reordered or shared. This is what the
  /// fast ways are held against. It costs as many products as all labels have values together.
  ///
  /// - Parameter operands: as they were resolved; with other shapes of equal counts their elements
  ///   are taken in row-major order, with other counts they trap.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func reference<Element: Scalar>(_ operands: [Tensor<Element>]) -> Tensor<Element> {
    summed(operands) { $0 }
  }

  /// `Σ|products|` for each element of the output, to bound rounding errors with.
  ///
  /// - Parameter operands: as for `reference`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func magnitude<Element: Scalar>(_ operands: [Tensor<Element>]) -> Tensor<Element> {
    summed(operands) { $0.magnitude }
  }

  @inline(__always)
  private func summed<Element: Scalar>(
    _ operands: [Tensor<Element>], _ term: (Double) -> Double
  ) -> Tensor<Element> {
    precondition(operands.count == operandShapes.count, "\(operands.count) operands")
    let sources = zip(operands, operandShapes).map { $0.reshaped($1).elements }
    var result = [Element](repeating: 0, count: outputShape.count)
    let arrays = zip(contraction.operands, operandShapes).map { ArrayAxes(labels: $0, shape: $1) }
    let output = ArrayAxes(labels: outputLabels, shape: outputShape)
    let summedLabels = contraction.sizes.indices.filter { !contraction.output.contains($0) }
    var outer = LabelLoops(over: contraction.output, of: contraction, arrays + [output])
    var inner = LabelLoops(over: summedLabels, of: contraction, arrays + [output])
    guard outer.hasValues, inner.hasValues else { return Tensor(outputShape, result) }

    // The place of the present element in each source and, last, in the result.
    var places = [Int](repeating: 0, count: sources.count + 1)
    repeat {
      var sum = 0.0
      repeat {
        var product = 1.0
        for k in 0..<sources.count { product *= Double(sources[k][places[k]]) }
        sum += term(product)
      } while inner.advance(&places)
      result[places[sources.count]] = Element(sum)
    } while outer.advance(&places)
    return Tensor(outputShape, result)
  }
}

/// An array whose axes have labels.
private struct ArrayAxes {
  let labels: [Int]
  let shape: Shape

  /// How far apart elements are whose indices differ by 1 in the label, on all axes that have it.
  func stride(of label: Int) -> Int {
    zip(labels, shape.strides).reduce(0) { $0 + ($1.0 == label ? $1.1 : 0) }
  }
}

/// Nested loops over the values of labels, the last one innermost, as an odometer.
private struct LabelLoops {
  private let sizes: [Int]
  /// How far each array moves when a label's value grows by 1, array by array for each label.
  private let strides: [Int]
  private var values: [Int]

  init(over labels: [Int], of contraction: Contraction, _ arrays: [ArrayAxes]) {
    sizes = labels.map { contraction.sizes[$0] }
    strides = labels.flatMap { label in arrays.map { $0.stride(of: label) } }
    values = [Int](repeating: 0, count: labels.count)
  }

  /// Whether there is anything to loop over; without labels there is one turn.
  var hasValues: Bool { !sizes.contains(0) }

  /// Goes to the next values and moves every place along; false after the last ones, when all are
  /// at the start again.
  @inline(__always)
  mutating func advance(_ places: inout [Int]) -> Bool {
    var level = sizes.count - 1
    while level >= 0 {
      let size = sizes[level]
      let first = level * places.count
      values[level] += 1
      if values[level] < size {
        for k in 0..<places.count { places[k] += strides[first + k] }
        return true
      }
      values[level] = 0
      for k in 0..<places.count { places[k] -= strides[first + k] * (size - 1) }
      level -= 1
    }
    return false
  }
}

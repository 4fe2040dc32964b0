public import Tensors

extension Shape {
  /// An axis as users count it, from the end where it is negative.
  ///
  /// - Throws: `NumericalError.shape`.
  public func axis(_ axis: Int, of name: String) throws(NumericalError) -> Int {
    guard axis >= -rank, axis < rank else {
      throw .shape("\(name) of \(self): there is no axis \(axis)")
    }
    return axis < 0 ? axis + rank : axis
  }

  /// Axes as users count them, none twice; all of them for nil.
  ///
  /// - Throws: `NumericalError.shape`.
  func axes(_ axes: [Int]?, of name: String) throws(NumericalError) -> [Int] {
    guard let axes else { return Array(0..<rank) }
    var result: [Int] = []
    for one in axes {
      let place = try axis(one, of: name)
      guard !result.contains(place) else {
        throw .shape("\(name) of \(self): axis \(one) stands twice")
      }
      result.append(place)
    }
    return result
  }

  /// The shape with some axes at size 1, or without them.
  func reduced(over axes: [Int], keepingAxes: Bool) -> Shape {
    Shape(
      dimensions.indices.compactMap { axes.contains($0) ? keepingAxes ? 1 : nil : dimensions[$0] })
  }
}

extension TensorValue {
  /// The sums over some axes, which disappear or stay with size 1.
  public func sum(over axes: [Int], keepingAxes: Bool = false) -> Self {
    summed(to: shape.reduced(over: axes, keepingAxes: true))
      .reshaped(shape.reduced(over: axes, keepingAxes: keepingAxes))
  }

  /// The means over some axes; NaN where they are empty.
  public func mean(over axes: [Int], keepingAxes: Bool = false) -> Self {
    let count = axes.reduce(1) { $0 * shape[$1] }
    return sum(over: axes, keepingAxes: keepingAxes) / Self(Double(count))
  }

  /// log Σ exp x along an axis, which stays with size 1: the largest element is taken out first, so
  /// that nothing overflows. It counts as a constant; it cancels.
  func logSumExp(axis: Int) throws(NumericalError) -> Self {
    let largest = try extremum(over: [axis], isMaximum: true).stoppingGradient()
    return (self - largest).exp().sum(over: [axis], keepingAxes: true).log() + largest
  }
}

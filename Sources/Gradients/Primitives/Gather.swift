public import Tensors

/// y[…, i, …] = x[…, index[i], …] along an axis, for whole numbers `index` of any shape, whose axes
/// stand in the place of that axis. Linear in x; the adjoint is `ScatterAdd`. The index has none.
struct Gather: Primitive {
  let axis: Int

  var name: String { "gather" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    guard axis >= 0, axis < inputs[0].rank else {
      throw .shape("gather along axis \(axis) of \(inputs[0])")
    }
    let sizes = inputs[0].dimensions
    return [
      try Shape(checking: sizes[..<axis] + inputs[1].dimensions + sizes[(axis + 1)...])
    ]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    let (x, index) = (inputs[0], try inputs[1].places(below: inputs[0].shape[axis]))
    let result = try shapes(of: inputs.map { $0.shape })[0]
    let inner = x.shape.dimensions[(axis + 1)...].reduce(1, *)
    let blocks = x.shape.dimensions[..<axis].reduce(1, *)
    let length = x.shape[axis]
    return [
      x.withUnsafeElements { source in
        Tensor(uninitialized: result) { target in
          guard let source = source.baseAddress, var place = target.baseAddress else { return }
          for block in 0..<blocks {
            for i in index {
              place.initialize(from: source + (block * length + i) * inner, count: inner)
              place += inner
            }
          }
        }
      }
    ]
  }

  func stacked(over operands: StackedOperands) -> StackedCall<Self>? {
    // One index for all; several read different places.
    operands.areStacked[1] ? nil : StackedCall(Gather(axis: axis + 1), of: operands)
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil] }
    return try V.apply(self, to: [tangent, inputs[1]])
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0], needed[0] else { return [nil, nil] }
    let scatter = ScatterAdd(axis: axis, target: inputs[0].shape)
    return [try V.apply(scatter, to: [adjoint, inputs[1]])[0], nil]
  }
}

/// Zeros to which x is added at the places that `Gather` reads: its transpose.
struct ScatterAdd: Primitive {
  let axis: Int
  let target: Shape

  var name: String { "scatter" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    guard try Gather(axis: axis).shapes(of: [target, inputs[1]])[0] == inputs[0] else {
      throw .shape("scatter of \(inputs[0]) with an index of \(inputs[1]) into \(target)")
    }
    return [target]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    let index = try inputs[1].places(below: target[axis])
    let inner = target.dimensions[(axis + 1)...].reduce(1, *)
    let blocks = target.dimensions[..<axis].reduce(1, *)
    var result = Tensor<Element>.zeros(target)
    inputs[0].withUnsafeElements { source in
      result.withUnsafeMutableElements { result in
        guard let source = source.baseAddress, let result = result.baseAddress else { return }
        for block in 0..<blocks {
          for (place, i) in index.enumerated() {
            Element.vectorAdd(
              inner, source + (block * index.count + place) * inner,
              to: result + (block * target[axis] + i) * inner)
          }
        }
      }
    }
    return [result]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard let tangent = tangents[0] else { return [nil] }
    return try V.apply(self, to: [tangent, inputs[1]])
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0], needed[0] else { return [nil, nil] }
    return [try V.apply(Gather(axis: axis), to: [adjoint, inputs[1]])[0], nil]
  }
}

/// One more axis behind, of `classes` places: 1 at the place that a whole number names, else 0. The
/// derivative is zero.
struct OneHot: Primitive {
  let classes: Int

  var name: String { "one_hot" }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    [try Shape(checking: inputs[0].dimensions + [classes])]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    let places = try inputs[0].places(below: classes)
    var result = Tensor<Element>.zeros(try shapes(of: inputs.map { $0.shape })[0])
    result.withUnsafeMutableElements { result in
      for (row, place) in places.enumerated() { result[row * classes + place] = 1 }
    }
    return [result]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] { [nil] }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] { [nil] }
}

extension Tensor {
  /// The elements as places on an axis of `size`; negative ones count from its end.
  ///
  /// - Throws: `NumericalError.shape` for numbers that are not whole or lie outside.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func places(below size: Int) throws(NumericalError) -> [Int] {
    var places: [Int] = []
    places.reserveCapacity(count)
    for element in elements {
      guard let place = Int(exactly: element), place >= -size, place < size else {
        throw .shape("\(element) is no place on an axis of \(size)")
      }
      places.append(place < 0 ? place + size : place)
    }
    return places
  }
}

extension TensorValue {
  /// The slices of one axis that a value of whole numbers names.
  ///
  /// - Throws: `NumericalError.shape` for places outside the axis.
  public func gathered(_ index: Self, axis: Int) throws(NumericalError) -> Self {
    try Self.apply(Gather(axis: axis), to: [self, index])[0]
  }

  /// One-hot rows for whole numbers below `classes`.
  ///
  /// - Throws: `NumericalError.shape` for other numbers.
  public func oneHot(classes: Int) throws(NumericalError) -> Self {
    guard classes >= 0 else { throw .shape("one_hot of \(classes) classes") }
    return try Self.apply(OneHot(classes: classes), to: [self])[0]
  }
}

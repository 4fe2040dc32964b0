import Einsum
import Tensors

/// The same elements under another shape.
struct ReshapeOperation: Operation {
  let name = "reshape"
  let summary = "the same elements under another shape; one size may be -1"
  let parameters: [OperationParameter] = [.operand("x"), .attribute("shape", .axes)]
  let samples = [OperationSample([SampleOperand([3, 4])], ["shape": .integers([2, -1])])]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    var sizes = arguments.axes("shape") ?? []
    let known = try Shape(checking: sizes.filter { $0 != -1 }).count
    if let place = sizes.firstIndex(of: -1), known > 0 { sizes[place] = x.shape.count / known }
    return try V.apply(Reshape(target: try Shape(checking: sizes)), to: [x])
  }
}

/// The axes in another order.
struct TransposeOperation: Operation {
  let name = "transpose"
  let summary = "the axes in the order that axes=(…) says, or reversed; x.T is the same"
  let parameters: [OperationParameter] = [
    .operand("x"), .attribute("axes", .axes, default: AttributeValue.none),
  ]
  let samples = [
    OperationSample([SampleOperand([3, 4])]),
    OperationSample([SampleOperand([2, 3, 4])], ["axes": .integers([1, 2, 0])]),
  ]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    let axes = try arguments.axes("axes").map { (axes) throws(NumericalError) in
      try x.shape.axes(axes, of: name)
    }
    return try V.apply(
      Permutation(axes: axes ?? Array((0..<x.shape.rank).reversed())), to: [x])
  }
}

/// A matrix's columns one below the other.
struct Vectorization: Operation {
  let name = "vec"
  let summary = "the columns of a matrix one below the other: vec(A X B) = kron(B.T, A) @ vec(X)"
  let parameters: [OperationParameter] = [.operand("X")]
  let samples = [OperationSample([SampleOperand([3, 2])])]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    guard x.shape.rank == 2 else { throw .shape("vec of \(x.shape): a matrix is needed") }
    return [x.transposed().reshaped([x.shape.count])]
  }
}

/// The Kronecker product.
struct KroneckerProduct: Operation {
  let name = "kron"
  let summary = "the Kronecker product of two matrices"
  let parameters: [OperationParameter] = [.operand("A"), .operand("B")]
  let samples = [OperationSample([SampleOperand([2, 3]), SampleOperand([3, 2])])]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let (a, b) = (arguments[0], arguments[1])
    guard a.shape.rank == 2, b.shape.rank == 2 else {
      throw .shape("kron of \(a.shape) and \(b.shape): two matrices are needed")
    }
    let sizes = a.shape.dimensions + b.shape.dimensions
    _ = try Shape(checking: sizes)
    let target = [
      a.shape[0].multipliedReportingOverflow(by: b.shape[0]),
      a.shape[1].multipliedReportingOverflow(by: b.shape[1]),
    ]
    guard !target.contains(where: \.overflow) else {
      throw .tooLarge("kron of \(a.shape) and \(b.shape)")
    }
    let product = V.einsum(
      Contraction(
        operands: [[0, 1], [2, 3]], output: [0, 2, 1, 3], sizes: sizes, names: ["i", "j", "k", "l"]),
      [a, b])
    return [product.reshaped(try Shape(checking: target.map(\.partialValue)))]
  }
}

/// Arrays one behind the other.
struct ConcatenateOperation: Operation {
  let name = "concatenate"
  let summary = "arrays one behind the other along an axis: concatenate(a, b, axis=0)"
  let parameters: [OperationParameter] = [
    .operands("arrays"), .attribute("axis", .integer, default: .integers([0])),
  ]
  let samples = [
    OperationSample([SampleOperand([2, 3]), SampleOperand([1, 3])]),
    OperationSample([SampleOperand([2, 1]), SampleOperand([2, 3])], ["axis": .integers([-1])]),
  ]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let arrays = arguments.operands.compactMap { $0 }
    guard let first = arrays.first else { throw .shape("concatenate of nothing") }
    let axis = try first.shape.axis(arguments.integer("axis"), of: name)
    return [try V.concatenated(arrays, axis: axis)]
  }
}

/// Zeros around an array.
struct PadOperation: Operation {
  let name = "pad"
  let summary = "zeros before and after the elements, so many per axis: pad(x, (1, 0), (1, 2))"
  let parameters: [OperationParameter] = [
    .operand("x"), .attribute("before", .axes), .attribute("after", .axes),
  ]
  let samples = [
    OperationSample(
      [SampleOperand([2, 3])], ["before": .integers([1, 0]), "after": .integers([0, 2])])
  ]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    let (before, after) = (arguments.axes("before") ?? [], arguments.axes("after") ?? [])
    guard before.count == x.shape.rank, after.count == x.shape.rank,
      (before + after).allSatisfy({ (0...Int(Int32.max)).contains($0) })
    else {
      throw .shape("pad of \(x.shape) by \(before) and \(after): one width from 0 up per axis")
    }
    var sizes: [Int] = []
    for (axis, size) in x.shape.dimensions.enumerated() {
      let (sum, overflow) = size.addingReportingOverflow(before[axis] + after[axis])
      guard !overflow else { throw .tooLarge("pad of \(x.shape)") }
      sizes.append(sum)
    }
    let target = try Shape(checking: sizes)
    return [
      try x.embedded(
        in: target,
        at: x.shape.dimensions.enumerated().map { AxisSlice(start: before[$0], count: $1) })
    ]
  }
}

/// Overlapping windows, and the sums that undo them.
struct WindowOperation: Operation {
  let isFold: Bool

  var name: String { isFold ? "fold" : "unfold" }
  var summary: String {
    isFold
      ? "the sums of overlapping windows, which unfold makes, on an axis of a length"
      : "the windows of a size, step apart, along an axis; their places are a new last axis"
  }
  var parameters: [OperationParameter] {
    [
      .operand("x"), .attribute("axis", .integer), .attribute(isFold ? "length" : "size", .integer),
      .attribute("step", .integer, default: .integers([1])),
    ]
  }
  var samples: [OperationSample] {
    isFold
      ? [
        OperationSample(
          [SampleOperand([2, 3, 3])], ["axis": .integers([1]), "length": .integers([5])])
      ]
      : [
        OperationSample(
          [SampleOperand([2, 7])],
          ["axis": .integers([1]), "size": .integers([3]), "step": .integers([2])])
      ]
  }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    let step = arguments.integer("step")
    let (axis, rank) = (arguments.integer("axis"), x.shape.rank)
    guard isFold else {
      let place = try x.shape.axis(axis, of: name)
      return [try x.unfolded(axis: place, size: arguments.integer("size"), step: step)]
    }
    guard rank > 1 else { throw .shape("fold of \(x.shape): windows have two axes") }
    // Axes are counted without that of the windows' places.
    let place = try Shape(Array(x.shape.dimensions.dropLast())).axis(axis, of: name)
    return [try x.folded(axis: place, length: arguments.integer("length"), step: step)]
  }
}

/// Slices by number.
struct GatherOperation: Operation {
  let name = "gather"
  let summary = "the slices of an axis that whole numbers name, which may repeat"
  let parameters: [OperationParameter] = [
    .operand("x"), .operand("index"), .attribute("axis", .integer, default: .integers([0])),
  ]
  let samples = [
    OperationSample([SampleOperand([4, 3]), SampleOperand([5], .indices(below: 4))]),
    OperationSample(
      [SampleOperand([2, 3]), SampleOperand([2, 2], .indices(below: 3))], ["axis": .integers([1])]),
  ]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let axis = try arguments[0].shape.axis(arguments.integer("axis"), of: name)
    return [try arguments[0].gathered(arguments[1], axis: axis)]
  }
}

/// 1 at the place that a number names.
struct OneHotOperation: Operation {
  let name = "one_hot"
  let summary = "rows with a 1 at the place that a whole number names; the derivative is zero"
  let parameters: [OperationParameter] = [.operand("labels"), .attribute("classes", .integer)]
  let samples = [
    OperationSample([SampleOperand([4], .indices(below: 3))], ["classes": .integers([3])])
  ]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    [try arguments[0].oneHot(classes: arguments.integer("classes"))]
  }
}

/// A copy that counts as a constant.
struct StopGradientOperation: Operation {
  let name = "stop_gradient"
  let summary = "x as a constant: its derivative is zero"
  let parameters: [OperationParameter] = [.operand("x")]
  /// None: what it says of its derivative is not what differences say.
  let samples: [OperationSample] = []

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] { [arguments[0].stoppingGradient()] }
}

/// Any contraction.
struct EinsumOperation: Operation {
  let name = "einsum"
  let summary = "the contraction that subscripts describe: einsum('ij,jk->ik', A, B)"
  let parameters: [OperationParameter] = [
    .attribute("subscripts", .text([])), .operands("operands"),
  ]
  let samples = [
    OperationSample(
      [SampleOperand([2, 3]), SampleOperand([3, 4])], ["subscripts": .text("ij,jk->ik")]),
    OperationSample(
      [SampleOperand([3, 3]), SampleOperand([2, 3])], ["subscripts": .text("ii,ki->ki")]),
    OperationSample([SampleOperand([3])], ["subscripts": .text("i->ii")]),
    OperationSample(
      [SampleOperand([2, 1, 3]), SampleOperand([4, 3]), SampleOperand([3])],
      ["subscripts": .text("...i,...i,i->...")]),
  ]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let subscripts: Subscripts
    do {
      subscripts = try Subscripts(parsing: arguments.text("subscripts"))
    } catch {
      throw .shape("einsum '\(error.text)': \(error.message)")
    }
    return [try V.einsum(subscripts, arguments.operands.compactMap { $0 })]
  }
}

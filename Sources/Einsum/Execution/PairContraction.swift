import Tensors

/// An operand or an intermediate: numbers, and how they lie.
struct StridedOperand<Element: Scalar> {
  let tensor: Tensor<Element>
  let layout: StridedLayout

  /// A row-major operand whose labels may repeat.
  init(_ tensor: Tensor<Element>, labels: [Int], sizes: [Int]) {
    self.tensor = tensor
    layout = StridedLayout(contiguous: labels, sizes: sizes)
  }

  init(_ tensor: Tensor<Element>, layout: StridedLayout) {
    self.tensor = tensor
    self.layout = layout
  }

  /// Whether the elements lie row-major in this order of labels, without gaps.
  func isContiguous(_ labels: [Int], sizes: [Int]) -> Bool {
    let wanted = StridedLayout(contiguous: labels, sizes: sizes)
    return layout.labels.count == labels.count
      && tensor.count == labels.reduce(1) { $0 * sizes[$1] }
      && labels.allSatisfy { sizes[$0] == 1 || layout.stride($0) == wanted.stride($0) }
  }
}

/// What the steps of a contraction are made of.
enum PairContraction<Element: Scalar> {
  /// The operand in another order of labels, contiguous; the same storage if it lies so already.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  static func permuted(
    _ operand: StridedOperand<Element>, to labels: [Int], sizes: [Int]
  ) -> StridedOperand<Element> {
    let shape = Shape(labels.map { sizes[$0] })
    if operand.isContiguous(labels, sizes: sizes) {
      return StridedOperand(operand.tensor.reshaped(shape), labels: labels, sizes: sizes)
    }
    let target = StridedLayout(contiguous: labels, sizes: sizes)
    let nest = LoopNest(
      labels.map {
        LoopAxis(
          size: sizes[$0], a: operand.layout.stride($0) ?? 0, b: 0, c: target.stride($0) ?? 0)
      })
    let tensor = operand.tensor.withUnsafeElements { source in
      Tensor<Element>(uninitialized: shape) { buffer in
        guard let source = source.baseAddress, let target = buffer.baseAddress, nest.count > 0
        else { return }
        StridedKernels.copy(source, to: target, nest)
      }
    }
    return StridedOperand(tensor, labels: labels, sizes: sizes)
  }

  /// The sums over all labels but `kept`, which come in the order given.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  static func summed(
    _ operand: StridedOperand<Element>, keeping kept: [Int], sizes: [Int]
  ) -> StridedOperand<Element> {
    let target = StridedLayout(contiguous: kept, sizes: sizes)
    let order = operand.layout.memoryOrder
    func nest(_ labels: [Int]) -> LoopNest {
      LoopNest(
        labels.map {
          LoopAxis(
            size: sizes[$0], a: operand.layout.stride($0) ?? 0, b: 0, c: target.stride($0) ?? 0)
        })
    }
    let kernel = SumKernel(
      kept: nest(kept), summed: nest(order.filter { !kept.contains($0) }))
    let shape = Shape(kept.map { sizes[$0] })
    guard kernel.summed.count > 0 else {
      return StridedOperand(.zeros(shape), labels: kept, sizes: sizes)
    }
    let tensor = operand.tensor.withUnsafeElements { source in
      Tensor<Element>(uninitialized: shape) { buffer in
        guard let source = source.baseAddress, let target = buffer.baseAddress,
          kernel.kept.count > 0
        else { return }
        kernel.run(source, nil, into: target)
      }
    }
    return StridedOperand(tensor, labels: kept, sizes: sizes)
  }

  /// The contraction of two operands by a plan that was made for their layouts.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  static func contracted(
    _ left: StridedOperand<Element>, _ right: StridedOperand<Element>, by plan: PairPlan,
    result: [Int], sizes: [Int]
  ) -> StridedOperand<Element> {
    let left = plan.left.map { permuted(left, to: $0.labels, sizes: sizes) } ?? left
    let right = plan.right.map { permuted(right, to: $0.labels, sizes: sizes) } ?? right
    let shape = Shape(plan.written.map { sizes[$0] })
    let isEmptySum =
      switch plan.kernel {
      case .elementwise: false
      case .sum(let sum): sum.summed.count == 0
      case .matrix(let product): product.k.size == 0
      case .packed(let product): product.k == 0
      }
    let tensor: Tensor<Element> =
      isEmptySum
      ? .zeros(shape)
      : left.tensor.withUnsafeElements { a in
        right.tensor.withUnsafeElements { b in
          Tensor<Element>(uninitialized: shape) { buffer in
            guard shape.count > 0, let a = a.baseAddress, let b = b.baseAddress,
              let c = buffer.baseAddress
            else { return }
            switch plan.kernel {
            case .elementwise(let nest): StridedKernels.multiply(a, b, to: c, nest)
            case .sum(let sum): sum.run(a, b, into: c)
            case .matrix(let product): product.run(a, b, into: c)
            case .packed(let product): product.run(a, b, into: c)
            }
          }
        }
      }
    let written = StridedOperand(tensor, labels: plan.written, sizes: sizes)
    return plan.permutesResult ? permuted(written, to: result, sizes: sizes) : written
  }
}

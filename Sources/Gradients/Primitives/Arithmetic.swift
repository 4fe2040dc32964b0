import RealModule
import Tensors

/// x ∘ y, element by element over the shape that both have together.
struct Arithmetic: Primitive {
  enum Operator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case power = "**"
    /// The larger of two; equal ones share the derivative.
    case maximum
    case minimum
    /// 1 where x > y, else 0; with derivative zero.
    case greater
    /// 1 where x = y, else 0; with derivative zero.
    case equal

    /// Whether there is a derivative other than zero.
    var isDifferentiable: Bool { self != .greater && self != .equal }
  }

  let op: Operator

  var name: String { op.rawValue }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    guard let shape = inputs[0].broadcast(with: inputs[1]) else {
      throw .shape("\(inputs[0]) \(name) \(inputs[1]): the shapes do not fit")
    }
    return [shape]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    [inputs[0].combined(with: inputs[1], by: op)]
  }

  func stacked(over operands: StackedOperands) -> StackedCall<Self>? {
    // Shapes are aligned at their right ends: none may reach into the leading axis.
    let rank = operands.shapes.map(\.rank).max() ?? 0
    return StackedCall(
      self,
      operandShapes: zip(operands.shapes, operands.areStacked).map {
        $1 ? $0.padded(to: rank).stacked(operands.count) : nil
      })
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    guard op.isDifferentiable else { return [nil] }
    let (x, y) = (inputs[0], inputs[1])
    let first = tangents[0].map { left($0, x, y, outputs[0]) }
    let second = tangents[1].map { right($0, x, y, outputs[0]) }
    let sum = first.flatMap { first in second.map { first + $0 } ?? first } ?? second
    return [sum?.broadcast(to: outputs[0].shape)]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard op.isDifferentiable, let adjoint = adjoints[0] else { return [nil, nil] }
    let (x, y) = (inputs[0], inputs[1])
    return [
      needed[0] ? left(adjoint, x, y, outputs[0]).summed(to: x.shape) : nil,
      needed[1] ? right(adjoint, x, y, outputs[0]).summed(to: y.shape) : nil,
    ]
  }

  /// ∂z/∂x·v for z = x ∘ y; the rules are diagonal, so that they serve both modes.
  private func left<V: TensorValue>(_ v: V, _ x: V, _ y: V, _ z: V) -> V {
    switch op {
    case .add, .subtract, .greater, .equal: v
    case .maximum: v * share(x, y)
    case .minimum: v * share(y, x)
    case .multiply: v * y
    case .divide: v / y
    case .power: v * (y * x.power(y - V(1)))
    }
  }

  /// ∂z/∂y·v. That of a power is xʸ·log x, taken as 0 where x = 0, as its limit for y > 0.
  private func right<V: TensorValue>(_ v: V, _ x: V, _ y: V, _ z: V) -> V {
    switch op {
    case .add, .greater, .equal: return v
    case .maximum: return v * share(y, x)
    case .minimum: return v * share(x, y)
    case .subtract: return -v
    case .multiply: return v * x
    case .divide: return -(v * z / y)
    case .power:
      let isZero = V(1) - x.abs().step()
      return v * (z * (x + isZero).log())
    }
  }

  /// 1 where x > y, ½ where x = y, else 0.
  private func share<V: TensorValue>(_ x: V, _ y: V) -> V {
    V.total(Arithmetic(op: .greater), x, y) + V(0.5) * V.total(Arithmetic(op: .equal), x, y)
  }
}

extension Tensor {
  /// `x ∘ y` with broadcasting.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func combined(with other: Tensor, by op: Arithmetic.Operator) -> Tensor {
    switch op {
    case .add: combined(with: other, .add)
    case .subtract: combined(with: other, .subtract)
    case .multiply: combined(with: other, .multiply)
    case .divide: combined(with: other, .divide)
    case .power: broadcastCombined(with: other) { Self.power($0, $1) }
    // Comparisons, so that NaN stays: neither x > NaN nor x < NaN holds.
    case .maximum: broadcastCombined(with: other) { $0 > $1 || $0 != $0 ? $0 : $1 }
    case .minimum: broadcastCombined(with: other) { $0 < $1 || $0 != $0 ? $0 : $1 }
    case .greater: broadcastCombined(with: other) { $0 > $1 ? 1 : 0 }
    case .equal: broadcastCombined(with: other) { $0 == $1 ? 1 : 0 }
    }
  }

  /// xʸ, also for a negative x where y is a whole number.
  @inline(__always)
  private static func power(_ x: Element, _ y: Element) -> Element {
    if y == 2 { return x * x }
    guard x < 0 || x == 0, y.magnitude < 0x1p31, y == y.rounded(.towardZero) else {
      return Element.pow(x, y)
    }
    return Element.pow(x, Int(y))
  }
}

extension TensorValue {
  public static func + (x: Self, y: Self) -> Self { total(Arithmetic(op: .add), x, y) }
  public static func - (x: Self, y: Self) -> Self { total(Arithmetic(op: .subtract), x, y) }
  public static func * (x: Self, y: Self) -> Self { total(Arithmetic(op: .multiply), x, y) }
  public static func / (x: Self, y: Self) -> Self { total(Arithmetic(op: .divide), x, y) }
  /// The larger of each two elements.
  public func maximum(_ y: Self) -> Self { Self.total(Arithmetic(op: .maximum), self, y) }
  /// The smaller of each two elements.
  public func minimum(_ y: Self) -> Self { Self.total(Arithmetic(op: .minimum), self, y) }
  /// xʸ.
  public func power(_ y: Self) -> Self { Self.total(Arithmetic(op: .power), self, y) }
}

import RealModule
import Tensors

/// Functions of one number, applied to every element.
public enum ElementaryFunction: String, CaseIterable, Sendable {
  case negate, exp, log, expm1, log1p, sqrt
  case sin, cos, tan, asin, acos, atan
  case sinh, cosh, tanh
  case erf
  /// 1/(1 + e⁻ˣ).
  case sigmoid
  /// log(1 + eˣ).
  case softplus
  /// max(x, 0); its derivative at 0 is taken as 0.
  case relu
  /// |x|; its derivative at 0 is taken as 0.
  case abs
  /// −1, 0 or 1: the derivative is zero wherever there is one.
  case sign
  /// 1 for x > 0, else 0: a mask, with derivative zero.
  case step
}

/// y = f(x), element by element: ẏ = f′(x)·ẋ, x̄ = f′(x)·ȳ.
struct Elementary: Primitive {
  let function: ElementaryFunction

  var name: String { function.rawValue }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] { [inputs[0]] }

  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    [inputs[0].applying(function)]
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    [tangents[0].flatMap { times(derivative(inputs[0], outputs[0]), $0) }]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    [adjoints[0].flatMap { times(derivative(inputs[0], outputs[0]), $0) }]
  }

  private enum Derivative<V: TensorValue> {
    case zero
    case minusOne
    case value(V)
  }

  private func times<V: TensorValue>(_ derivative: Derivative<V>, _ v: V) -> V? {
    switch derivative {
    case .zero: nil
    case .minusOne: -v
    case .value(let slope): slope * v
    }
  }

  /// f′ from x and y = f(x).
  private func derivative<V: TensorValue>(_ x: V, _ y: V) -> Derivative<V> {
    switch function {
    case .negate: .minusOne
    case .exp: .value(y)
    case .log: .value(V(1) / x)
    case .expm1: .value(y + V(1))
    case .log1p: .value(V(1) / (x + V(1)))
    case .sqrt: .value(V(0.5) / y)
    case .sin: .value(x.cos())
    case .cos: .value(-x.sin())
    case .tan: .value(V(1) + y * y)
    case .asin: .value(V(1) / (V(1) - x * x).sqrt())
    case .acos: .value(V(-1) / (V(1) - x * x).sqrt())
    case .atan: .value(V(1) / (V(1) + x * x))
    case .sinh: .value(x.cosh())
    case .cosh: .value(x.sinh())
    case .tanh: .value(V(1) - y * y)
    case .erf: .value(V(2 / Double.pi.squareRoot()) * (-(x * x)).exp())
    case .sigmoid: .value(y * (V(1) - y))
    case .softplus: .value(x.sigmoid())
    case .relu: .value(x.step())
    case .abs: .value(x.sign())
    case .sign, .step: .zero
    }
  }
}

extension Tensor {
  /// f of every element.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func applying(_ function: ElementaryFunction) -> Tensor {
    switch function {
    case .negate: -self
    case .exp: mapped { Element.exp($0) }
    case .log: mapped { Element.log($0) }
    case .expm1: mapped { Element.expMinusOne($0) }
    case .log1p: mapped { Element.log(onePlus: $0) }
    case .sqrt: mapped { $0.squareRoot() }
    case .sin: mapped { Element.sin($0) }
    case .cos: mapped { Element.cos($0) }
    case .tan: mapped { Element.tan($0) }
    case .asin: mapped { Element.asin($0) }
    case .acos: mapped { Element.acos($0) }
    case .atan: mapped { Element.atan($0) }
    case .sinh: mapped { Element.sinh($0) }
    case .cosh: mapped { Element.cosh($0) }
    case .tanh: mapped { Element.tanh($0) }
    case .erf: mapped { Element.erf($0) }
    case .sigmoid: mapped { Self.sigmoid($0) }
    // max(x, 0) + log(1 + e^−|x|) neither overflows nor loses digits.
    case .softplus: mapped { ($0 > 0 ? $0 : 0) + Element.log(onePlus: Element.exp(-$0.magnitude)) }
    case .relu: mapped { $0 < 0 ? 0 : $0 }
    case .abs: mapped { $0.magnitude }
    case .sign: mapped { $0 > 0 ? 1 : ($0 < 0 ? -1 : $0) }
    case .step: mapped { $0 > 0 ? 1 : 0 }
    }
  }

  /// e^−|x| never overflows.
  @inline(__always)
  private static func sigmoid(_ x: Element) -> Element {
    let e = Element.exp(-x.magnitude)
    return (x < 0 ? e : 1) / (1 + e)
  }
}

extension TensorValue {
  /// f of every element.
  public func applying(_ function: ElementaryFunction) -> Self {
    Self.total(Elementary(function: function), self)
  }

  public static prefix func - (x: Self) -> Self { x.applying(.negate) }
  public func exp() -> Self { applying(.exp) }
  public func log() -> Self { applying(.log) }
  public func sqrt() -> Self { applying(.sqrt) }
  public func sin() -> Self { applying(.sin) }
  public func cos() -> Self { applying(.cos) }
  public func sinh() -> Self { applying(.sinh) }
  public func cosh() -> Self { applying(.cosh) }
  public func tanh() -> Self { applying(.tanh) }
  public func erf() -> Self { applying(.erf) }
  public func sigmoid() -> Self { applying(.sigmoid) }
  public func relu() -> Self { applying(.relu) }
  public func abs() -> Self { applying(.abs) }
  public func sign() -> Self { applying(.sign) }
  /// 1 where an element is positive, else 0.
  public func step() -> Self { applying(.step) }
}

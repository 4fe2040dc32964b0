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
  /// x·Φ(x) with the normal distribution function Φ, and its first two derivatives Φ(x) + x·φ(x) and
  /// (2 − x²)·φ(x): each one pass over the elements.
  case gelu, geluSlope, geluBend
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

  @specialized(where Element == Float)
  @specialized(where Element == Double)
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
    case .gelu: .value(x.applying(.geluSlope))
    case .geluSlope: .value(x.applying(.geluBend))
    case .geluBend:
      .value((x * x * x - V(4) * x) * (V(-0.5) * x * x).exp() * V(0.398942280401432678))
    case .abs: .value(x.sign())
    case .sign, .step: .zero
    }
  }
}

extension Tensor {
  /// Elements that are worth a thread of their own: a call into the C library takes about 10 ns, an
  /// element of a vector 1 or 2.
  private static var grain: Int { 4096 }
  private static var vectorGrain: Int { 16384 }

  /// The tensor of `transform(x)` for every element x, on several threads where there are many.
  @inline(__always)
  private func computed(_ transform: (Element) -> Element) -> Tensor {
    guard count >= 2 * Self.grain else { return mapped(transform) }
    return withUnsafeElements { source in
      Tensor(uninitialized: shape) { target in
        Parallel.forEachRange(source.count, grain: Self.grain) { range in
          for i in range { target.initializeElement(at: i, to: transform(source[i])) }
        }
      }
    }
  }

  /// The same by a function of whole arrays.
  private func computed(
    by function: (Int, UnsafePointer<Element>, UnsafeMutablePointer<Element>) -> Void
  ) -> Tensor {
    withUnsafeElements { source in
      Tensor(uninitialized: shape) { target in
        guard let x = source.baseAddress, let y = target.baseAddress else { return }
        Parallel.forEachRange(source.count, grain: Self.vectorGrain) { range in
          function(range.count, x + range.lowerBound, y + range.lowerBound)
        }
      }
    }
  }

  /// f of every element.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func applying(_ function: ElementaryFunction) -> Tensor {
    switch function {
    case .negate: -self
    case .exp: computed(by: Element.vectorExp)
    case .log: computed(by: Element.vectorLog)
    case .expm1: computed(by: Element.vectorExpMinusOne)
    case .log1p: computed(by: Element.vectorLogOnePlus)
    case .sqrt: computed { $0.squareRoot() }
    case .sin: computed { Element.sin($0) }
    case .cos: computed { Element.cos($0) }
    case .tan: computed { Element.tan($0) }
    case .asin: computed { Element.asin($0) }
    case .acos: computed { Element.acos($0) }
    case .atan: computed { Element.atan($0) }
    case .sinh: computed { Element.sinh($0) }
    case .cosh: computed { Element.cosh($0) }
    case .tanh: computed(by: Element.vectorTanh)
    case .erf: computed(by: Element.vectorErf)
    case .sigmoid: computed(by: Element.vectorSigmoid)
    case .softplus: computed(by: Element.vectorSoftplus)
    case .relu: computed { $0 < 0 ? 0 : $0 }
    case .gelu: computed(by: Element.vectorGELU)
    case .geluSlope: computed(by: Element.vectorGELUSlope)
    case .geluBend: computed(by: Element.vectorGELUBend)
    case .abs: computed { $0.magnitude }
    case .sign: computed { $0 > 0 ? 1 : ($0 < 0 ? -1 : $0) }
    case .step: computed { $0 > 0 ? 1 : 0 }
    }
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

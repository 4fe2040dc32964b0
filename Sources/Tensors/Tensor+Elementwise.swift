// Elementwise arithmetic. Operands have equal shapes, or one of them is a number; anything else
// is a programmer's mistake and traps.
//
// The operators carry their own specialisations: generic code elsewhere calls them with types that
// only run time knows, where an inlined generic loop would cost 50 ns per element.

extension Tensor {
  /// The tensor of `transform(x)` for every element x.
  @inlinable
  public func mapped(_ transform: (Element) -> Element) -> Tensor {
    withUnsafeElements { source in
      Tensor(uninitialized: shape) { target in
        for i in 0..<source.count { target.initializeElement(at: i, to: transform(source[i])) }
      }
    }
  }

  /// The tensor of `combine(x, y)` for the elements of two tensors of equal shape.
  @inlinable
  public func combined(
    with other: Tensor, _ combine: (Element, Element) -> Element
  ) -> Tensor {
    precondition(shape == other.shape, "shapes \(shape) and \(other.shape) differ")
    return withUnsafeElements { left in
      other.withUnsafeElements { right in
        Tensor(uninitialized: shape) { target in
          for i in 0..<left.count {
            target.initializeElement(at: i, to: combine(left[i], right[i]))
          }
        }
      }
    }
  }

  /// The elementwise sum; unequal shapes trap, here and below.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func + (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, +) }

  /// The elementwise difference.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func - (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, -) }

  /// The elementwise product; `matrixProduct` multiplies matrices.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func * (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, *) }
  /// The elementwise quotient; division by zero gives infinities and NaN.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func / (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, /) }

  /// Every element plus a number.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func + (a: Tensor, b: Element) -> Tensor { a.mapped { $0 + b } }
  /// Every element minus a number.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func - (a: Tensor, b: Element) -> Tensor { a.mapped { $0 - b } }
  /// Every element times a number.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func * (a: Tensor, b: Element) -> Tensor { a.mapped { $0 * b } }
  /// Every element divided by a number.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func / (a: Tensor, b: Element) -> Tensor { a.mapped { $0 / b } }
  /// Every element times a number.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static func * (a: Element, b: Tensor) -> Tensor { b * a }
  /// Every element with the other sign.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public static prefix func - (a: Tensor) -> Tensor { a.mapped { -$0 } }

  /// The same numbers in another precision, rounded to nearest.
  @specialized(where Element == Float, Other == Double)
  @specialized(where Element == Double, Other == Float)
  public func converted<Other: Scalar>(to type: Other.Type) -> Tensor<Other> {
    if let same = self as? Tensor<Other> { return same }
    return withUnsafeElements { source in
      Tensor<Other>(uninitialized: shape) { target in
        for i in 0..<source.count { target.initializeElement(at: i, to: Other(source[i])) }
      }
    }
  }
}

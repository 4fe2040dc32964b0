import RealModule

/// What a function of vector_math.h computes, in a wider number type, and how accurate it has to be.
struct VectorMathReference<Wide: Real & BinaryFloatingPoint> {
  let value: (Wide) -> Wide
  /// Units in the last place that a result may be off.
  let bound: Wide
  /// That whose last place counts, where it is not the result: the larger of two terms.
  var scale: ((Wide) -> Wide)?

  /// By the name of the C function; the tail of Φ is a unit less accurate in double precision.
  static func all(forDouble: Bool) -> [String: VectorMathReference] {
    let normalBound: Wide = forDouble ? 5 : 4
    return [
      "exp": .init(value: { Wide.exp($0) }, bound: 1),
      "log": .init(value: { Wide.log($0) }, bound: 1),
      "expm1": .init(value: { Wide.expMinusOne($0) }, bound: 1.5),
      "log1p": .init(value: { Wide.log(onePlus: $0) }, bound: 1.5),
      "tanh": .init(value: { Wide.tanh($0) }, bound: 2),
      "sigmoid": .init(value: { Wide.exp(min($0, 0)) / (1 + Wide.exp(-$0.magnitude)) }, bound: 2),
      "softplus": .init(
        value: { max($0, 0) + Wide.log(onePlus: Wide.exp(-$0.magnitude)) }, bound: 2),
      "erf": .init(value: { Wide.erf($0) }, bound: 1.5),
      "normal": .init(value: { normal($0) }, bound: normalBound),
      "gelu": .init(value: { $0 == -.infinity ? -0.0 : $0 * normal($0) }, bound: normalBound),
      "gelu_slope": .init(
        value: { $0.magnitude > 1000 ? ($0 > 0 ? 1 : -0.0) : normal($0) + $0 * density($0) },
        bound: 7, scale: { max(normal($0), ($0 * density($0)).magnitude) }),
      "gelu_bend": .init(
        value: { x in
          guard x.magnitude <= 1000 || x.isNaN else { return -0.0 }
          let (head, rest) = square(x)
          return ((2 - head) - rest) * density(x)
        },
        bound: 4, scale: { max(2, $0 * $0) * density($0) }),
    ]
  }

  /// x² as an exact part and a small one.
  private static func square(_ x: Wide) -> (Wide, Wide) {
    let head = Wide(Float(x))
    return (head * head, (x - head) * (x + head))
  }

  /// φ(x).
  private static func density(_ x: Wide) -> Wide {
    guard x.magnitude <= 1000 || x.isNaN else { return 0 }
    let (head, rest) = square(x)
    return Wide.exp(-head / 2) * Wide.exp(-rest / 2) / (2 * Wide.pi).squareRoot()
  }

  /// ½·erfc(−x/√2), with what the quotient loses to rounding, of which erfc makes much.
  private static func normal(_ x: Wide) -> Wide {
    guard x.magnitude <= 1000 || x.isNaN else { return x > 0 ? 1 : 0 }
    let root = Wide(2).squareRoot()
    let rootRest = Wide(2).addingProduct(-root, root) / (2 * root)
    let z = -x / root
    let lost = ((-x).addingProduct(-z, root) - z * rootRest) / root
    return Wide.erfc(z) / 2 - lost * Wide.exp(-z * z) / Wide.pi.squareRoot()
  }
}

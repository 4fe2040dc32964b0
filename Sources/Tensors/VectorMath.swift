/// Elementary functions of contiguous elements and the row kernels of layers, for the processor's own
/// vector instructions: static requirements of `Scalar`, raw pointers, nothing checked.
///
/// Accuracy is in units in the last place (ulp), over all arguments, for results of which nothing is
/// lost to underflow, and half a subnormal step more below. NaN stays NaN; infinities, both zeros and
/// subnormal numbers are treated as by the C library. A result may stand where an argument stood.
public protocol VectorMath {
  /// z[i] = x[i·xStep] ∘ y[i·yStep] with steps of 0 or 1; z overlaps neither x nor y.
  static func vectorArithmetic(
    _ operation: VectorOperation, _ count: Int, _ x: UnsafePointer<Self>, xStep: Int,
    _ y: UnsafePointer<Self>, yStep: Int, into z: UnsafeMutablePointer<Self>)

  /// eˣ: within 1 ulp.
  static func vectorExp(_ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)

  /// log x: within 1 ulp; −∞ at 0, NaN below.
  static func vectorLog(_ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)

  /// eˣ − 1: within 1.5 ulp.
  static func vectorExpMinusOne(
    _ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)

  /// log(1 + x): within 1.5 ulp; −∞ at −1, NaN below.
  static func vectorLogOnePlus(
    _ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)

  /// tanh x: within 2 ulp.
  static func vectorTanh(_ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)

  /// 1/(1 + e⁻ˣ): within 2 ulp, also where it is nearly 0.
  static func vectorSigmoid(
    _ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)

  /// log(1 + eˣ): within 2 ulp.
  static func vectorSoftplus(
    _ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)

  /// erf x: within 1.5 ulp.
  static func vectorErf(_ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)

  /// The normal distribution function Φ(x) = ½·erfc(−x/√2): within 4 ulp in `Float`, 5 in `Double`, also
  /// far on the left.
  static func vectorNormal(
    _ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)

  /// x·Φ(x): within 4 ulp in `Float`, 5 in `Double`, also where Φ(x) alone would be subnormal.
  static func vectorGELU(_ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)

  /// Φ(x) + x·φ(x), the slope of x·Φ(x): within 7 ulp of the larger of the two terms.
  static func vectorGELUSlope(
    _ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)

  /// (2 − x²)·φ(x), the second derivative of x·Φ(x): within 4 ulp of the larger of the two terms.
  static func vectorGELUBend(
    _ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>)

  /// The largest element, −∞ of none; NaN is passed over.
  static func vectorMaximum(_ count: Int, _ x: UnsafePointer<Self>) -> Self

  /// y[i] = exp(scale·x[i] − shift); returns Σ y[i].
  static func vectorExp(
    _ count: Int, scale: Self, shift: Self, _ x: UnsafePointer<Self>,
    into y: UnsafeMutablePointer<Self>
  ) -> Self

  /// y = softmax x; returns log Σ exp x[i]. Where x is −∞, y is 0, also where all of x is.
  static func softmaxRow(
    _ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>
  ) -> Self

  /// y[i] = x[i] − log Σ exp x[j]; returns the logarithm. Where x is −∞, so is y.
  static func logSoftmaxRow(
    _ count: Int, _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>
  ) -> Self

  /// g ← s·(g − Σ g·s) for s = softmax x: the cotangent of x from that of s.
  static func softmaxRowCotangent(
    _ count: Int, softmax s: UnsafePointer<Self>, _ g: UnsafeMutablePointer<Self>)

  /// x̂ = (x − mean)·r, r = 1/√(variance + epsilon), y = scale·x̂ + shift; returns r. The variance is
  /// biased.
  static func layerNormRow(
    _ count: Int, epsilon: Self, _ x: UnsafePointer<Self>, scale: UnsafePointer<Self>,
    shift: UnsafePointer<Self>, normalized: UnsafeMutablePointer<Self>,
    into y: UnsafeMutablePointer<Self>
  ) -> Self

  /// From the cotangent of y, with x̂ and r of `layerNormRow` and δ = scale·ȳ:
  /// x̄ = r·(δ − mean δ − x̂·mean(δ·x̂)). Those of scale and shift are added to.
  static func layerNormRowCotangent(
    _ count: Int, r: Self, _ cotangent: UnsafePointer<Self>, normalized: UnsafePointer<Self>,
    scale: UnsafePointer<Self>, x: UnsafeMutablePointer<Self>,
    addingToScale scaleCotangent: UnsafeMutablePointer<Self>,
    addingToShift shiftCotangent: UnsafeMutablePointer<Self>)

  /// velocity ← momentum·velocity + (gradient + decay·w); w ← w − rate·velocity.
  static func momentumUpdate(
    _ count: Int, rate: Self, momentum: Self, decay: Self, gradient: UnsafePointer<Self>,
    velocity: UnsafeMutablePointer<Self>, w: UnsafeMutablePointer<Self>)

  /// Adam (Kingma & Ba 2015): with g = gradient + decay·w, m ← beta1·m + (1 − beta1)·g,
  /// v ← beta2·v + (1 − beta2)·g², w ← shrink·w − rate·m·meanFactor/(√(v·squareFactor) + epsilon).
  /// The factors are 1/(1 − betaᵗ) at step t. AdamW (Loshchilov & Hutter 2019) is decay = 0 and
  /// shrink = 1 − rate·its decay; otherwise shrink = 1.
  static func adamUpdate(
    _ count: Int, rate: Self, beta1: Self, beta2: Self, epsilon: Self, decay: Self, shrink: Self,
    meanFactor: Self, squareFactor: Self, gradient: UnsafePointer<Self>,
    m: UnsafeMutablePointer<Self>, v: UnsafeMutablePointer<Self>, w: UnsafeMutablePointer<Self>)
}

/// What is done with two numbers.
public enum VectorOperation: Sendable {
  case add, subtract, multiply, divide
}

internal import CVectorMath

// The twin of Float+VectorMath.swift: the same text with another type letter.

extension Double {
  public static func vectorExp(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) {
    vector_exp_d(count, x, y)
  }

  public static func vectorLog(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) {
    vector_log_d(count, x, y)
  }

  public static func vectorExpMinusOne(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) {
    vector_expm1_d(count, x, y)
  }

  public static func vectorLogOnePlus(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) {
    vector_log1p_d(count, x, y)
  }

  public static func vectorTanh(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) {
    vector_tanh_d(count, x, y)
  }

  public static func vectorSigmoid(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) {
    vector_sigmoid_d(count, x, y)
  }

  public static func vectorSoftplus(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) {
    vector_softplus_d(count, x, y)
  }

  public static func vectorErf(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) {
    vector_erf_d(count, x, y)
  }

  public static func vectorNormal(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) {
    vector_normal_d(count, x, y)
  }

  public static func vectorGELU(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) {
    vector_gelu_d(count, x, y)
  }

  public static func vectorGELUSlope(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) {
    vector_gelu_slope_d(count, x, y)
  }

  public static func vectorGELUBend(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) {
    vector_gelu_bend_d(count, x, y)
  }

  public static func vectorMaximum(_ count: Int, _ x: UnsafePointer<Double>) -> Double {
    vector_maximum_d(count, x)
  }

  public static func vectorExp(
    _ count: Int, scale: Double, shift: Double, _ x: UnsafePointer<Double>,
    into y: UnsafeMutablePointer<Double>
  ) -> Double {
    vector_exp_sum_d(count, scale, shift, x, y)
  }

  public static func softmaxRow(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) -> Double {
    softmax_row_d(count, x, y)
  }

  public static func logSoftmaxRow(
    _ count: Int, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
  ) -> Double {
    log_softmax_row_d(count, x, y)
  }

  public static func softmaxRowCotangent(
    _ count: Int, softmax s: UnsafePointer<Double>, _ g: UnsafeMutablePointer<Double>
  ) {
    softmax_backward_row_d(count, s, g)
  }

  public static func layerNormRow(
    _ count: Int, epsilon: Double, _ x: UnsafePointer<Double>, scale: UnsafePointer<Double>,
    shift: UnsafePointer<Double>, normalized: UnsafeMutablePointer<Double>,
    into y: UnsafeMutablePointer<Double>
  ) -> Double {
    layer_norm_row_d(count, epsilon, x, scale, shift, normalized, y)
  }

  public static func layerNormRowCotangent(
    _ count: Int, r: Double, _ cotangent: UnsafePointer<Double>, normalized: UnsafePointer<Double>,
    scale: UnsafePointer<Double>, x: UnsafeMutablePointer<Double>,
    addingToScale scaleCotangent: UnsafeMutablePointer<Double>,
    addingToShift shiftCotangent: UnsafeMutablePointer<Double>
  ) {
    layer_norm_backward_row_d(
      count, r, cotangent, normalized, scale, x, scaleCotangent, shiftCotangent)
  }

  public static func vectorArithmetic(
    _ operation: VectorOperation, _ count: Int, _ x: UnsafePointer<Double>, xStep: Int,
    _ y: UnsafePointer<Double>, yStep: Int, into z: UnsafeMutablePointer<Double>
  ) {
    vector_arithmetic_d(operation.inC, count, x, Int32(xStep), y, Int32(yStep), z)
  }

  public static func momentumUpdate(
    _ count: Int, rate: Double, momentum: Double, decay: Double, gradient: UnsafePointer<Double>,
    velocity: UnsafeMutablePointer<Double>, w: UnsafeMutablePointer<Double>
  ) {
    sgd_update_d(count, rate, momentum, decay, gradient, velocity, w)
  }

  public static func adamUpdate(
    _ count: Int, rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double,
    shrink: Double, meanFactor: Double, squareFactor: Double, gradient: UnsafePointer<Double>,
    m: UnsafeMutablePointer<Double>, v: UnsafeMutablePointer<Double>,
    w: UnsafeMutablePointer<Double>
  ) {
    adam_update_d(
      count, rate, beta1, beta2, epsilon, decay, shrink, meanFactor, squareFactor, gradient, m, v,
      w)
  }
}

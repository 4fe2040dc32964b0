internal import CVectorMath

// The twin of Double+VectorMath.swift: the same text with another type letter.

extension Float {
  public static func vectorExp(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    vector_exp_f(count, x, y)
  }

  public static func vectorLog(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    vector_log_f(count, x, y)
  }

  public static func vectorExpMinusOne(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    vector_expm1_f(count, x, y)
  }

  public static func vectorLogOnePlus(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    vector_log1p_f(count, x, y)
  }

  public static func vectorTanh(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    vector_tanh_f(count, x, y)
  }

  public static func vectorSigmoid(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    vector_sigmoid_f(count, x, y)
  }

  public static func vectorSoftplus(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    vector_softplus_f(count, x, y)
  }

  public static func vectorErf(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    vector_erf_f(count, x, y)
  }

  public static func vectorNormal(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    vector_normal_f(count, x, y)
  }

  public static func vectorGELU(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    vector_gelu_f(count, x, y)
  }

  public static func vectorGELUSlope(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    vector_gelu_slope_f(count, x, y)
  }

  public static func vectorGELUBend(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    vector_gelu_bend_f(count, x, y)
  }

  public static func vectorMaximum(_ count: Int, _ x: UnsafePointer<Float>) -> Float {
    vector_maximum_f(count, x)
  }

  public static func vectorExp(
    _ count: Int, scale: Float, shift: Float, _ x: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>
  ) -> Float {
    vector_exp_sum_f(count, scale, shift, x, y)
  }

  public static func softmaxRow(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) -> Float {
    softmax_row_f(count, x, y)
  }

  public static func logSoftmaxRow(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) -> Float {
    log_softmax_row_f(count, x, y)
  }

  public static func softmaxRowCotangent(
    _ count: Int, softmax s: UnsafePointer<Float>, _ g: UnsafeMutablePointer<Float>
  ) {
    softmax_backward_row_f(count, s, g)
  }

  public static func layerNormRow(
    _ count: Int, epsilon: Float, _ x: UnsafePointer<Float>, scale: UnsafePointer<Float>,
    shift: UnsafePointer<Float>, normalized: UnsafeMutablePointer<Float>,
    into y: UnsafeMutablePointer<Float>
  ) -> Float {
    layer_norm_row_f(count, epsilon, x, scale, shift, normalized, y)
  }

  public static func layerNormRowCotangent(
    _ count: Int, r: Float, _ cotangent: UnsafePointer<Float>, normalized: UnsafePointer<Float>,
    scale: UnsafePointer<Float>, x: UnsafeMutablePointer<Float>,
    addingToScale scaleCotangent: UnsafeMutablePointer<Float>,
    addingToShift shiftCotangent: UnsafeMutablePointer<Float>
  ) {
    layer_norm_backward_row_f(
      count, r, cotangent, normalized, scale, x, scaleCotangent, shiftCotangent)
  }

  public static func vectorArithmetic(
    _ operation: VectorOperation, _ count: Int, _ x: UnsafePointer<Float>, xStep: Int,
    _ y: UnsafePointer<Float>, yStep: Int, into z: UnsafeMutablePointer<Float>
  ) {
    vector_arithmetic_f(operation.inC, count, x, Int32(xStep), y, Int32(yStep), z)
  }

  public static func momentumUpdate(
    _ count: Int, rate: Float, momentum: Float, decay: Float, gradient: UnsafePointer<Float>,
    velocity: UnsafeMutablePointer<Float>, w: UnsafeMutablePointer<Float>
  ) {
    sgd_update_f(count, rate, momentum, decay, gradient, velocity, w)
  }

  public static func adamUpdate(
    _ count: Int, rate: Float, beta1: Float, beta2: Float, epsilon: Float, decay: Float,
    shrink: Float, meanFactor: Float, squareFactor: Float, gradient: UnsafePointer<Float>,
    m: UnsafeMutablePointer<Float>, v: UnsafeMutablePointer<Float>, w: UnsafeMutablePointer<Float>
  ) {
    adam_update_f(
      count, rate, beta1, beta2, epsilon, decay, shrink, meanFactor, squareFactor, gradient, m, v,
      w)
  }
}

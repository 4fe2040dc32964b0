internal import CVectorMath

// The twin of Double+RecurrentKernels.swift: the same text with another type letter.

extension Float {
  public static func lstmStep(
    _ count: Int, units: Int, _ gates: UnsafeMutablePointer<Float>, c: UnsafePointer<Float>,
    newC: UnsafeMutablePointer<Float>, newH: UnsafeMutablePointer<Float>
  ) {
    lstm_step_f(count, units, gates, c, newC, newH)
  }

  public static func lstmStepBack(
    _ count: Int, units: Int, _ gates: UnsafePointer<Float>, c: UnsafePointer<Float>,
    newC: UnsafePointer<Float>, output: UnsafePointer<Float>?, h: UnsafePointer<Float>,
    cAdjoint: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>
  ) {
    lstm_step_back_f(count, units, gates, c, newC, output, h, cAdjoint, sums)
  }

  public static func gruStep(
    _ count: Int, units: Int, _ gates: UnsafeMutablePointer<Float>, h: UnsafePointer<Float>,
    newH: UnsafeMutablePointer<Float>
  ) {
    gru_step_f(count, units, gates, h, newH)
  }

  public static func gruStepBack(
    _ count: Int, units: Int, _ gates: UnsafePointer<Float>, h: UnsafePointer<Float>,
    output: UnsafePointer<Float>?, adjoint hAdjoint: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Float>
  ) {
    gru_step_back_f(count, units, gates, h, output, hAdjoint, sums)
  }

  public static func gruReset(
    _ count: Int, units: Int, _ gates: UnsafeMutablePointer<Float>, h: UnsafePointer<Float>
  ) {
    gru_reset_f(count, units, gates, h)
  }

  public static func gruUpdate(
    _ count: Int, units: Int, _ gates: UnsafeMutablePointer<Float>, h: UnsafePointer<Float>,
    newH: UnsafeMutablePointer<Float>
  ) {
    gru_update_f(count, units, gates, h, newH)
  }

  public static func gruUpdateBack(
    _ count: Int, units: Int, _ gates: UnsafePointer<Float>, h: UnsafePointer<Float>,
    output: UnsafePointer<Float>?, adjoint hAdjoint: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Float>
  ) {
    gru_update_back_f(count, units, gates, h, output, hAdjoint, sums)
  }

  public static func gruResetBack(
    _ count: Int, units: Int, _ gates: UnsafePointer<Float>, h: UnsafePointer<Float>,
    adjoint hAdjoint: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>
  ) {
    gru_reset_back_f(count, units, gates, h, hAdjoint, sums)
  }
}

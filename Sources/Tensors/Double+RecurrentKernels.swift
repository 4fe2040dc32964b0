internal import CVectorMath

// The twin of Float+RecurrentKernels.swift: the same text with another type letter.

extension Double {
  public static func lstmStep(
    _ count: Int, units: Int, _ gates: UnsafeMutablePointer<Double>, c: UnsafePointer<Double>,
    newC: UnsafeMutablePointer<Double>, newH: UnsafeMutablePointer<Double>
  ) {
    lstm_step_d(count, units, gates, c, newC, newH)
  }

  public static func lstmStepBack(
    _ count: Int, units: Int, _ gates: UnsafePointer<Double>, c: UnsafePointer<Double>,
    newC: UnsafePointer<Double>, output: UnsafePointer<Double>?, h: UnsafePointer<Double>,
    cAdjoint: UnsafeMutablePointer<Double>, sums: UnsafeMutablePointer<Double>
  ) {
    lstm_step_back_d(count, units, gates, c, newC, output, h, cAdjoint, sums)
  }

  public static func gruStep(
    _ count: Int, units: Int, _ gates: UnsafeMutablePointer<Double>, h: UnsafePointer<Double>,
    newH: UnsafeMutablePointer<Double>
  ) {
    gru_step_d(count, units, gates, h, newH)
  }

  public static func gruStepBack(
    _ count: Int, units: Int, _ gates: UnsafePointer<Double>, h: UnsafePointer<Double>,
    output: UnsafePointer<Double>?, adjoint hAdjoint: UnsafeMutablePointer<Double>,
    sums: UnsafeMutablePointer<Double>
  ) {
    gru_step_back_d(count, units, gates, h, output, hAdjoint, sums)
  }

  public static func gruReset(
    _ count: Int, units: Int, _ gates: UnsafeMutablePointer<Double>, h: UnsafePointer<Double>
  ) {
    gru_reset_d(count, units, gates, h)
  }

  public static func gruUpdate(
    _ count: Int, units: Int, _ gates: UnsafeMutablePointer<Double>, h: UnsafePointer<Double>,
    newH: UnsafeMutablePointer<Double>
  ) {
    gru_update_d(count, units, gates, h, newH)
  }

  public static func gruUpdateBack(
    _ count: Int, units: Int, _ gates: UnsafePointer<Double>, h: UnsafePointer<Double>,
    output: UnsafePointer<Double>?, adjoint hAdjoint: UnsafeMutablePointer<Double>,
    sums: UnsafeMutablePointer<Double>
  ) {
    gru_update_back_d(count, units, gates, h, output, hAdjoint, sums)
  }

  public static func gruResetBack(
    _ count: Int, units: Int, _ gates: UnsafePointer<Double>, h: UnsafePointer<Double>,
    adjoint hAdjoint: UnsafeMutablePointer<Double>, sums: UnsafeMutablePointer<Double>
  ) {
    gru_reset_back_d(count, units, gates, h, hAdjoint, sums)
  }
}

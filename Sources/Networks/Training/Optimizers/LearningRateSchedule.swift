import RealModule

/// How the learning rate goes with the steps.
public enum LearningRateSchedule: String, CaseIterable, Sendable {
  case constant
  /// Half a cosine from the full rate down to almost 0 (Loshchilov & Hutter 2017).
  case cosine

  /// What the rate is multiplied by at a step: after W steps of linear warm-up, t/W at step t, 1 or
  /// (1 + cos π(t − W − 1)/(T − W))/2.
  ///
  /// - Parameters:
  ///   - step: from 1.
  ///   - warmUp: W, the steps in which the rate grows.
  ///   - total: T, all steps of the run.
  public func factor(step: Int, warmUp: Int, total: Int) -> Double {
    if step <= warmUp { return Double(step) / Double(warmUp) }
    guard self == .cosine, total > warmUp else { return 1 }
    let share = min(1, Double(step - warmUp - 1) / Double(total - warmUp))
    return (1 + Double.cos(.pi * share)) / 2
  }
}

internal import Synchronization

/// Plans of contractions that are evaluated again and again: in a check of derivatives thousands of
/// times, where planning a small product takes ten times as long as the product.
///
/// A memory of what was worked out, not a state: what it answers does not depend on it.
public final class PlanCache: Sendable {
  /// For all that runs in this process.
  public static let shared = PlanCache()

  /// With more plans it begins anew; a computation rarely has more kinds of contractions.
  private static let capacity = 512

  /// A contraction without the names of its labels, which change nothing.
  private struct Key: Hashable {
    let operands: [[Int]]
    let output: [Int]
    let sizes: [Int]
  }

  private let plans = Mutex<[Key: ExecutionPlan]>([:])

  private init() {}

  /// The plan for a contraction, by the strategy `auto` without a limit of memory.
  ///
  /// - Throws: `PlanningError`, as `Contraction.plan`.
  public func plan(for contraction: Contraction) throws(PlanningError) -> ExecutionPlan {
    let key = Key(
      operands: contraction.operands, output: contraction.output, sizes: contraction.sizes)
    if let known = plans.withLock({ $0[key] }) { return known }
    let plan = ExecutionPlan(try contraction.plan())
    plans.withLock { plans in
      if plans.count >= Self.capacity { plans.removeAll() }
      plans[key] = plan
    }
    return plan
  }
}

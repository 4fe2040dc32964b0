/// A contraction with its order: what each step contracts, leaves and costs.
///
/// Operations are counted as in opt_einsum (Smith & Gray 2018, JOSS 3(26) 753): the product of all
/// sizes in a step × (max(1, N−1) + [something is summed]).
public struct ContractionPlan: Sendable {
  /// One contraction of operands and earlier results.
  public struct Step: Sendable, Hashable {
    /// What is contracted, from left to right: operands of the contraction have their own number, the
    /// result of the k-th step of the same list is operand count + k.
    public let operands: [Int]
    /// The number of the result.
    public let result: Int
    /// The labels of each operand's axes.
    public let operandLabels: [[Int]]
    /// The labels of the result's axes.
    public let resultLabels: [Int]
    /// The labels that are summed, ascending.
    public let summedLabels: [Int]
    /// Operations; exact below 2⁵³.
    public let operations: Double
    /// The number of different labels: n in O(Nⁿ).
    public let scaling: Int
    /// The number of elements of the result, `Int.max` where it exceeds that.
    public let resultElements: Int
  }

  /// Puts the labels that a step keeps in the order of its result's axes. It gets the operands'
  /// labels and the kept ones in the default order and returns the kept ones in any order. It is not
  /// asked for the last step, whose result has the contraction's output.
  public typealias ResultOrder = @Sendable (_ operands: [[Int]], _ kept: [Int]) -> [Int]

  /// What is contracted.
  public let contraction: Contraction
  /// The order, in opt_einsum's numbering.
  public let path: ContractionPath
  /// What found the path: `dp` becomes `greedy` where it gave up, `auto` names what it chose.
  public let method: SearchMethod
  /// The steps of the path; those of a given path may have one operand or more than two.
  public let steps: [Step]
  /// The steps as they are executed: those with more than two operands as pairs from left to right,
  /// numbered on their own. Equal to `steps` when no step has more than two.
  public let pairSteps: [Step]
  /// The operations of the whole contraction as one step.
  public let naiveOperations: Double
  /// The sum of the steps' operations.
  public let operations: Double

  /// The plan that follows a path.
  ///
  /// - Parameter resultOrder: the order of intermediates' axes; by default the labels kept from the
  ///   first operand in its order, then those of the next.
  /// - Throws: `PathError` when the path does not suit the number of operands.
  public init(
    _ contraction: Contraction, path: ContractionPath, resultOrder: ResultOrder? = nil
  ) throws(PathError) {
    try self.init(contraction, path: path, method: .given, resultOrder: resultOrder)
  }

  init(
    _ contraction: Contraction, path: ContractionPath, method: SearchMethod,
    resultOrder: ResultOrder?
  ) throws(PathError) {
    try path.validate(operandCount: contraction.operands.count)
    self.contraction = contraction
    self.path = path
    self.method = method
    var numbered = StepBuilder(contraction, resultOrder)
    steps = numbered.steps(numbered.numbers(of: path))
    if steps.contains(where: { $0.operands.count > 2 }) {
      var paired = StepBuilder(contraction, resultOrder)
      pairSteps = paired.steps(Self.pairs(steps, operandCount: contraction.operands.count))
    } else {
      pairSteps = steps
    }
    naiveOperations = ContractionCost.naive(contraction)
    operations = steps.reduce(0) { min($0 + $1.operations, .greatestFiniteMagnitude) }
  }

  /// How many times fewer operations the path takes than the contraction as one step. 1 when both
  /// take none; 0 when only the single step, which meets a size of zero at once, takes none.
  public var speedup: Double {
    operations == naiveOperations ? 1 : naiveOperations / operations
  }

  /// The elements of the largest result of a step, the output included.
  public var largestIntermediate: Int { steps.map(\.resultElements).max() ?? 0 }

  /// `ab,bc->ac`.
  public func text(_ step: Step) -> String {
    step.operandLabels.map { contraction.text($0) }.joined(separator: ",") + "->"
      + contraction.text(step.resultLabels)
  }

  /// The most bytes that the execution of `pairSteps` holds at one time: the results that exist
  /// before a step, its own, and its scratch memory. The contraction's operands are the caller's and
  /// do not count, the output does; a result is freed right after the step that uses it.
  ///
  /// - Parameters:
  ///   - elementBytes: the bytes of one element.
  ///   - scratch: the further bytes that a step needs while it runs.
  /// - Returns: bytes, `Int.max` where they exceed that.
  public func peakBytes(elementBytes: Int, scratch: (Step) -> Int = { _ in 0 }) -> Int {
    let first = contraction.operands.count
    // Wide enough for results that no memory holds.
    let bytes = pairSteps.map { Int128($0.resultElements) * Int128(elementBytes) }
    var (live, peak) = (Int128(0), Int128(0))
    for step in pairSteps {
      live += bytes[step.result - first]
      peak = max(peak, live + Int128(scratch(step)))
      for operand in step.operands where operand >= first { live -= bytes[operand - first] }
    }
    return Int(clamping: peak)
  }

  /// The operands of each step with those of more than two taken pair by pair.
  private static func pairs(_ steps: [Step], operandCount: Int) -> [[Int]] {
    var numbers = Array(0..<operandCount)
    var result: [[Int]] = []
    for step in steps {
      let operands = step.operands.map { numbers[$0] }
      result.append(Array(operands.prefix(2)))
      for operand in operands.dropFirst(2) {
        result.append([operandCount + result.count - 1, operand])
      }
      numbers.append(operandCount + result.count - 1)
    }
    return result
  }
}

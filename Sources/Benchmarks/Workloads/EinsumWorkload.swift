import Einsum
import FileFormats
import JSONText
import Reporting
import Tensors

/// A contraction from its text to its result, planning included on both sides.
struct EinsumWorkload<Element: Scalar>: Workload {
  private let task: EinsumCase

  init(_ task: EinsumCase) { self.task = task }

  /// The peers by their names in `peer.py`.
  private static var peers: [String] { EinsumPeer.allCases.map(\.rawValue) }
  /// Cases whose products are too long for NumPy's loops, which take no BLAS.
  private static var tooLongForLoops: [String] {
    ["chain3", "bilinear", "mps", "permuted", "ccsd-ladder", "contract3"]
  }
  /// So many elements are held against the definition.
  private static var sampleCount: Int { 17 }

  var name: String { "einsum/\(task.name)/\(Element.dtypeName)" }
  var dtype: String? { Element.dtypeName }
  /// Where numbers are multiplied and added up; nil where a sum before a product makes the
  /// operations fewer than the plan counts.
  var operations: Double? {
    guard let plan = try? task.planned(elementBytes: 8).plan, task.shapes.count > 1,
      plan.steps.contains(where: { !$0.summedLabels.isEmpty }),
      !ExecutionPlan(plan).kernels.contains(where: { $0.hasPrefix("sum") })
    else { return nil }
    return plan.operations
  }
  var goals: [Goal] {
    [
      Goal(
        work: "einsum \(task.name) `\(task.equation)`, \(Element.dtypeName)",
        target: .ratio(atLeast: 0.8, against: Self.peers))
    ]
  }

  /// Over all cases.
  static var suiteGoal: SuiteGoal {
    let names = Set(EinsumCase.suite.map { EinsumWorkload($0).name })
    return SuiteGoal(
      work: "einsum suite, \(Element.dtypeName)", workloads: names, reach: 1.2, against: peers)
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let task = task
    let operands = task.shapes.enumerated().map { index, shape in
      RandomSource(seed: 6, substream: UInt32(index)).normal(shape, as: Element.self)
    }
    let rounding = try roundingUnits() * Double(Element.epsilon)
    let ours = Contestant.ours(
      verify: { () throws(BenchError) in
        let budget = MemoryBudget.unlimited()
        let result = try task.evaluated(operands, budget: budget)
        return Figures(
          maxAbsError: try sampledError(of: result, operands, rounding: rounding),
          extraBytes: budget.peak)
      },
      call: { () throws(BenchError) in blackHole(try task.evaluated(operands)) })
    guard let peers = context.peers else { return Contest(ours: ours) }

    // Ours is held against the definition, the peers against ours.
    let reference = try task.evaluated(operands)
    var inputs = ["reference": try context.files.write(StoredArray(reference), to: "reference.npy")]
    for (index, operand) in operands.enumerated() {
      let path = try context.files.write(StoredArray(operand), to: "operand\(index).npy")
      inputs["operand\(index)"] = path
    }
    let rivals = EinsumPeer.allCases.filter { rival in
      rival != .numpyLoops || !Self.tooLongForLoops.contains(task.name)
    }
    return Contest(
      ours: ours,
      peers: rivals.map { rival in
        peers.contestant(
          rival.rawValue, inputs: inputs, parameters: ["equation": .string(task.equation)]
        ) { (answer) throws(BenchError) in
          let share = answer["error_share"]?.numberValue ?? .nan
          guard share <= 2 * rounding else {
            throw .wrong("off by \(share) of Σ|products|, at most \(2 * rounding) is allowed")
          }
          return Figures(maxAbsError: answer["max_abs_error"]?.numberValue)
        }
      })
  }

  /// n in the bound n·ε·Σ|products| of an element's rounding error: a product for each operand, and
  /// in every step as many additions as numbers are summed.
  private func roundingUnits() throws(BenchError) -> Double {
    let plan = try task.planned(elementBytes: MemoryLayout<Element>.stride).plan
    let sizes = plan.contraction.sizes
    return plan.steps.reduce(Double(task.shapes.count)) { units, step in
      units + Double(step.summedLabels.reduce(1) { $0 * sizes[$1] })
    }
  }

  /// The largest error of elements that are spread over the result, which are worked out in double
  /// precision by the definition; throws when one exceeds its bound.
  private func sampledError(
    of result: Tensor<Element>, _ operands: [Tensor<Element>], rounding: Double
  ) throws(BenchError) -> Double {
    let contraction = try task.planned(elementBytes: MemoryLayout<Element>.stride)
      .resolved.contraction
    let expected = contraction.shape(contraction.output)
    guard result.shape == expected else {
      throw .wrong("the result has the shape \(result.shape), not \(expected)")
    }
    let exact = operands.map { $0.converted(to: Double.self) }
    let strides = result.shape.strides
    var largest = 0.0
    for sample in 0..<Self.sampleCount {
      let place = sample * (result.shape.count - 1) / (Self.sampleCount - 1)
      var ranges = contraction.sizes.map { 0..<$0 }
      for (axis, label) in contraction.output.enumerated() {
        let index = place / strides[axis] % result.shape[axis]
        ranges[label] = index..<index + 1
      }
      let slices = zip(exact, contraction.operands).map { operand, labels in
        operand.sliced(labels.map { ranges[$0] })
      }
      let one = EinsumCase(task.name, task.equation, slices.map(\.shape))
      let resolved = try one.planned(elementBytes: 8).resolved
      let error = (Double(result.elements[place]) - resolved.reference(slices).elements[0])
        .magnitude
      let limit = rounding * resolved.magnitude(slices).elements[0]
      guard error <= limit else {
        throw .wrong("element \(place) is off by \(error), at most \(limit) is allowed")
      }
      largest = max(largest, error)
    }
    return largest
  }
}

/// Who else contracts, by the names in `peer.py`.
private enum EinsumPeer: String, CaseIterable {
  case numpyLoops = "numpy.einsum"
  case numpyOptimised = "numpy.einsum optimize"
  case optEinsum = "opt_einsum+torch"
  case torch = "torch.einsum"
}

import FileFormats
import Gradients
import JSONText
import Networks
import Reporting
import Tensors

/// A layer, forward, or forward and backward, in single precision.
struct LayerWorkload: Workload {
  let task: LayerTask
  let hasBackward: Bool

  var name: String { "\(task.name)/\(hasBackward ? "both" : "forward")/f32" }
  var pass: String? { hasBackward ? "forward+backward" : "forward" }
  var dtype: String? { "f32" }
  var shape: [Int] { task.operands[0].shape.dimensions }
  /// Backward there are two products for each of the forward pass; attention has two and a half.
  var operations: Double? {
    task.operations * (hasBackward ? (task.layer == "attention" ? 3.5 : 3) : 1)
  }
  var goals: [Goal] {
    guard let reach = hasBackward ? task.bothGoal : task.forwardGoal else { return [] }
    return [
      Goal(
        work: "\(task.name), \(pass ?? "")", target: .ratio(atLeast: reach, against: [task.peer]))
    ]
  }

  /// All tasks, with the passes that BENCHMARKS.md wants.
  static let all: [LayerWorkload] =
    (LayerTask.convolutions + LayerTask.recurrences + LayerTask.attentions).flatMap { task in
      [false, true].map { LayerWorkload(task: task, hasBackward: $0) }
    }.filter { !$0.hasBackward || $0.task.name != "attention/h8-t4096-d64" }
    + LayerTask.decoding.map { LayerWorkload(task: $0, hasBackward: false) }

  /// What the tasks of a group shall reach together.
  static let suiteGoals: [SuiteGoal] = [
    suiteGoal("conv/", false, 1.1), suiteGoal("conv/", true, 1.1),
    suiteGoal("attention/", false, 1.15), suiteGoal("attention/", true, 1.1),
  ]

  private static func suiteGoal(
    _ group: String, _ hasBackward: Bool, _ reach: Double
  ) -> SuiteGoal {
    // Decoding is no part of the suite.
    let members = all.filter {
      $0.name.hasPrefix(group) && $0.hasBackward == hasBackward
        && !$0.name.hasPrefix("attention/decode")
    }
    return SuiteGoal(
      work: "\(group.dropLast()) suite, \(members[0].pass ?? "")",
      workloads: Set(members.map(\.name)), reach: reach, against: [members[0].task.peer])
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let call = LayerCall<Float>(task, hasBackward: hasBackward)
    let found = try numerically { () throws(NumericalError) in try call.results() }
    let ours = Contestant.ours(
      verify: { () throws(BenchError) in
        let exact = try numerically { () throws(NumericalError) in
          try LayerCall<Double>(task, hasBackward: hasBackward).results()
        }
        return Figures(relativeError: try Self.error(of: found, exact, limit: limit))
      },
      call: { () throws(BenchError) in
        blackHole(try numerically { () throws(NumericalError) in try call.results() })
      })
    guard let peers = context.peers else { return Contest(ours: ours) }
    var inputs: [String: String] = [:]
    for (operand, tensor) in zip(task.operands, call.operands) {
      inputs[operand.name] = try context.files.write(
        StoredArray(tensor), to: "\(operand.name).npy")
    }
    inputs["adjoint"] = try context.files.write(StoredArray(call.adjoint), to: "adjoint.npy")
    let flat = found.flatMap(\.elements)
    inputs["reference"] = try context.files.write(
      StoredArray(Tensor([flat.count], flat)), to: "reference.npy")
    var parameters = task.peerParameters
    parameters.append("backward", .bool(hasBackward))
    return Contest(
      ours: ours,
      peers: [
        peers.contestant(task.peer, inputs: inputs, parameters: parameters) {
          (answer) throws(BenchError) in
          let error = answer["relative_error"]?.numberValue ?? .nan
          guard error <= limit else { throw .wrong("off by \(error), at most \(limit)") }
          return Figures(relativeError: error)
        }
      ])
  }

  /// Of the norm of all results.
  private var limit: Double { 4 * Double(task.terms) * Double(Float.ulpOfOne) }

  private static func error(
    of found: [Tensor<Float>], _ exact: [Tensor<Double>], limit: Double
  ) throws(BenchError) -> Double {
    var (lost, size) = (0.0, 0.0)
    for (one, other) in zip(found, exact) {
      lost = .hypot(lost, (one.converted(to: Double.self) - other).frobeniusNorm())
      size = .hypot(size, other.frobeniusNorm())
    }
    guard lost <= limit * size else { throw .wrong("off by \(lost / size), at most \(limit)") }
    return lost / size
  }
}

/// A call of a layer with its operands.
private struct LayerCall<Element: Scalar> {
  private let task: LayerTask
  private let hasBackward: Bool
  let operands: [Tensor<Element>]
  /// What is left out behind them.
  private let missing: Int
  /// That of the first result.
  let adjoint: Tensor<Element>
  private let layer: any Layer

  init(_ task: LayerTask, hasBackward: Bool) {
    guard let layer = OperationTable.layers[task.layer] as? any Layer else {
      preconditionFailure("no layer '\(task.layer)'")
    }
    (self.task, self.hasBackward, self.layer) = (task, hasBackward, layer)
    let operands = task.operands.enumerated().map { place, operand in
      RandomSource(seed: 9, substream: UInt32(place)).normal(operand.shape, as: Float.self)
        .converted(to: Element.self) * Element(operand.scale)
    }
    self.operands = operands
    let places = layer.parameters.count { $0.kind == .operand || $0.kind == .optionalOperand }
    missing = places - operands.count
    do {
      let outlines =
        operands.map { Outline<Float>($0.shape) as Outline<Float>? }
        + [Outline<Float>?](repeating: nil, count: missing)
      let result = try layer.evaluated(
        OperationArguments(operands: outlines, attributes: layer.completed(task.attributes)))[0]
      adjoint = RandomSource(seed: 10).normal(result.shape, as: Float.self)
        .converted(to: Element.self)
    } catch {
      preconditionFailure("\(task.name): \(error)")
    }
  }

  /// The first result; with the backward pass the adjoints of the operands that vary instead.
  func results() throws(NumericalError) -> [Tensor<Element>] {
    let all = operands.map(Optional.some) + [Tensor<Element>?](repeating: nil, count: missing)
    let arguments = OperationArguments(
      operands: all, attributes: layer.completed(task.attributes))
    let pass = try layer.forward(arguments, recording: hasBackward)
    guard let pull = pass.pullback else { return [pass.results[0]] }
    let varies = task.operands.map { $0.scale > 0 }
    let needed = varies + [Bool](repeating: false, count: missing)
    var adjoints = [Tensor<Element>?](repeating: nil, count: pass.results.count)
    adjoints[0] = adjoint
    return zip(try pull(adjoints, needed), needed).compactMap { $1 ? $0 : nil }
  }
}

import FileFormats
import Gradients
import Reporting
import Tensors

/// A gradient, against the value that it belongs to.
struct GradientWorkload: Workload {
  private let task = DifferentiatedFunction.deepNetwork
  private static let value = "linalg value alone"
  /// A gradient may take so many times as long as the value (issue 5).
  private static let costLimit = 4.0

  var name: String { "gradient/\(task.name)/f32" }
  var dtype: String? { "f32" }
  var goals: [Goal] {
    [
      Goal(
        work: "gradient of \(task.name), f32: ≤ \(Self.costLimit) × its value",
        target: .ratio(atLeast: 1 / Self.costLimit, against: [Self.value]))
    ]
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let (function, point) = (try task.function(), task.point(as: Float.self))
    let gradient = { () throws(BenchError) in
      try numerically { () throws(NumericalError) in
        try function.valueAndGradient(at: point).gradient
      }
    }
    let value = Contestant.ours(
      Self.value, verify: { () throws(BenchError) in Figures() },
      call: { () throws(BenchError) in
        blackHole(try numerically { () throws(NumericalError) in try function(point) })
      })
    let ours = Contestant.ours(
      verify: { () throws(BenchError) in
        let wide = task.point(as: Double.self)
        let exact = try numerically { () throws(NumericalError) in
          try function.valueAndGradient(at: wide).gradient
        }
        return try DerivativeJudge.figures(try gradient(), against: exact)
      }, call: { () throws(BenchError) in blackHole(try gradient()) })
    guard let peers = context.peers else { return Contest(ours: ours, peers: [value]) }
    let rivals = try DerivativeJudge.rivals(
      ["torch.func.grad", "jax.grad jit"], task, reference: try gradient(), peers, in: context)
    return Contest(ours: ours, peers: [value] + rivals)
  }
}

/// A Hessian–vector product, forward over reverse.
struct HessianProductWorkload: Workload {
  private let task = DifferentiatedFunction.deepNetwork
  private static let gradient = "linalg gradient alone"
  /// A product may take so many times as long as the gradient (issue 5).
  private static let costLimit = 2.5
  private static let peers = ["torch.func.jvp of grad", "jax.jvp of grad jit"]

  var name: String { "hvp/\(task.name)/f32" }
  var dtype: String? { "f32" }
  var goals: [Goal] {
    [
      Goal(
        work: "Hessian–vector product of \(task.name), f32",
        target: .ratio(atLeast: 1.1, against: Self.peers)),
      Goal(
        work: "the same: ≤ \(Self.costLimit) × its gradient",
        target: .ratio(atLeast: 1 / Self.costLimit, against: [Self.gradient])),
    ]
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let (function, point) = (try task.function(), task.point(as: Float.self))
    let product = { () throws(BenchError) in
      try numerically { () throws(NumericalError) in
        // Along the point itself, which every peer has.
        try function.gradientAndHessianProduct(at: point, along: point).product
      }
    }
    let gradient = Contestant.ours(
      Self.gradient, verify: { () throws(BenchError) in Figures() },
      call: { () throws(BenchError) in
        blackHole(
          try numerically { () throws(NumericalError) in
            try function.valueAndGradient(at: point).gradient
          })
      })
    let ours = Contestant.ours(
      verify: { () throws(BenchError) in
        let wide = task.point(as: Double.self)
        let exact = try numerically { () throws(NumericalError) in
          try function.gradientAndHessianProduct(at: wide, along: wide).product
        }
        return try DerivativeJudge.figures(try product(), against: exact)
      }, call: { () throws(BenchError) in blackHole(try product()) })
    guard let peers = context.peers else { return Contest(ours: ours, peers: [gradient]) }
    let rivals = try DerivativeJudge.rivals(
      Self.peers, task, reference: try product(), peers, in: context)
    return Contest(ours: ours, peers: [gradient] + rivals)
  }
}

/// What derivatives in single precision are held against.
private enum DerivativeJudge {
  /// Nine layers of sums of 256 rounded products.
  private static let limit = 256 * Double(Float.ulpOfOne)

  static func figures(
    _ found: [Tensor<Float>], against exact: [Tensor<Double>]
  ) throws(BenchError) -> Figures {
    var (lost, size) = (0.0, 0.0)
    for (one, other) in zip(found, exact) {
      lost = .hypot(lost, (one.converted(to: Double.self) - other).frobeniusNorm())
      size = .hypot(size, other.frobeniusNorm())
    }
    guard lost <= limit * size else { throw .wrong("off by \(lost / size), at most \(limit)") }
    return Figures(relativeError: lost / size)
  }

  /// Peers that differentiate by all parameters; their results, one behind the other, are held
  /// against ours.
  static func rivals(
    _ names: [String], _ task: DifferentiatedFunction, reference: [Tensor<Float>],
    _ peers: PeerProcess, in context: BenchContext
  ) throws(BenchError) -> [Contestant] {
    var inputs = try task.files(as: Float.self, in: context)
    let flat = reference.flatMap(\.elements)
    inputs["reference"] = try context.files.write(
      StoredArray(Tensor([flat.count], flat)), to: "reference.npy")
    return names.map { name in
      peers.contestant(name, inputs: inputs, parameters: [:]) { (answer) throws(BenchError) in
        let error = answer["relative_error"]?.numberValue ?? .nan
        guard error <= limit else { throw .wrong("off by \(error), at most \(limit)") }
        return Figures(relativeError: error)
      }
    }
  }
}

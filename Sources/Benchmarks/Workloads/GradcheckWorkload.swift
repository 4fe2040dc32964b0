import Gradients
import JSONText
import Reporting
import Tensors

/// The check of a gradient, all of its numbers one by one.
struct GradcheckWorkload: Workload {
  let task: DifferentiatedFunction

  private static let peer = "torch.autograd.gradcheck"

  var name: String { "gradcheck/\(task.name)/f64" }
  var dtype: String? { "f64" }
  var goals: [Goal] {
    [
      Goal(
        work: "gradient check of \(task.name), f64",
        target: .ratio(atLeast: 10, against: [Self.peer]))
    ]
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let function = try task.function()
    let parameters = zip(task.parameters, task.point(as: Double.self)).map {
      GradientSubject<NumericalError>.Parameter($0.name, $1)
    }
    let ours = Contestant.ours(
      verify: { () throws(BenchError) in
        for verdict in try Self.verdicts(function, parameters) {
          guard verdict.verdict == .pass, verdict.tested == verdict.shape.count else {
            throw .wrong("\(verdict.name): \(verdict.verdict), \(verdict.tested) tested")
          }
        }
        return Figures()
      }, call: { () throws(BenchError) in blackHole(try Self.verdicts(function, parameters)) })
    guard let peers = context.peers else { return Contest(ours: ours) }
    return Contest(
      ours: ours,
      peers: [
        peers.contestant(
          Self.peer, inputs: try task.files(as: Double.self, in: context),
          parameters: ["function": .string(task.name)]
        ) { (answer) throws(BenchError) in
          guard answer["passes"] == .bool(true) else { throw .wrong("the check fails") }
          return Figures()
        }
      ])
  }

  private static func verdicts(
    _ function: ExpressionFunction, _ parameters: [GradientSubject<NumericalError>.Parameter]
  ) throws(BenchError) -> [ParameterVerdict] {
    try numerically { () throws(NumericalError) in
      try GradientSubject(function, parameters, precision: Double.self)
        .checked(GradientCheckSettings())
    }
  }
}

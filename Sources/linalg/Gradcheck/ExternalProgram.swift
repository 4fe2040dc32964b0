import FileFormats
import JSONText
import Processes
import Tensors

/// A program in any language that computes a function and its derivatives, started once and asked
/// in lines of JSON (docs/gradient-protocol.md).
///
/// Every failure of the program is thrown as `Failure.program`, after which the conversation is out
/// of step and the caller ends it; only a program's own error (`{"id":1,"error":…}`) leaves it
/// usable. Wherever this goes, the program goes too.
final class ExternalProgram {
  /// What messages call the program: the first of its arguments.
  let name: String
  /// The parameters in the program's order: points and gradients have one tensor for each.
  let parameters: [(name: String, shape: Shape)]
  /// Whether `derivative(at:along:)` may be asked for.
  let hasJVP: Bool
  /// The seconds that an answer may take.
  var timeout: Double

  private let conversation: Conversation
  private let longestAnswer: Int
  private let budget: MemoryBudget
  private var requestCount = 0

  /// Starts the program and reads what it says about itself.
  ///
  /// - Parameters:
  ///   - arguments: its name, searched in PATH when it has no slash, and its arguments.
  ///   - timeout: the seconds that every answer may take, this first one included.
  ///   - grace: the seconds that it has to end when it is to.
  ///   - budget: asked before arrays of the parameters' sizes are made.
  /// - Throws: `Failure.program`, or `Failure.numerical` when a point and its gradient do not fit.
  init(
    _ arguments: [String], timeout: Double, grace: Double = 2, budget: MemoryBudget
  ) throws(Failure) {
    precondition(!arguments.isEmpty, "a program without a name")
    name = arguments[0]
    do {
      conversation = try Conversation(arguments, grace: grace)
    } catch {
      throw .program(name, .notStarted(reason: error.reason))
    }
    let step = ProgramStep(program: name, name: "first line")
    let line = try step.exchange(
      nil, with: conversation, seconds: timeout, limit: ProgramStep.shortestLimit)
    let greeting = try ProgramGreeting(line, of: step)
    (parameters, hasJVP) = (greeting.parameters, greeting.hasJVP)
    longestAnswer = ProgramStep.limit(forNumbers: greeting.parameters.map(\.shape.count))
    self.timeout = timeout
    self.budget = budget
    let bytes = parameters.reduce(0.0) { $0 + Double($1.shape.count) } * 16
    try Failure.numerics(name) { () throws(NumericalError) in
      try budget.check(Int(min(bytes, 0x1p62)), for: "a point with its gradient")
    }
  }

  /// Ends the program: by the end of its input, and if that does not help, by force. The deinit
  /// does the same.
  func end() { conversation.end() }

  /// The function at a point.
  func value(at point: [Tensor<Double>]) throws(Failure) -> Double {
    try ask(.value, at: point).number("value")
  }

  /// The gradient at a point, one tensor of each parameter's shape, and the function's value if the
  /// program tells it too.
  func valueAndGradient(
    at point: [Tensor<Double>]
  ) throws(Failure) -> (value: Double?, gradient: [Tensor<Double>]) {
    let answer = try ask(.gradient, at: point)
    return (
      try answer.numberIfPresent("value"), try answer.gradient(of: parameters, budget: budget)
    )
  }

  /// The derivative at a point along a direction, ⟨∇f(x), v⟩. A program without it (`hasJVP`) traps.
  func derivative(
    at point: [Tensor<Double>], along direction: [Tensor<Double>]
  ) throws(Failure) -> Double {
    precondition(hasJVP, "\(name) computes no derivatives along directions")
    let answer = try ask(.jvp, at: point, along: direction)
    _ = try answer.numberIfPresent("value")
    return try answer.number("jvp")
  }

  private func ask(
    _ want: ProgramRequest.Want, at point: [Tensor<Double>],
    along direction: [Tensor<Double>]? = nil
  ) throws(Failure) -> ProgramAnswer {
    requestCount += 1
    let step = ProgramStep(
      program: name, name: "request \(requestCount) (\(want.rawValue))")
    let request = try ProgramRequest(
      id: requestCount, want, of: parameters, at: point, along: direction)
    // The files of the request must last until it is answered.
    let line = try withExtendedLifetime(request) { () throws(Failure) in
      try step.exchange(
        request.line, with: conversation, seconds: timeout, limit: longestAnswer)
    }
    // Its numbers take about as much again as their digits, twice while they are read.
    try Failure.numerics(name) { () throws(NumericalError) in
      try budget.check(3 * line.count, for: "an answer")
    }
    return try ProgramAnswer(line, id: requestCount, of: step)
  }
}

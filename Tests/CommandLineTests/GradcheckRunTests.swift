import JSONText
import Tensors
import TestSupport
import Testing

/// What `gradcheck` says of operations and expressions.
@Suite("gradcheck: operations and expressions")
struct GradcheckRunTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.writeArray([4, 1, 1, 3], [2, 2], to: "X.npy")
    // The inverse of [[4, 1], [1, 3]] is [[3, −1], [−1, 4]]/11.
    try command.writeArray([3, -1, -1, 4].map { $0 / 11 }, [2, 2], to: "right.npy")
    try command.writeArray([3 * 1.001, -1, -1, 4].map { $0 / 11 }, [2, 2], to: "wrong.npy")
  }

  @Test("every operation passes")
  func table() throws {
    let result = try command.gradcheck("")
    #expect(result.status == 0 && result.error.isEmpty, "\(result.error)")
    let count = result.output.split(separator: "\n").count - 2
    #expect(count > 60)
    #expect(result.closing == "\(count) checked: \(count) pass, 0 fail, 0 inconclusive")
  }

  @Test("names, samples and seeds")
  func names() throws {
    let rows = try command.verdicts("softmax logdet --seed 7 --samples 5")
    #expect(rows.map { $0["name"]?.stringValue } == ["softmax", "logdet"])
    #expect(rows.map { $0["parameter"]?.stringValue } == ["x", "A"])
    #expect(rows.allSatisfy { $0["verdict"]?.stringValue == "PASS" })
    let once = try command.verdicts("softmax logdet --seed 7")
    #expect(rows.map { $0.integer("tested") } == once.map { 5 * $0.integer("tested") })
    let other = try command.verdicts("softmax logdet --seed 8")
    #expect(other[0].number("relative_error") != once[0].number("relative_error"))
    #expect(try command.verdicts("softmax logdet --seed 7") == once)
  }

  @Test("the list")
  func list() throws {
    let result = try command.gradcheck("--list --format csv")
    #expect(result.status == 0 && result.output.hasPrefix("name,call,summary\n"))
    #expect(result.output.contains("\nsoftmax,\"softmax(x, axis=-1)\","))
    #expect(result.output.contains("\nstop_gradient,"))
  }

  @Test("second order and single precision")
  func orders() throws {
    let second = try command.verdicts("softmax quadratic_form --order 2")
    #expect(second.count == 3)
    #expect(second.allSatisfy { $0["oracle"]?.stringValue == "hvp, symmetry" })
    #expect(second.allSatisfy { $0["verdict"]?.stringValue == "PASS" })
    let single = try command.verdicts("softmax solve --dtype f32")
    #expect(single.allSatisfy { $0["verdict"]?.stringValue == "PASS" })
    // Rounded to f32, against values in f64.
    #expect(single.allSatisfy { (1e-9..<1e-5).contains($0.number("relative_error")) })
    let first = try command.verdicts("logsumexp softmax")
    #expect(first[0]["oracle"]?.stringValue == "reverse, forward")
    // A layer has a backward pass that was derived by hand.
    #expect(first[1]["oracle"]?.stringValue == "backward, reverse, forward")
    #expect(first[0].number("relative_error") < 1e-9)
  }

  @Test("one number alone")
  func coordinate() throws {
    let rows = try command.verdicts("softmax --at x[0,1]")
    #expect(rows.count == 1 && rows[0].integer("tested") == 1)
    #expect(rows[0]["index"]?.arrayValue?.compactMap(\.integerValue) == [0, 1])
    let scalar = try command.verdicts("--in x=1 --at x[] --expr", "exp(x)")
    #expect(scalar.count == 1 && scalar[0]["index"]?.arrayValue?.isEmpty == true)
    let operand = try command.verdicts("einsum --at operands[1][2,0]")
    #expect(operand.map { $0["parameter"]?.stringValue } == ["operands[1]"])
    for place in ["y[0,1]", "x[9,9]", "x[0]"] {
      try command.expectRefusal("gradcheck softmax --at \(place)", status: 64, place, "no such")
    }
    for place in ["x", "x[", "[0]", "x[-1]", "x[a]", "x[0,]"] {
      try command.expectRefusal("gradcheck softmax --at \(place)", status: 64, "'\(place)'")
    }
  }

  @Test("a gradient that is right, and what the engine says itself")
  func right() throws {
    let own = try command.gradcheck("--in X=X.npy --expr", "logdet(X)")
    #expect(own.status == 0 && own.closing == "1 checked: 1 pass, 0 fail, 0 inconclusive")
    let rows = try command.verdicts(
      "--in X=X.npy --gradient X=right.npy --rtol 1e-6 --atol 1e-9 --expr", "logdet(X)")
    #expect(rows.count == 1 && rows[0]["verdict"]?.stringValue == "PASS")
    #expect(rows[0]["oracle"]?.stringValue == "gradient" && rows[0].integer("tested") == 4)
    let literal = try command.gradcheck(
      "--in x=[3,1] --gradient x=[6,2] --expr", "sum(x ** 2)")
    #expect(literal.status == 0)
  }

  @Test("a gradient that is wrong by 0.1 %")
  func wrong() throws {
    let options = "--in X=X.npy --gradient X=wrong.npy"
    let result = try command.gradcheck("\(options) --junit r.xml --expr", "logdet(X)")
    #expect(result.status == 1)
    #expect(result.closing == "1 checked: 0 pass, 1 fail, 0 inconclusive")
    #expect(result.error.hasPrefix("linalg gradcheck: FAIL logdet(X) X[0,0]: gradient says 0.273"))
    // A run that reproduces it does not overwrite the report.
    let again = "linalg gradcheck \(options) --expr 'logdet(X)' --at 'X[0,0]'\n"
    #expect(result.error.hasSuffix("; " + again), "\(result.error)")
    let repeated = try command.gradcheck("\(options) --at X[0,0] --expr", "logdet(X)")
    #expect(repeated.status == 1 && repeated.error.hasSuffix(again))
    let attached = try command.gradcheck("\(options) --at=X[0,0] --expr", "logdet(X)")
    #expect(attached.status == 1 && attached.error.hasSuffix(again))
    #expect(try command.gradcheck("\(options) --at X[1,1] --expr", "logdet(X)").status == 0)
  }

  @Test("one wrong number among 10,000 is found by halving")
  func bisection() throws {
    var gradient = [Double](repeating: 2, count: 10_000)
    gradient[4020] *= 1.5
    try command.writeArray(gradient, [100, 100], to: "g.npy")
    let rows = try command.verdicts("--in W=ones(100,100) --gradient W=g.npy --expr", "sum(W * W)")
    #expect(rows.count == 1 && rows[0]["verdict"]?.stringValue == "FAIL")
    #expect(rows[0]["index"]?.arrayValue?.compactMap(\.integerValue) == [40, 20])
    #expect(rows[0].integer("tested") == 1)
    let sound = try command.verdicts(
      "--in x=[3,1] --gradient x=[6,2] --max-coordinates 1 --expr", "sum(x * x)")
    #expect(sound[0].integer("tested") == 0 && sound[0]["verdict"]?.stringValue == "PASS")
  }

  @Test("kinks")
  func kinks() throws {
    let expression = "sum(relu(x)) + x @ x"
    let result = try command.gradcheck("--in x=[0,1] --expr", expression)
    #expect(result.status == 0 && result.error.isEmpty)
    #expect(result.closing == "1 checked: 0 pass, 0 fail, 1 kink, 0 inconclusive")
    #expect(result.output.contains("note: KINK \(expression) x[0]: reverse says 0, the slopes are"))
    let strict = try command.gradcheck("--in x=[0,1] --strict --expr", expression)
    #expect(strict.status == 1 && strict.error.contains("KINK"))
    // Nothing but a kink decides nothing.
    #expect(try command.gradcheck("--in x=0 --expr", "abs(x)").status == 1)
    // Beyond both slopes.
    let beyond = try command.gradcheck("--in x=0 --gradient x=2 --expr", "abs(x)")
    #expect(beyond.status == 1 && beyond.error.contains("FAIL abs(x) x[]: gradient says 2.0"))
  }

  @Test("values that are not finite")
  func nonFinite() throws {
    let result = try command.gradcheck("--in x=0 --expr", "log(x)")
    #expect(result.status == 1)
    #expect(result.closing == "1 checked: 0 pass, 0 fail, 0 inconclusive, 1 nonfinite")
    #expect(result.error == "linalg gradcheck: NONFINITE log(x) x: the value is not finite\n")
    #expect(try command.gradcheck("--in x=0 --at x[] --expr", "log(x)").status == 1)
    // Finite at a distance of 1e-9 only after the step has become smaller than that.
    #expect(try command.gradcheck("--in x=1e-9 --expr", "log(x)").status == 0)
  }
}

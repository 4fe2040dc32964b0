import Glibc
import Tensors
import TestSupport
import Testing

@testable import Gradients

/// The checker: it catches what is wrong and leaves alone what is right.
struct GradientCheckTests {
  typealias Subject = GradientSubject<NumericalError>

  /// cross-entropy(relu(X·W1 + b)·W2), all of whose gradients differ in shape.
  private struct Network: TensorFunction {
    func callAsFunction<V: TensorValue>(_ p: [V]) throws(NumericalError) -> V {
      let source = RandomSource(seed: 5, substream: 1)
      let x = V(constant: source.normal([8, 6], as: V.Element.self))
      let labels = Tensor<V.Element>([8], [0, 1, 2, 0, 1, 2, 1, 1])
      let hidden = (x.matrixProduct(p[0]) + p[1]).relu()
      return try CrossEntropy().evaluated(
        OperationArguments(
          operands: [hidden.matrixProduct(p[2]), V(constant: labels)], attributes: [:]))[0]
    }
  }

  /// Σ sin(x)·x, one number of many like the others.
  private struct Long: TensorFunction {
    func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V {
      (x[0].sin() * x[0]).sum()
    }
  }

  private static func network(seed: UInt64) -> [Subject.Parameter] {
    [("W1", [6, 5]), ("b", [5]), ("W2", [5, 3])].enumerated().map { place, one in
      let source = RandomSource(seed: seed, substream: UInt32(20 + place))
      return Subject.Parameter(one.0, source.normal(Shape(one.1), as: Double.self))
    }
  }

  private static func checked(
    _ function: some TensorFunction, _ parameters: [Subject.Parameter], seed: UInt64 = 0,
    claiming: ([Tensor<Double>]) -> [Tensor<Double>]
  ) throws -> [ParameterVerdict] {
    let gradient = try function.valueAndGradient(at: parameters.map(\.point)).gradient
    let subject = Subject(
      parameters, claims: [.init("backward", claiming(gradient))], isConcurrent: true
    ) { (points) throws(NumericalError) in try function(points).elements[0] }
    var settings = GradientCheckSettings()
    settings.seed = seed
    return try subject.checked(settings)
  }

  private enum Fault: CaseIterable {
    case scaled, sign, transposed, dropped, shuffled, oneSign, oneScaled, broadcast
  }

  /// The gradient with one mistake in one tensor; nil where the mistake would change nothing.
  private static func planted(
    _ fault: Fault, _ gradient: Tensor<Double>, place: Int
  ) -> Tensor<Double>? {
    var wrong = gradient
    let one = place % max(1, gradient.count)
    switch fault {
    case .scaled: return gradient * 1.001
    case .sign: return -gradient
    case .transposed:
      guard gradient.shape.rank == 2 else { return nil }
      return Tensor(gradient.shape, gradient.transposed().elements)
    case .dropped: return gradient * 0.5
    case .shuffled:
      guard gradient.count > 1 else { return nil }
      wrong = Tensor(gradient.shape, Array(gradient.elements.dropFirst() + [gradient.elements[0]]))
    case .oneSign: wrong.withUnsafeMutableElements { $0[one] = -$0[one] }
    case .oneScaled: wrong.withUnsafeMutableElements { $0[one] *= 1.01 }
    case .broadcast:
      guard let size = gradient.shape.dimensions.first, size > 1 else { return nil }
      // The mean where the sum over a broadcast axis belongs.
      return gradient * (1 / Double(size))
    }
    return wrong
  }

  @Test("200 planted faults are caught, and the right tensor is named")
  func plantedFaults() throws {
    var (planted, caught) = (0, 0)
    for seed in 0..<12 as Range<UInt64> {
      let parameters = Self.network(seed: seed)
      for wrongPlace in parameters.indices {
        for fault in Fault.allCases {
          var isPlanted = false
          let verdicts = try Self.checked(Network(), parameters, seed: seed) { gradient in
            var claimed = gradient
            // A dead unit's gradient is zero; faults in it change nothing.
            let live = gradient[wrongPlace].elements.indices.filter {
              gradient[wrongPlace].elements[$0].magnitude > 1e-3
            }
            guard !live.isEmpty,
              let wrong = Self.planted(
                fault, gradient[wrongPlace], place: live[Int(seed) % live.count])
            else { return gradient }
            isPlanted = wrong != gradient[wrongPlace]
            claimed[wrongPlace] = wrong
            return claimed
          }
          guard isPlanted else { continue }
          planted += 1
          let named = verdicts.enumerated().filter { $0.element.verdict == .fail }.map(\.offset)
          #expect(named == [wrongPlace], "\(fault) in \(parameters[wrongPlace].name), seed \(seed)")
          if named == [wrongPlace] { caught += 1 }
        }
      }
    }
    #expect(planted >= 200 && caught == planted, "\(caught) of \(planted)")
  }

  @Test(
    "One wrong number among 10,000 is found by bisection and named", arguments: [0, 5003, 9999])
  func oneOfMany(wrong: Int) throws {
    let source = RandomSource(seed: 2)
    let x = Subject.Parameter("x", source.normal([100, 100], as: Double.self))
    let verdicts = try Self.checked(Long(), [x]) { gradient in
      var claimed = gradient
      claimed[0].withUnsafeMutableElements { $0[wrong] += 0.05 }
      return claimed
    }
    #expect(verdicts[0].verdict == .fail)
    #expect(verdicts[0].worst?.index == [wrong / 100, wrong % 100])
    #expect(verdicts[0].tested < 10)
    #expect(try Self.checked(Long(), [x]) { $0 }[0].verdict == .pass)
  }

  @Test("What is right passes, with the error of differences alone")
  func right() throws {
    for seed in 0..<10 as Range<UInt64> {
      for verdict in try Self.checked(
        Network(), Self.network(seed: seed), seed: seed, claiming: { $0 })
      {
        #expect(verdict.verdict == .pass && verdict.grade == .perfect, "\(verdict)")
        #expect(verdict.tested == verdict.shape.count && verdict.isDecided)
      }
    }
  }

  @Test("A claim at a kink passes between the slopes and fails outside them")
  func kink() throws {
    struct Kinked: TensorFunction {
      func callAsFunction<V: TensorValue>(_ x: [V]) throws(NumericalError) -> V {
        x[0].relu().sum()
      }
    }
    let x = Subject.Parameter("x", Tensor([3], [1, 0, -1]))
    let between = try Self.checked(Kinked(), [x]) { _ in [Tensor([3], [1, 0.3, 0])] }[0]
    #expect(between.verdict == .kink)
    #expect(between.worst?.index == [1])
    let outside = try Self.checked(Kinked(), [x]) { _ in [Tensor([3], [1, 1.3, 0])] }[0]
    #expect(outside.verdict == .fail && outside.worst?.index == [1])
  }

  @Test("Values that change by themselves, that are no numbers, and noise have their verdicts")
  func undecided() throws {
    let x = Subject.Parameter("x", Tensor([2], [1, 2]))
    func verdict(_ value: @escaping ([Tensor<Double>]) -> Double) throws -> GradientVerdict {
      try Subject(
        [x], claims: [.init("mine", [Tensor([2], [1, 1])])], isConcurrent: false
      ) { (points) throws(NumericalError) in value(points) }.checked(GradientCheckSettings())[0]
      .verdict
    }
    var calls = 0.0
    #expect(
      try verdict { points in
        calls += 1
        return points[0].sum() + calls
      } == .nondeterministic)
    #expect(try verdict { _ in .nan } == .nonfinite)
    #expect(try verdict { $0[0].elements == [1, 2] ? 3 : .infinity } == .nonfinite)
    // Three digits of the sum: no step tells 1 from 1.01.
    #expect(try verdict { ($0[0].sum() * 300).rounded() / 300 } == .inconclusive)
    #expect(try verdict { $0[0].sum() } == .pass)
    #expect(try verdict { $0[0].sum() * 1.001 } == .fail)
  }

  @Test("Functions rounded to single precision: right claims pass, a part in 1000 is caught")
  func singlePrecision() throws {
    let parameters = Self.network(seed: 3)
    let gradient = try Network().valueAndGradient(at: parameters.map(\.point)).gradient
    for (factor, expected) in [(1.0, GradientVerdict.pass), (1.01, .fail)] {
      let subject = Subject(
        parameters, claims: [.init("f32", gradient.map { $0 * factor })], isConcurrent: true
      ) { (points) throws(NumericalError) in
        Double(try Network()(points.map { $0.converted(to: Float.self) }).elements[0])
      }
      for verdict in try subject.checked(GradientCheckSettings()) {
        #expect(verdict.verdict == expected, "\(factor) \(verdict)")
      }
    }
  }

  @Test("Tolerances as in torch are required beyond the error bar")
  func tolerances() throws {
    let x = Subject.Parameter("x", Tensor([1], [0.5]))
    let subject = Subject(
      [x], claims: [.init("mine", [Tensor([1], [1 + 1e-10])])], isConcurrent: false
    ) { (points) throws(NumericalError) in points[0].sum() }
    var settings = GradientCheckSettings()
    #expect(try subject.checked(settings)[0].verdict == .pass)
    settings.relativeTolerance = 1e-12
    #expect(try subject.checked(settings)[0].verdict == .fail)
    settings.relativeTolerance = 1e-3
    #expect(try subject.checked(settings)[0].verdict == .pass)
  }

  @Test(
    "No false alarm over the table", arguments: OperationTableTests.names,
    [DerivativeOrder.first, .second])
  func table(name: String, order: DerivativeOrder) throws {
    let operation = try #require(OperationTable.standard[name])
    let seeds = getenv("SEEDS").flatMap { Int(String(cString: $0)) } ?? 1
    for seed in 0..<UInt64(seeds) {
      var settings = GradientCheckSettings()
      settings.seed = seed
      for found in try operation.checked(settings, order: order, precision: Double.self) {
        #expect(found.parameter.verdict == .pass, "\(name) seed \(seed): \(found)")
      }
      guard order == .first else { continue }
      for found in try operation.checked(settings, precision: Float.self) {
        #expect(
          found.parameter.verdict == .pass || found.parameter.verdict == .inconclusive,
          "\(name) f32 seed \(seed): \(found)")
      }
    }
  }
}

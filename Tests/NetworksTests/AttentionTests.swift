import Gradients
import Networks
import RealModule
import TestSupport
import Tensors
import Testing

/// One problem: shapes, what is special about it, and numbers by the seed.
struct AttentionProblem: CustomTestStringConvertible, Sendable {
  var q: Shape
  var k: Shape
  var v: Shape
  var mask: Shape?
  var causal = false
  /// The standard deviation of Q.
  var spread = 1.0
  var seed: UInt64 = 1

  var testDescription: String {
    "Q \(q) K \(k) V \(v) mask \(mask.map { "\($0)" } ?? "none")\(causal ? " causal" : "")"
      + " spread \(spread) seed \(seed)"
  }

  /// Of any sizes.
  static func random(_ seed: UInt64) -> AttentionProblem {
    var random = SeededGenerator(seed: seed)
    func size(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
    let (batch, shared, group) = (size(1...2), size(1...3), size(1...3))
    let (tq, tk, d, dv) = (size(1...150), size(1...230), size(1...40), size(1...40))
    let heads = shared * group
    let masks: [Shape?] = [
      nil, nil, [tq, tk], [1, tk], [heads, 1, tk], [batch, 1, tq, 1], [batch, heads, tq, tk],
    ]
    return AttentionProblem(
      q: [batch, heads, tq, d], k: [batch, shared, tk, d], v: [batch, shared, tk, dv],
      mask: masks[size(0...6)], causal: .random(using: &random), seed: seed)
  }

  static let special: [AttentionProblem] = [
    AttentionProblem(q: [1, 1], k: [1, 1], v: [1, 1]),
    AttentionProblem(q: [1, 80], k: [300, 80], v: [300, 1]),
    AttentionProblem(q: [3, 129, 80], k: [3, 97, 80], v: [3, 97, 80], causal: true),
    AttentionProblem(q: [3, 97, 1], k: [3, 129, 1], v: [3, 129, 17], causal: true),
    AttentionProblem(q: [2, 8, 65, 16], k: [2, 1, 193, 16], v: [2, 1, 193, 16]),
    AttentionProblem(q: [2, 6, 128, 8], k: [2, 2, 96, 8], v: [2, 2, 96, 8], mask: [96]),
    AttentionProblem(q: [2, 100, 5], k: [2, 200, 5], v: [2, 200, 5], spread: 3e3),
    AttentionProblem(q: [2, 100, 5], k: [2, 200, 5], v: [2, 200, 5], spread: 0),
    // Few queries: keys in ranges, several heads of queries to one of keys, hidden keys.
    AttentionProblem(q: [2, 8, 1, 64], k: [2, 1, 2100, 64], v: [2, 1, 2100, 64]),
    AttentionProblem(q: [1, 6, 3, 20], k: [1, 2, 1537, 20], v: [1, 2, 1537, 7], causal: true),
    AttentionProblem(
      q: [2, 4, 2, 9], k: [2, 2, 1100, 9], v: [2, 2, 1100, 9], mask: [4, 2, 1100], causal: true),
    AttentionProblem(q: [1, 4, 3, 5], k: [1, 2, 2, 5], v: [1, 2, 2, 5], causal: true),
    AttentionProblem(q: [3, 1, 33], k: [3, 1200, 33], v: [3, 1200, 33], spread: 3e3),
  ]

  var attributes: [String: AttributeValue] { ["causal": .boolean(causal)] }

  /// Q, K, V and the mask, in which one key in four is hidden, and all keys of some queries where it
  /// tells queries apart.
  func operands() -> [Tensor<Double>?] {
    func normal(_ shape: Shape, _ place: UInt32) -> Tensor<Double> {
      RandomSource(seed: seed, substream: place).normal(shape, as: Double.self)
    }
    var additions = mask.map { normal($0, 4) }
    if let mask, mask.rank > 0 {
      let width = mask[mask.rank - 1]
      additions?.withUnsafeMutableElements { additions in
        for i in additions.indices where i % 4 == 1 || (i / width) % 7 == 3 {
          additions[i] = -.infinity
        }
      }
    }
    return [normal(q, 1) * spread, normal(k, 2), normal(v, 3), additions]
  }

  func adjoint() -> Tensor<Double> {
    RandomSource(seed: seed, substream: 5).normal(
      Shape(q.dimensions.dropLast() + [v[v.rank - 1]]), as: Double.self)
  }

  /// What rounding may do: a score s of d terms is wrong by d·ε·Σ|qk|, its exponential relatively by
  /// as much, a sum of n terms by n·ε more; an adjoint is a product of two of these with a factor
  /// |Ō||V| or |Ō||V||K|.
  func tolerance(_ epsilon: Double, _ operands: [Tensor<Double>?], isAdjoint: Bool) -> Double {
    let sizes = operands.map { $0?.size ?? 0 }
    let d = q[q.rank - 1]
    let score = Double(d).squareRoot() * sizes[0] * sizes[1] + sizes[3]
    let terms = Double(d + v[v.rank - 1] + k[k.rank - 2] + q[q.rank - 2])
    let value =
      sizes[2] * max(1, isAdjoint ? adjoint().size * terms * max(sizes[0], sizes[1], 1) : 1)
    return 4 * epsilon * (terms + 4 * score) * max(value, adjoint().size)
  }
}

@Suite struct AttentionTests {
  static let problems =
    AttentionProblem.special + (0..<40).map { AttentionProblem.random($0) }

  @Test(arguments: problems, ["naive", "flash"])
  func agreesWithTheDefinition(_ problem: AttentionProblem, algorithm: String) throws {
    let layer = AttentionLayer()
    let (operands, adjoint) = (problem.operands(), problem.adjoint())
    let expected = try LayerRun(definition: layer, operands, problem.attributes, adjoint: adjoint)
    let attributes = problem.attributes.merging(["algorithm": .text(algorithm)]) { $1 }
    let double = try LayerRun(layer, operands, attributes, adjoint: adjoint)
    let single = try LayerRun(
      layer, operands.map { $0?.converted(to: Float.self) }, attributes,
      adjoint: adjoint.converted(to: Float.self))
    func compare(
      _ found: Tensor<Double>?, _ expected: Tensor<Double>?, _ name: String, _ epsilon: Double
    ) {
      let bound = problem.tolerance(epsilon, operands, isAdjoint: name != "output")
      guard let found, let expected else {
        Issue.record("\(name) is missing")
        return
      }
      let error = found.distance(to: expected)
      #expect(error <= bound, "\(name), ε \(epsilon)")
    }
    compare(double.result, expected.result, "output", Double.epsilon)
    compare(single.result.converted(to: Double.self), expected.result, "output", 0x1p-23)
    for (place, name) in ["Q", "K", "V", "mask"].enumerated() where operands[place] != nil {
      compare(double.adjoints[place], expected.adjoints[place], name, Double.epsilon)
      compare(
        single.adjoints[place]?.converted(to: Double.self), expected.adjoints[place], name, 0x1p-23)
    }
  }

  @Test(arguments: AttentionAlgorithm.allCases)
  func queriesThatSeeNothingGiveZeros(algorithm: AttentionAlgorithm) throws {
    // Seven queries, three keys: the first four see none.
    let attention = try Attention(
      queries: [2, 7, 5], keys: [2, 3, 5], values: [2, 3, 4], isCausal: true)
    let source = RandomSource(seed: 3)
    let q = source.normal([2, 7, 5], as: Float.self)
    let (k, v) = (q.reshaped([14, 5]), source.normal([2, 3, 4], as: Float.self))
    let keys = Tensor([2, 3, 5], Array(k.elements[..<30]))
    let forward = try attention.forward(q, keys, v, algorithm: algorithm)
    let adjoint = source.normal([2, 7, 4], as: Float.self)
    let pulled = try attention.backward(
      adjoint, q, keys, v, forward: forward, algorithm: algorithm)
    for head in 0..<2 {
      for i in 0..<4 {
        #expect(forward.logSumExp[head, i] == -.infinity)
        #expect((0..<4).allSatisfy { forward.output[head, i, $0] == 0 })
        #expect((0..<5).allSatisfy { pulled.queries[head, i, $0] == 0 })
      }
      #expect(forward.logSumExp[head, 4].isFinite)
    }
    for one in [pulled.queries, pulled.keys, pulled.values] {
      #expect(one.elements.allSatisfy { $0.isFinite })
    }
  }

  @Test func memoryGrowsWithTheLengthAlone() throws {
    var peaks: [[Int]] = []
    for length in [512, 4096] {
      let shape: Shape = [1, length, 8]
      let attention = try Attention(queries: shape, keys: shape, values: shape)
      let x = RandomSource(seed: 1).normal(shape, as: Float.self)
      let (first, second) = (MemoryBudget.unlimited(), MemoryBudget.unlimited())
      let forward = try attention.forward(x, x, x, algorithm: .flash, budget: first)
      _ = try attention.backward(
        x, x, x, x, forward: forward, algorithm: .flash, budget: second)
      #expect(first.peak == 4 * attention.extraElements(.flash))
      #expect(second.peak == 4 * attention.extraElements(.flash, backward: true))
      #expect(attention.extraElements(.naive) == length * length)
      peaks.append([first.peak, second.peak])
    }
    // Eight times the length, not 64 times the memory.
    #expect(peaks[1][0] <= 8 * peaks[0][0] && peaks[1][1] <= 8 * peaks[0][1])
    // Beyond what does not depend on the length there is one number per query.
    #expect(peaks[1][0] - peaks[0][0] == 4 * (4096 - 512))
  }

  /// The keys of a few queries are cut into ranges for the threads; how many there are changes nothing
  /// but rounding.
  @Test func rangesOfKeysAreJoined() throws {
    let attention = try Attention(
      queries: [1, 2, 1, 16], keys: [1, 1, 9000, 16], values: [1, 1, 9000, 16])
    let source = RandomSource(seed: 5)
    let q = source.normal([1, 2, 1, 16], as: Double.self) * 3
    let k = source.normal([1, 1, 9000, 16], as: Double.self)
    let expected = try attention.forward(q, k, k, algorithm: .naive)
    let found = try attention.forward(q, k, k)
    #expect(found.output.distance(to: expected.output) <= 9000 * Double.epsilon)
    #expect(found.logSumExp.distance(to: expected.logSumExp) <= 9000 * Double.epsilon)
    let budget = MemoryBudget.unlimited()
    _ = try attention.forward(q, k, k, budget: budget)
    #expect(budget.peak == 8 * attention.extraElements(.auto))
    #expect(budget.peak < 8 * 9000)
  }

  @Test(arguments: problems)
  func referenceAgreesWithTheDefinition(_ problem: AttentionProblem) throws {
    let attention = try Attention(
      queries: problem.q, keys: problem.k, values: problem.v, mask: problem.mask,
      isCausal: problem.causal)
    let (operands, adjoint) = (problem.operands(), problem.adjoint())
    guard let q = operands[0], let k = operands[1], let v = operands[2] else { return }
    let expected = try LayerRun(
      definition: AttentionLayer(), operands, problem.attributes, adjoint: adjoint)
    let output = try attention.reference(q, k, v, mask: operands[3])
    let outputBound = problem.tolerance(Double.epsilon, operands, isAdjoint: false)
    #expect(output.distance(to: expected.result) <= outputBound)
    let pulled = try attention.referenceAdjoints(adjoint, q, k, v, mask: operands[3])
    let bound = problem.tolerance(Double.epsilon, operands, isAdjoint: true)
    for (found, place) in [(pulled.queries, 0), (pulled.keys, 1), (pulled.values, 2)] {
      #expect(found.distance(to: try #require(expected.adjoints[place])) <= bound)
    }
  }

  /// What single precision loses lies below what rounding is said to explain, and not far.
  @Test(arguments: [(1.0, false), (1.0, true), (1e4, false)])
  func roundingIsExplained(spread: Double, causal: Bool) throws {
    let shape: Shape = [2, 150, 24]
    let attention = try Attention(
      queries: shape, keys: shape, values: shape, isCausal: causal)
    let x = (0..<4).map { RandomSource(seed: 8, substream: $0).normal(shape, as: Float.self) }
    let wide = x.map { $0.converted(to: Double.self) }
    let q = x[0] * Float(spread)
    let wideQ = q.converted(to: Double.self)
    let output = try attention.reference(wideQ, wide[1], wide[2])
    let found = try attention.forward(q, x[1], x[2])
    let error = found.output.converted(to: Double.self).distance(to: output)
    let bound = attention.roundingError(
      epsilon: 0x1p-23, wideQ, wide[1], wide[2], output: output, backward: false)
    #expect(error <= bound * output.maximumMagnitude())
    // Large scores leave one key with all the weight, and hardly any rounding.
    #expect(spread > 1 || error >= 1e-4 * bound * output.maximumMagnitude())
    let adjoints = try attention.referenceAdjoints(wide[3], wideQ, wide[1], wide[2])
    let pulled = try attention.backward(x[3], q, x[1], x[2], forward: found)
    for (one, other) in [
      (pulled.queries, adjoints.queries), (pulled.keys, adjoints.keys),
      (pulled.values, adjoints.values),
    ] {
      let distance = one.converted(to: Double.self).distance(to: other)
      #expect(distance <= 8 * bound * other.maximumMagnitude())
    }
  }

  @Test func linformersSharesMultiplyTheValues() throws {
    let shape: Shape = [1, 40, 6]
    let linformer = try Linformer(queries: shape, keys: shape, values: shape, rank: 7)
    let x = (0..<3).map { RandomSource(seed: 2, substream: $0).normal(shape, as: Double.self) }
    let means = Linformer.blockMeans(rank: 7, length: 40, as: Double.self)
    #expect(means.elements.reduce(0, +).isApproximatelyEqual(to: 7))
    let output = try linformer.forward(x[0], x[1], x[2], means, means).output
    let shares = Tensor.matrixProduct(try linformer.firstShares(x[0], x[1], means), means)
    // Each query's shares sum to 1.
    for i in 0..<40 {
      #expect((0..<40).reduce(0) { $0 + shares[i, $1] }.isApproximatelyEqual(to: 1))
    }
    let product = Tensor.matrixProduct(shares, x[2].reshaped([40, 6]))
    #expect(product.distance(to: output.reshaped([40, 6])) <= 100 * Double.epsilon)
    // With as many combinations as keys nothing is lost.
    let all = try Linformer(queries: shape, keys: shape, values: shape, rank: 40)
    let identity = Linformer.blockMeans(rank: 40, length: 40, as: Double.self)
    let exact = try all.forward(x[0], x[1], x[2], identity, identity).output
    let expected = try Attention(queries: shape, keys: shape, values: shape)
      .reference(x[0], x[1], x[2])
    #expect(exact.distance(to: expected) <= 100 * Double.epsilon)
  }

  @Test func operationsAreCounted() throws {
    let shape: Shape = [2, 3, 10, 4]
    let all = try Attention(queries: shape, keys: shape, values: shape)
    let half = try Attention(queries: shape, keys: shape, values: shape, isCausal: true)
    #expect(all.operations == 4 * 2 * 3 * 10 * 10 * 4 && half.operations == all.operations / 2)
    #expect(all.backwardOperations == 2.5 * all.operations)
  }

  @Test func repeatedRunsGiveTheSameBits() throws {
    let shape: Shape = [3, 200, 16]
    let attention = try Attention(queries: shape, keys: shape, values: shape, isCausal: true)
    let x = RandomSource(seed: 9).normal(shape, as: Float.self)
    let forward = try attention.forward(x, x, x)
    let first = try attention.backward(x, x, x, x, forward: forward)
    for _ in 0..<5 {
      let again = try attention.forward(x, x, x)
      #expect(again.output == forward.output && again.logSumExp == forward.logSumExp)
      let next = try attention.backward(x, x, x, x, forward: again)
      #expect(next.queries == first.queries && next.keys == first.keys)
      #expect(next.values == first.values)
    }
  }

  @Test(
    arguments: [
      ([2, 3], [2, 4], [2, 3], nil), ([2, 3], [4, 3], [5, 3], nil),
      ([3, 2, 3], [2, 4, 3], [2, 4, 3], nil),
      ([2, 1, 2, 3], [3, 1, 4, 3], [3, 1, 4, 3], nil), ([3], [4, 3], [4, 3], nil),
      ([2, 3], [0, 3], [0, 3], nil), ([2, 3], [4, 3], [4, 3], [3, 4]),
      ([2, 3], [4, 3], [4, 3], [1, 1, 1, 2, 4]),
    ] as [(Shape, Shape, Shape, Shape?)])
  func refusesWhatDoesNotFit(_ shapes: (q: Shape, k: Shape, v: Shape, mask: Shape?)) {
    let error = #expect(throws: NumericalError.self) {
      try Attention(queries: shapes.q, keys: shapes.k, values: shapes.v, mask: shapes.mask)
    }
    guard case .shape(let text)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    for shape in shapes.mask.map({ [$0] }) ?? [shapes.q, shapes.k, shapes.v] {
      #expect(text.contains("\(shape)"), "\(text)")
    }
  }

  @Test func refusesMemoryItDoesNotGet() throws {
    let attention = try Attention(queries: [64, 4], keys: [64, 4], values: [64, 4])
    let x = Tensor<Float>.zeros([64, 4])
    #expect(throws: NumericalError.self) {
      try attention.forward(x, x, x, algorithm: .naive, budget: MemoryBudget(limit: 1000))
    }
  }
}

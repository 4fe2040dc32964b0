import Networks
import TestSupport
import Tensors
import Testing
import VectorMathClones

/// The flash kernels of every instruction set that this processor has, against the naive pass.
@Suite struct AttentionCloneTests {
  @Test(arguments: 0..<Int(attention_clone_count()), 0..<8)
  func agreesWithTheNaivePass(place: Int, seed: Int) throws {
    let clone = attention_clone(Int32(place))
    guard clone.isSupported, let forward = clone.forward, let backward = clone.backward else {
      return
    }
    var random = SeededGenerator(seed: UInt64(seed))
    func size(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
    let (tq, tk, d, e) = (size(1...200), size(1...200), size(1...50), size(1...50))
    let causal = seed % 2 == 1
    let attention = try Attention(
      queries: [tq, d], keys: [tk, d], values: [tk, e], isCausal: causal)
    func normal(_ shape: Shape, _ part: UInt32) -> Tensor<Double> {
      RandomSource(seed: UInt64(seed), substream: part).normal(shape, as: Double.self)
    }
    let (q, k, v) = (normal([tq, d], 1), normal([tk, d], 2), normal([tk, e], 3))
    let adjoint = normal([tq, e], 4)
    let naive = try attention.forward(q, k, v, algorithm: .naive)
    let expected = try attention.backward(adjoint, q, k, v, forward: naive, algorithm: .naive)

    var head = AttentionHead(
      queries: tq, keys: tk, width: d, valueWidth: e, scale: attention.scale,
      causal: causal ? 1 : 0, maskRow: 0, maskColumn: 0)
    let (row, valueRow) = (attention_row(d), attention_row(e))
    let elements = max(attention_forward_workspace(&head), attention_backward_workspace(&head, tk))
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 8 * elements, alignment: 128)
    defer { memory.deallocate() }
    let workspace = memory.bindMemory(to: Double.self, capacity: elements)
    var output = [Double](repeating: .nan, count: tq * e)
    var logSums = [Double](repeating: .nan, count: tq)
    for first in stride(from: 0, to: tq, by: Int(ATTENTION_QUERIES)) {
      forward(
        &head, first, min(tq, first + Int(ATTENTION_QUERIES)), q.elements, k.elements, v.elements,
        nil, &output, &logSums, workspace)
    }
    let dots = (0..<tq).map { i in
      (0..<e).reduce(0) { $0 + output[i * e + $1] * adjoint[i, $1] }
    }
    var dq = [Double](repeating: .nan, count: tq * d)
    var dk = [Double](repeating: 0, count: tk * row)
    var dv = [Double](repeating: 0, count: tk * valueRow)
    backward(
      &head, 0, tk, q.elements, k.elements, v.elements, nil, logSums, dots, adjoint.elements, &dq,
      &dk, &dv, workspace)

    let terms = Double(tq + tk + d + e)
    func compare(_ found: [Double], _ expected: Tensor<Double>, _ name: String) {
      let distance = Tensor(expected.shape, found).distance(to: expected)
      let bound = 16 * Double.epsilon * terms * max(1, expected.size)
      #expect(distance <= bound, "\(String(cString: clone.name)) \(name)")
    }
    compare(output, naive.output, "output")
    compare(dq, expected.queries, "Q")
    let keys = (0..<tk).flatMap { j in (0..<d).map { dk[j * row + $0] * attention.scale } }
    compare(keys, expected.keys, "K")
    compare((0..<tk).flatMap { j in dv[j * valueRow..<j * valueRow + e] }, expected.values, "V")
  }

  @Test(arguments: 0..<Int(attention_clone_count()), 0..<8)
  func fewQueriesAgreeWithTheNaivePass(place: Int, seed: Int) throws {
    let clone = attention_clone(Int32(place))
    guard clone.isSupported, let decode = clone.decode else { return }
    var random = SeededGenerator(seed: UInt64(seed))
    func size(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
    let (heads, tq, tk, d, e) = (
      size(1...3), size(1...3), size(1...300), size(1...50), size(1...150)
    )
    let causal = seed % 2 == 1
    let attention = try Attention(
      queries: [heads, tq, d], keys: [1, tk, d], values: [1, tk, e], isCausal: causal)
    func normal(_ shape: Shape, _ part: UInt32) -> Tensor<Double> {
      RandomSource(seed: UInt64(seed), substream: part).normal(shape, as: Double.self)
    }
    let (q, k, v) = (normal([heads, tq, d], 1), normal([1, tk, d], 2), normal([1, tk, e], 3))
    let naive = try attention.forward(q, k, v, algorithm: .naive)

    var head = AttentionHead(
      queries: tq, keys: tk, width: d, valueWidth: e, scale: attention.scale,
      causal: causal ? 1 : 0, maskRow: 0, maskColumn: 0)
    let rows = heads * tq
    var workspace = [Double](repeating: .nan, count: attention_decode_workspace(&head, rows))
    var results = [Double](repeating: .nan, count: rows * e)
    var maxima = [Double](repeating: .nan, count: rows)
    var sums = [Double](repeating: .nan, count: rows)
    decode(
      &head, rows, 0, tk, q.elements, k.elements, v.elements, nil, 0, &results, &maxima, &sums,
      &workspace)
    for row in 0..<rows where sums[row] > 0 {
      for c in 0..<e { results[row * e + c] /= sums[row] }
    }
    let distance = Tensor(attention.output, results).distance(to: naive.output)
    let bound = 16 * Double.epsilon * Double(tk + d) * max(1, v.size)
    #expect(distance <= bound, "\(String(cString: clone.name))")
  }
}

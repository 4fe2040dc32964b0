import Einsum
import JSONText
import Reporting
import Tensors

/// Finding the order of a chain of matrix products, from its text on; nothing is multiplied.
struct ChainPlanningWorkload: Workload {
  private let count: Int
  private let secondsLimit: Double

  init(count: Int, within seconds: Double) { (self.count, secondsLimit) = (count, seconds) }

  var name: String { "plan-einsum/chain-\(count)" }
  var goals: [Goal] {
    [
      Goal(
        work: "planning a contraction of \(count) operands",
        target: .limits(seconds: secondsLimit, bytes: nil))
    ]
  }

  /// The sizes of the labels, one more than matrices.
  private var sizes: [Int] {
    // 8 to 512 in no order.
    (0...count).map { 8 + ($0 * 7919 + 31) % 505 }
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let task = Self.chain(sizes)
    let optimum = Self.optimum(sizes)
    let ours = Contestant.ours(
      verify: { () throws(BenchError) in
        let operations = try task.planned(elementBytes: 8).plan.operations
        guard operations <= optimum * (1 + Double.epsilon * Double(count)) else {
          throw .wrong("the path takes \(operations) operations, the best \(optimum)")
        }
        return Figures()
      },
      call: { () throws(BenchError) in blackHole(try task.planned(elementBytes: 8)) })
    let withKernels = Contestant.ours(
      "linalg, kernels chosen too", verify: { Figures() },
      call: { () throws(BenchError) in
        blackHole(ExecutionPlan(try task.planned(elementBytes: 8).plan))
      })
    guard let peers = context.peers else { return Contest(ours: ours, peers: [withKernels]) }
    return Contest(
      ours: ours,
      peers: [
        withKernels,
        peers.contestant(
          "opt_einsum.contract_path", inputs: [:],
          parameters: [
            "equation": .string(task.equation),
            "shapes": .array(
              task.shapes.map { shape in .array(shape.dimensions.map { .integer($0) }) }),
          ]
        ) { (answer) throws(BenchError) in
          // A greedy order is no wrong one.
          guard let operations = answer["operations"]?.numberValue, operations > 0 else {
            throw .wrong("no count of operations")
          }
          return Figures()
        },
      ])
  }

  /// `ab,bc,cd->ad` for as many letters as there are sizes.
  private static func chain(_ sizes: [Int]) -> EinsumCase {
    let latin: ClosedRange<UInt32> = 0x41...0x24F
    let alphabet = latin.compactMap { Unicode.Scalar($0) }.filter(\.properties.isAlphabetic)
    let letters = alphabet.prefix(sizes.count).map { String($0) }
    let terms: [String] = zip(letters, letters.dropFirst()).map { $0 + $1 }
    let output = letters[0] + letters[letters.count - 1]
    let shapes = zip(sizes, sizes.dropFirst()).map { Shape([$0, $1]) }
    return EinsumCase("chain", "\(terms.joined(separator: ","))->\(output)", shapes)
  }

  /// The fewest operations of any bracketing: the textbook's dynamic programming.
  private static func optimum(_ sizes: [Int]) -> Double {
    let count = sizes.count - 1
    var best = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for length in 1..<count {
      for first in 0..<count - length {
        let last = first + length
        best[first][last] = (first..<last).reduce(.infinity) { least, split in
          let product = sizes[first] * sizes[split + 1] * sizes[last + 1]
          return min(least, best[first][split] + best[split + 1][last] + 2 * Double(product))
        }
      }
    }
    return best[0][count - 1]
  }
}

import TestSupport

@testable import Einsum

/// Contractions for the planning tests and an oracle that shares no code with the searches.
enum Planning {
  /// `ij,jk->ik` with the sizes `i2 j3 k4`.
  static func contraction(_ text: String, _ sizes: String) -> Contraction {
    let sides = text.split(separator: "-", omittingEmptySubsequences: false)
    let operands = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    let entries = sizes.split(separator: " ")
    let names = entries.map { String($0.prefix(1)) }
    func labels(_ text: some StringProtocol) -> [Int] {
      text.map { name in names.firstIndex(of: String(name)) ?? -1 }
    }
    return Contraction(
      operands: operands.map { labels($0) }, output: labels(sides[1].dropFirst()),
      sizes: entries.map { Int($0.dropFirst()) ?? -1 }, names: names)
  }

  /// A contraction from label numbers, all labels named `a`, `b` …
  static func contraction(_ operands: [[Int]], _ output: [Int], _ sizes: [Int]) -> Contraction {
    Contraction(
      operands: operands, output: output, sizes: sizes, names: sizes.indices.map { "l\($0)" })
  }

  /// Anything goes: sizes 0 to 4 (or `sizes`), diagonals, scalars, outer products, labels in one or
  /// in many operands.
  static func random(
    _ count: Int, sizes: ClosedRange<Int> = 0...4, using generator: inout SeededGenerator
  ) -> Contraction {
    let labelCount = Int.random(in: 1...8, using: &generator)
    let operands = (0..<count).map { _ in
      let rank = Int.random(in: 0...4, using: &generator)
      return (0..<rank).map { _ in Int.random(in: 0..<labelCount, using: &generator) }
    }
    let used = Set(operands.joined()).sorted()
    let output = used.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
    // Zeros are rare, or every other contraction would cost nothing.
    let lengths = (0..<labelCount).map { _ in
      let size = Int.random(in: sizes, using: &generator)
      return size == 0 && Bool.random(using: &generator) ? 2 : size
    }
    return contraction(operands, output.shuffled(using: &generator), lengths)
  }

  /// A connected network: a random tree and further bonds, each label in two operands, and some
  /// output labels.
  static func connected(
    _ count: Int, bonds: Int, using generator: inout SeededGenerator
  ) -> Contraction {
    var operands = [[Int]](repeating: [], count: count)
    var (sizes, output) = ([Int](), [Int]())
    func bond(_ a: Int, _ b: Int) {
      operands[a].append(sizes.count)
      operands[b].append(sizes.count)
      sizes.append(Int.random(in: 2...5, using: &generator))
    }
    for index in 1..<count { bond(index, Int.random(in: 0..<index, using: &generator)) }
    for _ in 0..<bonds {
      let first = Int.random(in: 0..<count, using: &generator)
      bond(first, (first + Int.random(in: 1..<count, using: &generator)) % count)
    }
    for index in 0..<count where Int.random(in: 0..<4, using: &generator) == 0 {
      operands[index].append(sizes.count)
      output.append(sizes.count)
      sizes.append(Int.random(in: 2...5, using: &generator))
    }
    return contraction(operands, output, sizes)
  }

  /// A chain of matrices, the sizes repeated as needed.
  static func chain(_ count: Int, sizes pattern: [Int]) -> Contraction {
    contraction(
      (0..<count).map { [$0, $0 + 1] }, [0, count],
      (0...count).map { pattern[$0 % pattern.count] })
  }

  /// A grid of tensors with bonds between neighbours and no output.
  static func grid(_ rows: Int, _ columns: Int, bond: Int) -> Contraction {
    var operands = [[Int]](repeating: [], count: rows * columns)
    var count = 0
    for row in 0..<rows {
      for column in 0..<columns {
        let here = row * columns + column
        let near =
          (column + 1 < columns ? [here + 1] : []) + (row + 1 < rows ? [here + columns] : [])
        for other in near {
          operands[here].append(count)
          operands[other].append(count)
          count += 1
        }
      }
    }
    return contraction(operands, [], [Int](repeating: bond, count: count))
  }

  /// The operations of a path, through the plan's table.
  static func operations(_ contraction: Contraction, _ path: ContractionPath?) throws -> Double {
    guard let path else { return .infinity }
    return try ContractionPlan(contraction, path: path).operations
  }
}

/// Tries every pairwise order, straight from the definitions.
struct PairwiseOracle {
  let contraction: Contraction
  /// Whether pairs without a common summed label are left out.
  var onlyConnected = false
  /// The most elements of results that may be live at once.
  var maximumLive = Int.max

  private(set) var operations = Int.max
  private(set) var peak = Int.max

  init(_ contraction: Contraction, onlyConnected: Bool = false, maximumLive: Int = .max) {
    self.contraction = contraction
    self.onlyConnected = onlyConnected
    self.maximumLive = maximumLive
    let operands = contraction.operands.map { Operand(labels: Set($0), elements: 0) }
    walk(operands, operations: 0, peak: 0)
  }

  private struct Operand {
    let labels: Set<Int>
    /// Zero for an operand of the caller.
    let elements: Int
  }

  private mutating func walk(_ operands: [Operand], operations: Int, peak: Int) {
    guard operands.count > 1 else {
      self.operations = min(self.operations, operations)
      self.peak = min(self.peak, peak)
      return
    }
    let output = Set(contraction.output)
    let live = operands.reduce(0) { $0 + $1.elements }
    for second in operands.indices {
      for first in 0..<second {
        let rest = operands.indices.filter { $0 != first && $0 != second }.map { operands[$0] }
        let (a, b) = (operands[first].labels, operands[second].labels)
        if onlyConnected, a.intersection(b).isSubset(of: output) { continue }
        let kept = a.union(b).intersection(rest.reduce(output) { $0.union($1.labels) })
        let elements = product(kept)
        let cost = product(a.union(b)) * (kept == a.union(b) ? 1 : 2)
        guard live + elements <= maximumLive else { continue }
        walk(
          rest + [Operand(labels: kept, elements: elements)], operations: operations + cost,
          peak: max(peak, live + elements))
      }
    }
  }

  private func product(_ labels: Set<Int>) -> Int {
    labels.reduce(1) { $0 * contraction.sizes[$1] }
  }
}

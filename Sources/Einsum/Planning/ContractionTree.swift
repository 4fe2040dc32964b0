/// A binary contraction tree as a list of pairs. Operands are numbered from 0, the result of the k-th
/// pair is operand count + k; an operand or result is used once, after it exists.
struct ContractionTree: Sendable {
  /// Two operands or results that are contracted with each other.
  struct Pair: Sendable, Hashable {
    var left: Int
    var right: Int
  }

  /// The number of operands.
  let leafCount: Int
  /// The steps in the order of execution.
  var pairs: [Pair] = []

  /// A tree without steps yet.
  init(leafCount: Int) {
    self.leafCount = leafCount
    pairs.reserveCapacity(leafCount)
  }

  /// The first with the second operand, that result with the third, and so on.
  static func leftToRight(_ count: Int) -> ContractionTree {
    var tree = ContractionTree(leafCount: count)
    guard count > 1 else { return tree }
    var root = 0
    for leaf in 1..<count { root = tree.join(root, leaf) }
    return tree
  }

  /// Adds a step and returns its result's number.
  @discardableResult
  mutating func join(_ left: Int, _ right: Int) -> Int {
    pairs.append(Pair(left: min(left, right), right: max(left, right)))
    return leafCount + pairs.count - 1
  }

  /// Adds the steps of a tree over some of the operands or results; returns its root's number.
  mutating func append(_ part: ContractionTree, leaves: [Int]) -> Int {
    var numbers = leaves
    for pair in part.pairs { numbers.append(join(numbers[pair.left], numbers[pair.right])) }
    return numbers[numbers.count - 1]
  }

  /// The same tree in opt_einsum's numbering.
  var path: ContractionPath {
    guard leafCount > 1 else { return ContractionPath([[0]]) }
    // Ascending at all times: results are numbered upwards and appended.
    var present = Array(0..<leafCount)
    var steps: [[Int]] = []
    steps.reserveCapacity(pairs.count)
    for (index, pair) in pairs.enumerated() {
      let right = Self.position(of: pair.right, in: present)
      present.remove(at: right)
      let left = Self.position(of: pair.left, in: present)
      present.remove(at: left)
      present.append(leafCount + index)
      steps.append([left, right])
    }
    return ContractionPath(steps)
  }

  /// The same tree depth first, of two subtrees the one first that leaves less memory live at the
  /// peak (Liu 1986, the best postorder), then the one with the earlier operand.
  ///
  /// - Parameter elements: the size of each step's result.
  func orderedForMemory(_ elements: [Double]) -> ContractionTree {
    guard pairs.count > 1 else { return self }
    let total = leafCount + pairs.count
    var peak = [Double](repeating: 0, count: total)
    var earliest = Array(0..<total)
    var order = pairs
    // Operands are the caller's: they take no memory of ours.
    func size(_ node: Int) -> Double { node < leafCount ? 0 : elements[node - leafCount] }
    for (index, pair) in pairs.enumerated() {
      let (a, b) = (pair.left, pair.right)
      let aFirst = max(peak[a], size(a) + peak[b])
      let bFirst = max(peak[b], size(b) + peak[a])
      let swaps = bFirst < aFirst || bFirst == aFirst && earliest[b] < earliest[a]
      order[index] = swaps ? Pair(left: b, right: a) : pair
      peak[leafCount + index] = max(min(aFirst, bFirst), size(a) + size(b) + elements[index])
      earliest[leafCount + index] = min(earliest[a], earliest[b])
    }
    return walked(order)
  }

  /// The pairs in postorder, the left one of each pair first.
  private func walked(_ order: [Pair]) -> ContractionTree {
    // Root first, right before left; the reverse of that is the postorder.
    var stack = [leafCount + pairs.count - 1]
    var reversed: [Int] = []
    while let node = stack.popLast() {
      guard node >= leafCount else { continue }
      reversed.append(node)
      stack.append(order[node - leafCount].left)
      stack.append(order[node - leafCount].right)
    }
    var result = ContractionTree(leafCount: leafCount)
    var numbers = Array(0..<leafCount + pairs.count)
    for node in reversed.reversed() {
      let pair = order[node - leafCount]
      numbers[node] = result.join(numbers[pair.left], numbers[pair.right])
    }
    return result
  }

  private static func position(of number: Int, in ascending: [Int]) -> Int {
    var (low, high) = (0, ascending.count)
    while low < high {
      let middle = (low + high) / 2
      if ascending[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

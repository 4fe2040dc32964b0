/// How operations are counted: as in opt_einsum (Smith & Gray 2018, JOSS 3(26) 753), so that tables
/// can be compared.
///
/// Counts are `Double`: exact below 2⁵³, saturating at the largest finite number, so that no sum or
/// difference of them is ever NaN.
enum ContractionCost {
  /// The number of elements of an array with these labels; a size of zero wins over any overflow.
  static func elements(_ labels: some Sequence<Int>, sizes: [Double]) -> Double {
    var product = 1.0
    for label in labels { product = min(product * sizes[label], .greatestFiniteMagnitude) }
    return product
  }

  /// The number of elements as an integer, `Int.max` where it does not fit.
  static func elementCount(_ labels: some Sequence<Int>, sizes: [Int]) -> Int {
    var product = 1
    for label in labels {
      // A size of zero must win over an overflow before it.
      if sizes[label] == 0 { return 0 }
      let (next, overflow) = product.multipliedReportingOverflow(by: sizes[label])
      product = overflow ? .max : next
    }
    return product
  }

  /// The operations of one step: the product of all sizes in it × (max(1, N−1) + [a sum]).
  static func operations(space: Double, operandCount: Int, sums: Bool) -> Double {
    let perElement = max(1, operandCount - 1) + (sums ? 1 : 0)
    return min(space * Double(perElement), .greatestFiniteMagnitude)
  }

  /// The operations of the whole contraction as one step.
  static func naive(_ contraction: Contraction) -> Double {
    let all = LabelSet(Array(contraction.operands.joined()))
    return operations(
      space: elements(all, sizes: contraction.sizes.map(Double.init)),
      operandCount: contraction.operands.count,
      sums: !all.isSubset(of: LabelSet(contraction.output)))
  }
}

/// What searches minimise: operations first, then elements written, which tell equally costly orders
/// apart by their memory traffic.
struct SearchCost: Comparable, Sendable {
  /// Operations as `ContractionCost` counts them.
  var operations: Double
  /// The elements of all results, the output included.
  var written: Double

  /// A cost from its two counts.
  init(_ operations: Double, _ written: Double) {
    self.operations = operations
    self.written = written
  }

  /// The cost of nothing.
  static let zero = SearchCost(0, 0)
  /// More than any order costs.
  static let unreachable = SearchCost(.infinity, .infinity)

  /// Whether an order was found.
  var isReachable: Bool { operations < .infinity }

  static func + (a: SearchCost, b: SearchCost) -> SearchCost {
    guard a.isReachable, b.isReachable else { return .unreachable }
    let most = Double.greatestFiniteMagnitude
    return SearchCost(
      min(a.operations + b.operations, most), min(a.written + b.written, most))
  }

  static func < (a: SearchCost, b: SearchCost) -> Bool {
    a.operations < b.operations || a.operations == b.operations && a.written < b.written
  }
}

public import Tensors

/// A contraction in canonical form: what is left of subscripts when shapes are known, ellipses are
/// labels and size-1 axes that are broadcast are gone.
///
/// A label is a number, the index into `sizes` and `names`. Labels of an operand may repeat, which
/// is a diagonal; a label that is missing in `output` is summed.
public struct Contraction: Sendable, Hashable {
  /// The labels of each operand's axes.
  public let operands: [[Int]]
  /// The labels of the result's axes, none twice, each in at least one operand.
  public let output: [Int]
  /// The size of each label, from 0 up.
  public let sizes: [Int]
  /// What each label is called in messages and tables.
  public let names: [String]

  /// A contraction from its parts; labels out of range and output labels that repeat or stand in no
  /// operand trap.
  public init(operands: [[Int]], output: [Int], sizes: [Int], names: [String]) {
    precondition(sizes.count == names.count, "\(sizes.count) sizes for \(names.count) names")
    var isUsed = [Bool](repeating: false, count: sizes.count)
    for label in operands.lazy.joined() {
      precondition(sizes.indices.contains(label), "a label without a size")
      isUsed[label] = true
    }
    for label in output {
      // Each label is taken once.
      precondition(
        sizes.indices.contains(label) && isUsed[label],
        "an output label repeats or stands in no operand")
      isUsed[label] = false
    }
    self.operands = operands
    self.output = output
    self.sizes = sizes
    self.names = names
  }

  /// The shape of an operand or result with these labels.
  public func shape(_ labels: [Int]) -> Shape { Shape(labels.map { sizes[$0] }) }

  /// Labels as they stand in subscripts.
  public func text(_ labels: [Int]) -> String { labels.map { names[$0] }.joined() }

  /// `ij,jk->ik`.
  public var text: String {
    operands.map { text($0) }.joined(separator: ",") + "->" + text(output)
  }
}

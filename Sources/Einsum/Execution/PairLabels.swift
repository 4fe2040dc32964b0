/// What becomes of each label when two operands are contracted.
///
/// Every label stands in at least two of left, right and result: what stands in one operand alone
/// has been summed before.
struct PairLabels {
  /// In both operands and in the result.
  var batch: [Int] = []
  /// In the left operand and the result: the rows of a matrix product.
  var rows: [Int] = []
  /// In the right operand and the result: its columns.
  var columns: [Int] = []
  /// In both operands, summed.
  var summed: [Int] = []

  /// Classifies; each list is in the memory order of the operand named first in its description.
  init(_ left: StridedLayout, _ right: StridedLayout, result: [Int]) {
    for label in left.memoryOrder {
      let isInRight = right.labels.contains(label)
      switch (isInRight, result.contains(label)) {
      case (true, true): batch.append(label)
      case (true, false): summed.append(label)
      case (false, true): rows.append(label)
      case (false, false): preconditionFailure("label \(label) stands in one operand alone")
      }
    }
    for label in right.memoryOrder where !left.labels.contains(label) {
      precondition(result.contains(label), "label \(label) stands in one operand alone")
      columns.append(label)
    }
  }
}

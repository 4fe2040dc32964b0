import Tensors

/// How the elements of an operand lie in memory: a stride for each of its labels, none twice.
///
/// A diagonal (`ii`) is one label with the sum of both strides: nothing is copied for it.
struct StridedLayout: Sendable, Hashable {
  /// The labels, in any order.
  let labels: [Int]
  /// The distance of neighbours along each label.
  let strides: [Int]

  init(labels: [Int], strides: [Int]) {
    self.labels = labels
    self.strides = strides
  }

  /// A contiguous row-major operand whose labels may repeat.
  ///
  /// What no memory holds can be planned with: its strides stay countable.
  init(contiguous labels: [Int], sizes: [Int]) {
    var distinct: [Int] = []
    var strides: [Int] = []
    var stride = 1
    for label in labels.reversed() {
      if let index = distinct.firstIndex(of: label) {
        strides[index] = min(strides[index] + stride, Int.countable)
      } else {
        distinct.append(label)
        strides.append(stride)
      }
      stride = stride.multipliedOrMax(max(1, sizes[label]))
    }
    self.labels = distinct.reversed()
    self.strides = strides.reversed()
  }

  /// The stride along a label; nil where the operand has none.
  func stride(_ label: Int) -> Int? {
    labels.firstIndex(of: label).map { strides[$0] }
  }

  /// The labels from the largest stride to the smallest, in which memory is walked forwards.
  var memoryOrder: [Int] {
    labels.indices.sorted { strides[$0] != strides[$1] ? strides[$0] > strides[$1] : $0 < $1 }
      .map { labels[$0] }
  }
}

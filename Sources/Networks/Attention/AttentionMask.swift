import Tensors

/// Where the part of a mask for one head begins, and how it is read: distances are 0 along axes that
/// are stretched.
struct AttentionMask {
  private let strides: [Int]

  init(_ attention: Attention) {
    guard let mask = attention.mask else {
      strides = [0, 0, 0, 0]
      return
    }
    let own = mask.strides
    strides = (0..<4).map { axis in
      let place = axis + mask.rank - 4
      return place < 0 || mask[place] == 1 ? 0 : own[place]
    }
  }

  /// From query to query and from key to key.
  var step: (row: Int, column: Int) { (strides[2], strides[3]) }

  /// From head to head.
  var head: Int { strides[1] }

  /// The place of the first element for a head.
  func offset(batch: Int, head: Int) -> Int { batch * strides[0] + head * strides[1] }
}

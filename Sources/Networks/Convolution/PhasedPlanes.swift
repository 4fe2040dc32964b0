import Tensors

/// Pictures with zeros around them whose columns are sorted by their number modulo a stride: what
/// neighbouring results of a strided convolution read lies side by side.
struct PhasedPlanes: Sendable, Hashable {
  /// The pictures' sizes.
  let picture: PlaneSize
  /// The rows and columns of zeros before them.
  let margin: PlaneSize
  /// With the zeros.
  let rows: Int
  /// How many columns apart neighbours lie.
  let stride: Int
  /// The elements for the columns of one phase.
  let pitch: Int

  /// - Parameters:
  ///   - rows: how many are read, margin included.
  ///   - columns: how many are read of each phase.
  init(_ picture: PlaneSize, margin: PlaneSize, rows: Int, columns: Int, stride: Int) {
    (self.picture, self.margin, self.stride) = (picture, margin, stride)
    self.rows = max(rows, margin.down + picture.down)
    pitch = max(columns, (margin.across + picture.across).parts(of: stride))
  }

  /// The elements of a row and of a picture.
  var rowElements: Int { stride * pitch }
  var elements: Int { rows * rowElements }

  /// Where a place, counted from the margin's corner, lies in its picture.
  func offset(row: Int, column: Int) -> Int {
    row * rowElements + column % stride * pitch + column / stride
  }

  /// So many pictures, one behind the other.
  func filled<Element: Scalar>(_ count: Int, from source: UnsafePointer<Element>) -> Tensor<Element>
  {
    Tensor(uninitialized: [count * elements]) { target in
      guard let target = target.baseAddress else { return }
      Parallel.forEachRange(count, grain: max(1, 16384 / max(1, elements))) { range in
        for index in range {
          fill(target + index * elements, from: source + index * picture.area)
        }
      }
    }
  }

  private func fill<Element: Scalar>(
    _ target: UnsafeMutablePointer<Element>, from source: UnsafePointer<Element>
  ) {
    target.initialize(repeating: 0, count: elements)
    for y in 0..<picture.down {
      let row = target + (y + margin.down) * rowElements
      let from = source + y * picture.across
      if stride == 1 {
        (row + margin.across).update(from: from, count: picture.across)
        continue
      }
      for first in 0..<min(stride, picture.across) {
        let place = row + offset(row: 0, column: first + margin.across)
        var i = 0
        for x in Swift.stride(from: first, to: picture.across, by: stride) {
          place[i] = from[x]
          i += 1
        }
      }
    }
  }
}

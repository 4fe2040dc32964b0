internal import CVectorMath
import Tensors

/// Which units dropout leaves alone: a function of (seed, layer, step, row, unit) alone, so that
/// threads and resumed runs draw the same.
struct DropoutMask: Sendable {
  /// The share p of units that are set to 0.
  let share: Double
  let seed: UInt64

  /// What the others are multiplied by: 1/(1 − p).
  var factor: Double { 1 / (1 - share) }

  /// Some units of a row of a layer's output; `first` is divisible by 4.
  func draw(
    layer: Int, step: Int, row: Int, units: Range<Int>, of width: Int,
    into mask: UnsafeMutablePointer<UInt8>
  ) {
    // Steps lie 2³² blocks apart, more than a batch has.
    let block = UInt64(step) << 32 + UInt64(row * ((width + 3) / 4) + units.lowerBound / 4)
    dropout_mask(
      units.count, block, RandomSource.Stream.dropout.rawValue, UInt32(layer), seed,
      UInt32(clamping: Int(share * 0x1p32)), mask)
  }

  /// The factors of a layer's output for `rows` rows [rows, width].
  func factors<Element: Scalar>(
    layer: Int, step: Int, rows: Int, width: Int, as type: Element.Type
  ) -> Tensor<Element> {
    var mask = [UInt8](repeating: 0, count: rows * width)
    mask.withUnsafeMutableBufferPointer { mask in
      guard let base = mask.baseAddress else { return }
      for row in 0..<rows {
        draw(
          layer: layer, step: step, row: row, units: 0..<width, of: width, into: base + row * width)
      }
    }
    return Tensor([rows, width], mask.map { $0 == 0 ? 0 : Element(factor) })
  }
}

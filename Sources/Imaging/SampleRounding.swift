public import FileFormats
import Tensors

extension StoredArray {
  /// The numbers as picture samples: rounded to nearest (ties to even), clipped to 0…255.
  ///
  /// Nothing is scaled: a picture in other units has to be brought to sample units first.
  /// - Returns: a `u8` array of the same shape, and how many numbers were clipped. A `u8` or
  ///   `u16` array comes back as it is.
  /// - Throws: `FormatError.badData` for a NaN or an infinity.
  public func asSamples() throws(FormatError) -> (samples: StoredArray, clipped: Int) {
    guard dtype != .u8 && dtype != .u16 else { return (self, 0) }
    var clipped = 0
    let numbers = tensor(as: Double.self)
    if let position = numbers.firstNonFinite() {
      throw FormatError(
        .badData,
        "the number at \(shape.index(ofPosition: position)) is not finite "
          + "(found \(numbers.elements[position]))")
    }
    let samples = numbers.elements.map { number in
      let rounded = number.rounded(.toNearestOrEven)
      if rounded < 0 || rounded > 255 { clipped += 1 }
      return UInt8(max(0, min(255, rounded)))
    }
    return (StoredArray(samples, shape: shape), clipped)
  }
}

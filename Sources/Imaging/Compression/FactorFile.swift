public import Factorizations
public import FileFormats
public import Tensors

/// Truncated singular value decompositions as a safetensors file, and back.
///
/// Per matrix `cI.U [m,k]`, `cI.s [k]`, `cI.Vt [k,n]`; for a picture also its `alpha` channel and
/// ICC profile as they were. The metadata say what the factors stand for (docs/formats.md).
public struct FactorFile: Sendable {
  /// What the factors are stored as.
  public enum Precision: String, Sendable, CaseIterable {
    case f16, f32, f64

    /// The type of U and Vᵀ.
    public var vectors: DType {
      switch self {
      case .f16: .f16
      case .f32: .f32
      case .f64: .f64
      }
    }

    /// The type of the singular values: never narrower than f32, which half a picture's range
    /// would overflow.
    public var values: DType { self == .f64 ? .f64 : .f32 }
  }

  /// The bytes that the factors of rank `rank` take, without header, alpha and profile.
  public static func payloadBytes(
    _ subject: PictureOrMatrix, rank: Int, precision: Precision
  ) -> Int {
    let (m, n) = (subject.matrixShape[0], subject.matrixShape[1])
    let perMatrix =
      rank * (m + n) * precision.vectors.byteSize + rank * precision.values.byteSize
    return subject.matrixCount * perMatrix
  }

  /// The exact size of the file for rank `rank`, header included, without making it.
  ///
  /// - Throws: `FormatError` for metadata that do not fit a safetensors header.
  public static func byteCount(
    _ subject: PictureOrMatrix, rank: Int, precision: Precision, dtype: String
  ) throws(FormatError) -> Int {
    let (m, n) = (subject.matrixShape[0], subject.matrixShape[1])
    var tensors: [(name: String, dtype: DType, shape: Shape)] = []
    for index in 0..<subject.matrixCount {
      tensors.append(("c\(index).U", precision.vectors, [m, rank]))
      tensors.append(("c\(index).s", precision.values, [rank]))
      tensors.append(("c\(index).Vt", precision.vectors, [rank, n]))
    }
    for extra in subject.extras {
      tensors.append((extra.name, extra.array.dtype, extra.array.shape))
    }
    return try SafetensorsFile.encodedByteCount(
      of: tensors, metadata: subject.metadata(dtype: dtype))
  }

  /// The largest rank whose file is at most `limit` bytes long; nil when not even rank 1 fits.
  ///
  /// - Throws: as `byteCount`.
  public static func largestRank(
    _ subject: PictureOrMatrix, within limit: Int, precision: Precision, dtype: String
  ) throws(FormatError) -> Int? {
    var low = 0
    var high = subject.largestRank
    while low < high {
      let middle = (low + high + 1) / 2
      let size = try byteCount(subject, rank: middle, precision: precision, dtype: dtype)
      if size <= limit { low = middle } else { high = middle - 1 }
    }
    return low > 0 ? low : nil
  }

  /// The file for decompositions that are already cut to their rank.
  ///
  /// - Throws: `FormatError` for metadata that do not fit a safetensors header.
  public static func encode<Element: Scalar>(
    _ subject: PictureOrMatrix, _ decompositions: [SingularValueDecomposition<Element>],
    precision: Precision
  ) throws(FormatError) -> SafetensorsFile {
    var tensors: [NamedArray] = []
    for (index, factors) in decompositions.enumerated() {
      let values = Tensor<Element>([factors.singularValues.count], factors.singularValues)
      tensors.append(
        NamedArray("c\(index).U", try StoredArray(factors.u, dtype: precision.vectors)))
      tensors.append(NamedArray("c\(index).s", try StoredArray(values, dtype: precision.values)))
      tensors.append(
        NamedArray("c\(index).Vt", try StoredArray(factors.vt, dtype: precision.vectors)))
    }
    return SafetensorsFile(
      tensors: tensors + subject.extras,
      metadata: subject.metadata(dtype: Element.dtypeName))
  }
}

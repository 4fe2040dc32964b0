public import Tensors

/// The shape and type of an array in a file.
public struct ArrayHeader: Sendable {
  /// The shape.
  public let shape: Shape
  /// The type of the numbers.
  public let dtype: DType

  /// Reads what is needed to know shape and type: of a `.npy` file its header alone, so that its
  /// numbers may be larger than the memory; any other file is read whole.
  ///
  /// - Throws: as `LoadedFile.load`.
  public init(_ path: String, options: ReadOptions) throws(FormatError) {
    let input = InputPath.parse(path)
    if input.member == nil, input.path != "-" {
      // A header is at most 64 KiB and a few bytes where it tells its length in two of them.
      let start = try FileReader.read(input.path, budget: options.budget, limit: 1 << 17)
      if start.starts(with: NpyHeader.signature), options.format ?? .npy == .npy {
        let header = try NpyHeader(start[...])
        (shape, dtype) = (header.shape, header.dtype)
        return
      }
    }
    let array = try LoadedFile.load(input, options: options).array()
    (shape, dtype) = (array.shape, array.dtype)
  }
}

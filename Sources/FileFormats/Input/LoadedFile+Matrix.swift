import Tensors

extension LoadedFile {
  /// The matrix that the file holds.
  ///
  /// - Throws: `FormatError.badData` for another number of axes or no elements, `.usage` when
  ///   several arrays stand to choose from.
  public func matrix() throws(FormatError) -> StoredArray {
    let array = try self.array()
    guard array.shape.rank == 2 else {
      throw FormatError(
        .badData, "a matrix is needed (found shape \(array.shape), expected two axes)")
    }
    guard array.shape.count > 0 else {
      throw FormatError(.badData, "the matrix has no elements (shape \(array.shape))")
    }
    return array
  }
}

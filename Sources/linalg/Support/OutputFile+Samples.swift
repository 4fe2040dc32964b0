import FileFormats
import Imaging
import Reporting

extension OutputFile {
  /// An array as a PNG: whole samples as they are, other numbers rounded and clipped.
  ///
  /// - Parameter notes: gets a line where numbers were clipped.
  /// - Throws: `FormatError.badData` for numbers that are not finite and for an array that is no
  ///   picture.
  init(
    _ path: String, samplesOf array: StoredArray, notes: inout [String]
  ) throws(FormatError) {
    let (samples, clipped) = try array.asSamples()
    if clipped > 0 { notes.append(NumberText.counted(clipped, "number") + " clipped") }
    try self.init(path, samples, format: .png)
  }
}

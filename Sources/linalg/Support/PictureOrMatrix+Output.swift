import FileFormats
import Imaging
import Reporting
import Tensors

extension PictureOrMatrix {
  /// The output file for what was computed for this picture or matrix, in the format that the
  /// path's suffix names.
  ///
  /// - Parameters:
  ///   - approximations: matrices as `matrices(as:)` returns them.
  ///   - streamFormat: the format for `-`, devices and FIFOs without a suffix.
  ///   - notes: gets a line where samples were clipped or the picture's storage changed.
  /// - Throws: `FormatError.usage` for an unknown suffix, `.badData` for numbers that are not
  ///   finite where samples are needed.
  func output<Element: Scalar>(
    _ path: String, of approximations: [Tensor<Element>], streamFormat: FileFormat,
    notes: inout [String]
  ) throws(FormatError) -> OutputFile {
    let format = try FileFormat.forWriting(path, toStream: streamFormat)
    guard format == .png else {
      return try OutputFile(path, array(of: approximations), format: format)
    }
    guard case .picture(let original, let mode) = self else {
      return try OutputFile(path, samplesOf: array(of: approximations), notes: &notes)
    }
    let (picture, clipped): (Picture, Int)
    do {
      (picture, clipped) = try original.replacingColors(with: approximations, mode)
    } catch {
      throw FormatError(.badData, "the picture holds numbers that are not finite")
    }
    if clipped > 0 { notes.append(NumberText.counted(clipped, "sample") + " clipped") }
    notes += original.origin.conversionNotes
    return OutputFile(path, FileContent(try PNG.encode(picture)), isBinary: true)
  }
}

extension PNGOrigin {
  /// What of the original's storage a rewritten picture does not keep.
  fileprivate var conversionNotes: [String] {
    if colorType == .palette { return ["the palette picture is written as RGB"] }
    if bitDepth < 8 { return ["the \(bitDepth)-bit picture is written with 8 bits"] }
    return []
  }
}

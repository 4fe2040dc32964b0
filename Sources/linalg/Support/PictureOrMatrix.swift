import FileFormats
import Imaging
import Reporting
import Tensors

/// Writes what was computed for a picture or a matrix in the format that the output's suffix
/// names; the one place where numbers become samples.
enum PictureOrMatrix {
  /// The output file for approximations of a subject.
  ///
  /// - Parameters:
  ///   - streamFormat: the format for `-`, devices and FIFOs without a suffix.
  ///   - notes: gets a line where samples were clipped or the picture's storage changed.
  /// - Throws: `FormatError.usage` for an unknown suffix, `.badData` for numbers that are not
  ///   finite where samples are needed.
  static func output<Element: Scalar>(
    _ path: String, _ subject: CompressionSubject, _ approximations: [Tensor<Element>],
    streamFormat: FileFormat, notes: inout [String]
  ) throws(FormatError) -> OutputFile {
    let format = try FileFormat.forWriting(path, toStream: streamFormat)
    guard format == .png else {
      return try OutputFile(path, subject.array(of: approximations), format: format)
    }
    guard case .picture(let original, let mode) = subject else {
      return try sampled(path, subject.array(of: approximations), notes: &notes)
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

  /// An array as a PNG: whole samples as they are, other numbers rounded and clipped.
  static func sampled(
    _ path: String, _ array: StoredArray, notes: inout [String]
  ) throws(FormatError) -> OutputFile {
    let (samples, clipped) = try array.asSamples()
    if clipped > 0 { notes.append(NumberText.counted(clipped, "number") + " clipped") }
    return try OutputFile(path, samples, format: .png)
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

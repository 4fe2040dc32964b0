import FileFormats
import JSONText

/// A file with one JSON document, such as `--table FILE.json` writes.
enum JSONFile {
  /// - Throws: `FormatError` for what cannot be read or is no JSON.
  static func document(_ path: String) throws(FormatError) -> JSONValue {
    let text = try TextFile.read(path)
    do {
      return try JSONValue.parse(text)
    } catch {
      throw FormatError(.badData, "not JSON (\(error))")
    }
  }
}

import ArgumentParser
import FileFormats

/// Refuses output paths whose suffix promises another format than the one that is written.
enum SuffixCheck {
  /// - Parameter suffix: the right one, without its point; a path without any is right too.
  static func validate(_ option: String, _ path: String?, suffix: String) throws(ValidationError) {
    guard let path, let found = FileFormat.suffix(of: path), found != suffix else { return }
    throw ValidationError("\(option) \(path): the suffix is not .\(suffix)")
  }
}

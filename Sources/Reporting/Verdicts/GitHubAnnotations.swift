/// Messages that GitHub Actions shows beside the lines of a pull request: workflow commands on
/// standard output, one line each.
public struct GitHubAnnotations: Sendable {
  /// How serious a message is.
  public enum Level: String, Sendable {
    /// The check failed.
    case error
    /// The check did not fail, but should be looked at.
    case warning
  }

  /// One message.
  public struct Annotation: Sendable {
    /// How serious it is.
    public let level: Level
    /// The heading; nil leaves it to GitHub.
    public let title: String?
    /// The file it is about, from the root of the repository.
    public let file: String?
    /// The line in the file, from 1.
    public let line: Int?
    /// The text, of any number of lines.
    public let message: String

    /// A message, with its place where there is one.
    public init(
      _ level: Level, title: String? = nil, file: String? = nil, line: Int? = nil,
      message: String
    ) {
      self.level = level
      self.title = title
      self.file = file
      self.line = line
      self.message = message
    }
  }

  /// GitHub drops what a step says beyond ten errors and ten warnings
  /// (docs.github.com, "Workflow commands": limits of annotations).
  public static let limit = 10

  /// All messages, in the order of the checks.
  public var annotations: [Annotation]

  /// Messages in the order of the checks.
  public init(_ annotations: [Annotation] = []) { self.annotations = annotations }

  /// The workflow commands, a line each: up to `limit` messages, errors before warnings, then one
  /// notice that counts the rest. Empty without messages.
  public var text: String {
    let sorted =
      annotations.filter { $0.level == .error } + annotations.filter { $0.level == .warning }
    var lines = sorted.prefix(Self.limit).map(Self.command)
    let rest = sorted.dropFirst(Self.limit)
    if !rest.isEmpty {
      let errors = rest.count { $0.level == .error }
      let counts = [(errors, "error"), (rest.count - errors, "warning")]
        .filter { $0.0 > 0 }.map { NumberText.counted($0.0, "more \($0.1)") }
      lines.append("::notice::" + counts.joined(separator: " and "))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func command(_ annotation: Annotation) -> String {
    let properties = [
      ("title", annotation.title), ("file", annotation.file),
      ("line", annotation.line.map(String.init)),
    ].compactMap { name, value in value.map { "\(name)=\(property($0))" } }
    let list = properties.isEmpty ? "" : " " + properties.joined(separator: ",")
    return "::\(annotation.level.rawValue)\(list)::\(data(annotation.message))"
  }

  /// `escapeData` of actions/toolkit, packages/core/src/command.ts.
  private static func data(_ text: String) -> String { escaped(text, inProperty: false) }

  /// `escapeProperty` there: a colon or comma would end the value.
  private static func property(_ text: String) -> String { escaped(text, inProperty: true) }

  private static func escaped(_ text: String, inProperty: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      case ":" where inProperty: result += "%3A"
      case "," where inProperty: result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

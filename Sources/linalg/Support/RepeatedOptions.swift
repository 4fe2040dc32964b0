/// Options that may not be given twice: the argument parser would silently take the last.
enum RepeatedOptions {
  /// The options that collect their values.
  private static let repeatable: Set<String> = [
    "--table", "--in", "--grad", "--jvp", "--hvp", "--jacobian", "--hessian", "--wrt",
    "--gradient", "--point",
  ]
  private static let longNames = [
    "-o": "--output", "-q": "--quiet", "-v": "--verbose", "-h": "--help",
  ]

  /// - Throws: `Failure.usage` naming the first option that stands twice before `--`.
  static func check(_ arguments: [String]) throws(Failure) {
    var seen: Set<String> = []
    for argument in arguments {
      if argument == "--" { return }
      guard argument.hasPrefix("-"), argument.count > 1 else { continue }
      for typed in options(in: String(argument.prefix { $0 != "=" })) {
        let name = longNames[typed] ?? typed
        // A negative number is a value, not an option.
        guard name.hasPrefix("--"), !repeatable.contains(name) else { break }
        guard seen.insert(name).inserted else { throw .usage("\(typed) is given twice") }
      }
    }
  }

  /// A long option, or the letters of a group like `-qv`.
  private static func options(in argument: String) -> [String] {
    argument.hasPrefix("--") ? [argument] : argument.dropFirst().map { "-\($0)" }
  }
}

/// How a JSON document is laid out.
public enum JSONLayout: Sendable {
  /// One line without spaces.
  case compact
  /// One value per line, indented by two spaces; short arrays of scalars stay on one line.
  case pretty
}

extension JSONValue {
  /// The document as JSON, without a line feed at the end.
  ///
  /// Numbers are written with the fewest digits that read back as the same `Double`. JSON knows no
  /// numbers that are not finite: they become the strings `"nan"`, `"inf"` and `"-inf"`.
  public func text(_ layout: JSONLayout = .compact) -> String {
    var writer = JSONWriter(layout: layout)
    writer.write(self)
    return writer.text
  }
}

/// Appends values to a text.
private struct JSONWriter {
  /// An array of scalars longer than this many characters gets one line per element.
  private static let inlineWidth = 72

  let layout: JSONLayout
  private(set) var text = ""
  private var indentation = 0

  init(layout: JSONLayout) { self.layout = layout }

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): write(value)
    case .string(let value): write(value)
    case .array(let elements): write(elements)
    case .object(let object): write(object)
    }
  }

  private mutating func write(_ number: Double) {
    if number.isFinite {
      text += number.description
    } else {
      text += number.isNaN ? "\"nan\"" : number > 0 ? "\"inf\"" : "\"-inf\""
    }
  }

  private mutating func write(_ string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{C}": text += "\\f"
      case "\u{0}"..<"\u{10}": text += "\\u000" + String(scalar.value, radix: 16)
      case "\u{10}"..<"\u{20}": text += "\\u00" + String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  private mutating func write(_ elements: [JSONValue]) {
    if layout == .pretty, let line = Self.line(elements) {
      text += line
      return
    }
    writeContainer("[", "]", elements) { writer, element in writer.write(element) }
  }

  private mutating func write(_ object: JSONObject) {
    writeContainer("{", "}", object.members) { writer, member in
      writer.write(member.key)
      writer.text += writer.layout == .pretty ? ": " : ":"
      writer.write(member.value)
    }
  }

  /// A short array of scalars on one line, or nil when it is not one.
  private static func line(_ elements: [JSONValue]) -> String? {
    // Every element takes a character and a separator: a long array is not written out twice.
    guard elements.count * 3 <= inlineWidth, elements.allSatisfy(\.isScalar) else { return nil }
    let line = "[" + elements.map { $0.text() }.joined(separator: ", ") + "]"
    return line.unicodeScalars.count <= inlineWidth ? line : nil
  }

  private mutating func writeContainer<Item>(
    _ opening: String, _ closing: String, _ items: [Item],
    _ writeItem: (inout JSONWriter, Item) -> Void
  ) {
    text += opening
    indentation += 2
    for (index, item) in items.enumerated() {
      if index > 0 { text += "," }
      breakLine()
      writeItem(&self, item)
    }
    indentation -= 2
    if !items.isEmpty { breakLine() }
    text += closing
  }

  private mutating func breakLine() {
    guard layout == .pretty else { return }
    text += "\n" + String(repeating: " ", count: indentation)
  }
}

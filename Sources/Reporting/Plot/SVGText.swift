/// Pieces of an SVG document.
enum SVGText {
  /// A text on one line that can stand between tags and in an attribute.
  static func escaped(_ text: String) -> String { XMLText.escaped(text, whiteSpace: .spaces) }

  /// A coordinate in hundredths of a pixel, without needless zeros.
  static func number(_ value: Double) -> String {
    var text = NumberText.fixed(value, decimals: 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text.isEmpty || text == "-" ? "0" : text
  }

  /// An empty element with attributes in the order given.
  static func element(_ name: String, _ attributes: KeyValuePairs<String, String>) -> String {
    "<\(name)\(list(attributes))/>\n"
  }

  /// A text element; `markup` is escaped already.
  static func text(
    _ markup: String, x: Double, y: Double, _ attributes: KeyValuePairs<String, String> = [:]
  ) -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\"\(list(attributes))>\(markup)</text>\n"
  }

  private static func list(_ attributes: KeyValuePairs<String, String>) -> String {
    attributes.map { " \($0.key)=\"\($0.value)\"" }.joined()
  }
}

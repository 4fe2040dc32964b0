import Reporting
import Tensors

/// A computed tensor with the name that it has among others.
struct NamedTensor<Element: Scalar> {
  let name: String
  let tensor: Tensor<Element>
}

/// Computed tensors as they are printed: numbers alone, or in other formats a row for each.
enum ResultTable {
  /// Results with more elements are not printed.
  static let printedElements = 1000

  static let columns = [
    Column("index", header: "index", format: .text),
    Column("value", header: "value", format: .significant(6)),
  ]

  /// The columns for several results.
  static let namedColumns = [Column("result", header: "result", format: .text)] + columns

  /// Refuses what is too long to be printed.
  static func requirePrintable(_ elements: Int) throws(Failure) {
    guard elements > printedElements else { return }
    throw .usage(
      "the result has \(elements) elements, more than the \(printedElements) that are printed",
      hint: "give -o FILE")
  }

  /// Fills a report of `columns` with one result; with none if that is too long.
  static func fill<Element: Scalar>(
    _ report: inout Report, with result: Tensor<Element>, digits: Int?
  ) {
    guard result.count <= printedElements else { return }
    for cells in rows(result) { report.append(cells) }
    report.plainText = text(result, digits: digits)
  }

  /// Fills a report of `namedColumns` with several results, each under a line with its name.
  static func fill<Element: Scalar>(
    _ report: inout Report, with results: [NamedTensor<Element>], digits: Int?
  ) {
    guard results.reduce(0, { $0 + $1.tensor.count }) <= printedElements else { return }
    for result in results {
      for cells in rows(result.tensor) { report.append([.text(result.name)] + cells) }
    }
    report.plainText = results.map { "# \($0.name)\n" + text($0.tensor, digits: digits) }
      .joined(separator: "\n")
  }

  private static func rows<Element: Scalar>(_ result: Tensor<Element>) -> [[Cell]] {
    result.elements.enumerated().map { position, value in
      [.index(result.shape.index(ofPosition: position)), .number(Double(value))]
    }
  }

  /// The numbers alone: a line per row, a blank line between matrices; as many digits as read back
  /// the same, unless fewer are asked for.
  private static func text<Element: Scalar>(_ result: Tensor<Element>, digits: Int?) -> String {
    let width = max(1, result.shape.dimensions.last ?? 1)
    let height = result.shape.rank > 2 ? result.shape[result.shape.rank - 2] : Int.max
    var lines: [String] = []
    for start in stride(from: 0, to: result.count, by: width) {
      if start > 0, start / width % height == 0 { lines.append("") }
      lines.append(
        result.elements[start..<start + width].map { value in
          digits.map { NumberText.significant(Double(value), digits: min($0, 17)) } ?? "\(value)"
        }.joined(separator: " "))
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

import FileFormats
import JSONText
import Reporting

/// An earlier run's times, by the cells that name a row.
struct BenchComparison {
  private struct Time {
    let median, spread: Double
  }

  private let times: [String: Time]

  /// Reads the JSON of an earlier run of the same command.
  ///
  /// - Throws: `FormatError` for a file that is no such document.
  init(_ path: String, command: String, keys: [Column]) throws(FormatError) {
    let fields = try JSONFile.document(path).objectValue
    guard fields?["command"]?.stringValue == command else {
      throw FormatError(
        .badData,
        "this is not the JSON of \(command)", hint: "write one with --table base.json")
    }
    var times: [String: Time] = [:]
    for row in fields?["rows"]?.arrayValue ?? [] {
      // Rows that were not timed have no median.
      guard let row = row.objectValue, let median = row["median_s"]?.numberValue,
        let spread = row["iqr_s"]?.numberValue, median > 0
      else { continue }
      times[Self.identity(keys.map { row[$0.key] ?? .null })] = Time(median: median, spread: spread)
    }
    guard !times.isEmpty else { throw FormatError(.badData, "the document has no timed rows") }
    self.times = times
  }

  /// The change of a row's median, as a share; nil for a row that was not there.
  func change(of cells: [Cell], _ seconds: Statistics) -> Double? {
    times[Self.identity(cells)].map { seconds.median / $0.median - 1 }
  }

  /// The change of a row that is slower by more than a share and by more than both spreads.
  func regression(of cells: [Cell], _ seconds: Statistics, beyond share: Double) -> Double? {
    guard let old = times[Self.identity(cells)] else { return nil }
    let slower = seconds.median - old.median
    guard slower > share * old.median, slower > seconds.interquartileRange + old.spread else {
      return nil
    }
    return slower / old.median
  }

  /// The cells that name a row, in words.
  static func identity(_ cells: [Cell]) -> String {
    cells.compactMap { cell in
      switch cell {
      case .text(let text): text
      case .integer(let value): "\(value)"
      case .integers(let values), .index(let values): values.map(String.init).joined(separator: "x")
      case .number, .bool, .interval, .missing: nil
      }
    }.joined(separator: " ")
  }

  private static func identity(_ values: [JSONValue]) -> String {
    values.compactMap { value in
      switch value {
      case .string(let text): text
      case .integer(let value): "\(value)"
      case .array(let values):
        values.compactMap { $0.integerValue.map(String.init) }.joined(separator: "x")
      case .null, .bool, .number, .object: nil
      }
    }.joined(separator: " ")
  }
}

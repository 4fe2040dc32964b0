/// One column of a report.
public struct Column: Sendable, Equatable {
  /// The name in JSON, CSV and TSV: snake_case, and part of the program's contract.
  public var key: String
  /// The heading of the printed table, with the unit where there is one: `time (s)`.
  public var header: String
  /// How the printed table shows the values.
  public var format: NumberFormat

  /// A column by name, heading and format.
  public init(_ key: String, header: String, format: NumberFormat) {
    self.key = key
    self.header = header
    self.format = format
  }
}

/// How the printed table shows the numbers of a column. CSV, TSV and JSON always hold the values
/// in full precision.
///
/// `significant`, `fixed` and `percent` name the least precision: a column gets more digits where
/// its rows could not be told apart otherwise.
public enum NumberFormat: Sendable, Equatable {
  /// Words, aligned to the left. Every other format is aligned to the right.
  case text
  /// An integer as it is.
  case integer
  /// A large integer with thousands separators.
  case count
  /// At least so many significant digits, in scientific notation where plain digits would be silly.
  case significant(Int)
  /// An error or a spread, known to so many significant digits: no more are shown for rows that lie
  /// close together.
  case estimate(Int)
  /// At least so many digits after the point.
  case fixed(Int)
  /// A share from 0 to 1 as a percentage with at least so many digits after the point; the sign
  /// belongs into the header.
  case percent(Int)
  /// A number of bytes with thousands separators; the unit belongs into the header.
  case bytes
  /// A time in seconds to three significant digits. Noise is no difference: no more are shown for
  /// rows that lie close together.
  case seconds
}

public import JSONText

/// What a command found out: typed rows under named columns, and what they were computed from.
///
/// A command fills a report and never formats a number. `rendered(as:digits:)` turns the report
/// into one of the table formats.
public struct Report: Sendable {
  /// The linear-algebra library that did the work.
  public struct BLAS: Sendable, Equatable {
    /// The processor kernel in use, for example `SkylakeX`.
    public var core: String
    /// The version of the library.
    public var version: String

    /// A library by kernel and version.
    public init(core: String, version: String) {
      self.core = core
      self.version = version
    }
  }

  /// The subcommand, for example `svd-compress`.
  public var command: String
  /// The version of the program.
  public var version: String
  /// The seed of the random numbers, nil for a command without any.
  public var seed: Int?
  /// The number of threads, nil for a command that computes nothing.
  public var threads: Int?
  /// The precision, `f32` or `f64`.
  public var dtype: String?
  /// The linear-algebra library, nil for a command that calls none.
  public var blas: BLAS?
  /// The inputs as the user named them.
  public var inputs: [String]
  /// What the reader should know beside the table, one sentence each, without `note:`.
  public var notes: [String]
  /// What each cell of a row means.
  public let columns: [Column]
  /// The rows in table order; each has one cell per column.
  public private(set) var rows: [[Cell]]
  /// What the whole table says in words, one sentence each; printed before it, also under `-q`.
  public var lead: [String] = []
  /// What it all comes to in one line, printed last, also under `-q`.
  public var closing: String?
  /// What is printed in place of the table: numbers alone, for another program to read.
  public var plainText: String?
  /// Totals over all rows, in the JSON document: what `lead` says in words.
  public var summary: JSONObject?

  /// A report without rows. A column key that repeats traps.
  public init(
    command: String, version: String, seed: Int? = nil, threads: Int? = nil, dtype: String? = nil,
    blas: BLAS? = nil, inputs: [String] = [], notes: [String] = [], columns: [Column],
    summary: JSONObject? = nil
  ) {
    precondition(Set(columns.map(\.key)).count == columns.count, "a column key repeats")
    self.command = command
    self.version = version
    self.seed = seed
    self.threads = threads
    self.dtype = dtype
    self.blas = blas
    self.inputs = inputs
    self.notes = notes
    self.columns = columns
    self.rows = []
    self.summary = summary
  }

  /// Adds a row; a row that has not one cell per column traps.
  public mutating func append(_ row: [Cell]) {
    precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns")
    rows.append(row)
  }
}

import ArgumentParser
import FileFormats
import Reporting

/// How the table is printed, and where else it goes.
struct TableOptions: ParsableArguments {
  @Option(help: "How the table is printed.")
  var format: TableFormat = .table

  @Option(
    name: .customLong("table"),
    help: """
      Also write the table to this file; its suffix (.txt .md .csv .tsv .json) is the format. \
      May be repeated.
      """)
  var tables: [String] = []

  @Option(help: "Significant digits in printed tables (default: as many as tell the rows apart).")
  var digits: PositiveInteger?

  @Flag(name: .shortAndLong, help: "No notes, no warnings, no progress.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say what was chosen, and why.")
  var verbose = false

  @Flag(name: .customLong("no-color"), help: "No colour (NO_COLOR does the same).")
  var noColor = false

  /// The messages of a subcommand.
  func console(_ command: String) -> Console {
    Console(command: command, quiet: quiet, noColor: noColor)
  }

  /// Writes the outputs and the tables together, then prints the table.
  ///
  /// - Parameter outputs: the files of the command; with `-` among them the table goes to
  ///   standard error.
  func emit(
    _ report: Report, outputs: [OutputFile] = [], noClobber: Bool = false
  ) throws(Failure) {
    var report = report
    if quiet { report.notes = [] }
    var files = outputs
    for path in tables {
      guard let format = TableFormat(forPath: path) else {
        throw .usage("--table \(path): the suffix is not one of .txt .md .csv .tsv .json")
      }
      files.append(OutputFile(path, FileContent(text: text(report, as: format))))
    }
    do {
      // A single output's message does not name it.
      try OutputFile.write(files, noClobber: noClobber)
    } catch {
      throw .file(files.count == 1 ? OutputFile.name(of: files[0].path) : nil, error)
    }
    var text = text(report, as: format)
    if format == .table, console(report.command).colors(StandardOutput.isTerminal) {
      text = Self.emphasizingHeader(text, lead: report.lead.count)
    }
    if outputs.contains(where: \.isStandardOutput) {
      console(report.command).write(text)
      return
    }
    do {
      try StandardOutput.write(text)
    } catch {
      throw .file("standard output", error)
    }
  }

  /// The header, which follows the lead and a blank line, in bold for a terminal.
  private static func emphasizingHeader(_ text: String, lead: Int) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let header = lead == 0 ? 0 : lead + 1
    guard header < lines.count else { return text }
    lines[header] = "\u{1B}[1m\(lines[header])\u{1B}[m"
    return lines.joined(separator: "\n")
  }

  private func text(_ report: Report, as format: TableFormat) -> String {
    report.rendered(as: format, digits: digits.map { min($0.value, 17) })
      + report.renderedNotes(as: format)
  }

  /// Refuses wrong table paths before anything is computed.
  func validate() throws {
    for path in tables where TableFormat(forPath: path) == nil {
      throw ValidationError("--table \(path): the suffix is not one of .txt .md .csv .tsv .json")
    }
  }
}

import ArgumentParser
import Factorizations
import FileFormats
import Imaging
import Reporting
import Tensors

/// `linalg svd-expand`: factors back to a matrix or a picture.
struct SVDExpandCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "svd-expand",
    abstract: "Expand the factors that svd-compress wrote to a matrix or picture.",
    discussion: """
      Examples:
        linalg svd-expand W.factors.safetensors -o W.npy
        linalg svd-expand photo.safetensors --rank 20 -o photo.png
      """)

  @Argument(help: "A factor file written by svd-compress --factors.")
  var input: String

  @Option(help: ArgumentHelp("Use only the first k triples.", valueName: "k"))
  var rank: PositiveInteger?

  @OptionGroup var destination: DestinationOptions
  @Option(help: "The precision (default: the one the factors were computed in).")
  var dtype: Precision?
  @OptionGroup var limits: LimitOptions
  @OptionGroup var table: TableOptions

  static let columns = [
    Column("matrix", header: "matrix", format: .text),
    Column("shape", header: "shape", format: .integer),
    Column("rank", header: "rank", format: .integer),
    Column("stored_numbers", header: "numbers", format: .count),
    Column("largest_singular_value", header: "σ₁", format: .significant(5)),
    Column("smallest_singular_value", header: "σₖ", format: .significant(5)),
  ]

  func run() throws {
    _ = try limits.applyThreads()
    let budget = try limits.budget()
    let file = try load(budget)
    switch dtype ?? Precision(rawValue: file.metadata["dtype"] ?? "") ?? .f64 {
    case .f32: try expand(file, as: Float.self, budget)
    case .f64: try expand(file, as: Double.self, budget)
    }
  }

  private func load(_ budget: MemoryBudget) throws(Failure) -> SafetensorsFile {
    try Failure.naming(input) { () throws(FormatError) in
      let file = try LoadedFile.load(input, options: ReadOptions(budget: budget))
      guard file.format == .safetensors else {
        throw FormatError(
          .badData, "no factor file (found .\(file.format.rawValue), expected .safetensors)",
          hint: "svd-compress --factors writes one")
      }
      guard case .archive(let tensors) = file.content else {
        throw FormatError(.usage, "the whole factor file is needed, not one of its tensors")
      }
      return SafetensorsFile(tensors: tensors, metadata: file.metadata)
    }
  }

  private func expand<Element: Scalar>(
    _ file: SafetensorsFile, as type: Element.Type, _ budget: MemoryBudget
  ) throws(Failure) {
    var report = Report(
      command: "svd-expand", version: RootCommand.version, threads: BLAS.threads,
      dtype: Element.dtypeName,
      blas: Report.BLAS(core: BLAS.core, version: BLAS.version), inputs: [displayName(input)],
      columns: Self.columns)
    let (expansion, kept) = try Failure.naming(input) { () throws(FormatError) in
      let expansion = try FactorExpansion<Element>(file, budget: budget)
      return (expansion, try keptRank(of: expansion.rank))
    }
    let cut = expansion.decompositions.map { $0.truncated(to: kept) }
    for (index, factors) in cut.enumerated() { report.append(Self.row(index, factors)) }
    var outputs: [OutputFile] = []
    if let path = destination.output {
      outputs = try Failure.naming(OutputFile.name(of: path)) { () throws(FormatError) in
        [
          try expansion.subject.output(
            path, of: cut.map { $0.reconstructed() }, streamFormat: .npy, notes: &report.notes)
        ]
      }
    }
    try table.emit(report, outputs: outputs, noClobber: destination.noClobber)
  }

  private func keptRank(of stored: Int) throws(FormatError) -> Int {
    let kept = rank?.value ?? stored
    guard kept <= stored else {
      throw FormatError(.usage, "rank \(kept) exceeds the stored rank (\(stored))")
    }
    return kept
  }

  private static func row<Element: Scalar>(
    _ index: Int, _ factors: SingularValueDecomposition<Element>
  ) -> [Cell] {
    let s = factors.singularValues
    return [
      .text("c\(index)"), .integers([factors.u.rows, factors.vt.columns]), .integer(s.count),
      .integer(s.count * (factors.u.rows + factors.vt.columns + 1)),
      Cell(s.first.map { Double($0) }), Cell(s.last.map { Double($0) }),
    ]
  }
}

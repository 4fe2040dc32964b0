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
    let threads = try limits.applyThreads()
    let file = try load()
    switch dtype ?? Precision(rawValue: file.metadata["dtype"] ?? "") ?? .f64 {
    case .f32: try expand(file, as: Float.self, threads: threads)
    case .f64: try expand(file, as: Double.self, threads: threads)
    }
  }

  private func load() throws(Failure) -> SafetensorsFile {
    let budget = try limits.budget()
    return try Failure.naming(input) { () throws(FormatError) in
      let file = try LoadedFile.load(
        input, options: ReadOptions(format: .safetensors, budget: budget))
      guard case .archive(let tensors) = file.content else {
        throw FormatError(.usage, "the whole factor file is needed, not one of its tensors")
      }
      return SafetensorsFile(tensors: tensors, metadata: file.metadata)
    }
  }

  private func expand<Element: Scalar>(
    _ file: SafetensorsFile, as type: Element.Type, threads: Int
  ) throws(Failure) {
    var report = Report(
      command: "svd-expand", version: RootCommand.version, threads: threads,
      dtype: Element.dtypeName, inputs: [displayName(input)], columns: Self.columns)
    let outputs = try Failure.naming(input) { () throws(FormatError) in
      try expanded(FactorExpansion<Element>(file), &report)
    }
    try table.emit(report, outputs: outputs, noClobber: destination.noClobber)
  }

  private func expanded<Element: Scalar>(
    _ expansion: FactorExpansion<Element>, _ report: inout Report
  ) throws(FormatError) -> [OutputFile] {
    let kept = rank?.value ?? expansion.rank
    guard kept <= expansion.rank else {
      throw FormatError(.usage, "rank \(kept) exceeds the \(expansion.rank) stored triples")
    }
    let cut = expansion.decompositions.map { $0.truncated(to: kept) }
    for (index, factors) in cut.enumerated() { report.append(Self.row(index, factors)) }
    guard let path = destination.output else { return [] }
    return [
      try PictureOrMatrix.output(
        path, expansion.subject, cut.map { $0.reconstructed() }, streamFormat: .npy,
        notes: &report.notes)
    ]
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

import ArgumentParser
import Factorizations
import FileFormats
import JSONText
import Reporting
import Tensors

/// `linalg svd`: the decomposition of a matrix and what its singular values say.
struct SVDCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "svd",
    abstract: "Print the singular values of a matrix; write U, s and Vt.",
    discussion: """
      Examples:
        linalg svd A.npy
        linalg svd A.npy --full -o factors.npz

      Beside each value: the share of Σs² up to it and the relative error of stopping there.
      """)

  @Argument(help: "A matrix: .npy .npz .csv .tsv .txt .mtx .safetensors, or a gray picture.")
  var input: String

  @Flag(help: "All m left and n right vectors instead of min(m, n).")
  var full = false

  @Option(help: ArgumentHelp("How many singular values to print (default 10).", valueName: "n"))
  var values: PositiveInteger?

  @Option(help: ArgumentHelp("Draw the singular values to this SVG file.", valueName: "file"))
  var plot: String?

  @OptionGroup var destination: DestinationOptions
  @OptionGroup var arithmetic: ArithmeticOptions
  @OptionGroup var verification: VerificationOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var table: TableOptions

  static let columns = [
    Column("index", header: "i", format: .integer),
    Column("singular_value", header: "σᵢ", format: .significant(6)),
    Column("energy", header: "energy (%)", format: .percent(2)),
    Column("relative_error", header: "rel. error", format: .significant(4)),
  ]

  func validate() throws { try SuffixCheck.validate("--plot", plot, suffix: "svg") }

  func run() throws {
    let console = table.console("svd")
    _ = try arithmetic.limits.applyThreads()
    let budget = try arithmetic.limits.budget()
    let file = try reading.load(input, budget: budget, console: console)
    let matrix = try Failure.naming(input) { () throws(FormatError) in try file.matrix() }
    switch arithmetic.precision(for: matrix.dtype) {
    case .f32: try decompose(matrix.tensor(as: Float.self), budget, console)
    case .f64: try decompose(matrix.tensor(as: Double.self), budget, console)
    }
  }

  private func decompose<Element: Scalar>(
    _ a: Tensor<Element>, _ budget: MemoryBudget, _ console: Console
  ) throws(Failure) {
    var report = arithmetic.report(
      "svd", inputs: [displayName(input)],
      precision: Element.self == Float.self ? .f32 : .f64, columns: Self.columns)
    var outputs: [OutputFile] = []
    let singularValues: [Element]
    // Vectors cost several times the values: only when something asks for them.
    if destination.output != nil || full || verification.verify {
      let svd = try Failure.numerics(input) { () throws(NumericalError) in
        let svd = try a.singularValueDecomposition(vectors: full ? .full : .thin, budget: budget)
        if verification.verify {
          report.notes.append(try Verification.note(a.lapackTestRatios(of: svd)))
        }
        return svd
      }
      if svd.usedFallback { console.warn("gesdd did not converge; gesvd gave the result") }
      singularValues = svd.singularValues
      if let path = destination.output {
        let file = try Failure.naming(OutputFile.name(of: path)) { () throws(FormatError) in
          try factors(path, svd)
        }
        outputs.append(file)
      }
    } else {
      singularValues = try Failure.numerics(input) { () throws(NumericalError) in
        try a.singularValues(budget: budget)
      }
    }
    let spectrum = Spectrum(singularValues)
    fill(&report, spectrum, a)
    if let plot {
      outputs.append(OutputFile(plot, FileContent(text: drawing(spectrum).svg())))
    }
    try table.emit(report, outputs: outputs, noClobber: destination.noClobber)
  }

  private func fill<Element: Scalar>(
    _ report: inout Report, _ spectrum: Spectrum, _ a: Tensor<Element>
  ) {
    for index in 0..<min(values?.value ?? 10, spectrum.values.count) {
      report.append([
        .integer(index + 1), .number(spectrum.values[index]),
        .number(spectrum.energy(rank: index + 1)), .number(spectrum.relativeError(rank: index + 1)),
      ])
    }
    let rank = spectrum.numericalRank(
      rows: a.rows, columns: a.columns, epsilon: Double(Element.epsilon))
    let energies = [0.9, 0.95, 0.99, 0.999].map { spectrum.rank(energy: $0) }
    let condition = spectrum.conditionNumber
    report.summary = [
      "shape": .array(a.shape.dimensions.map { .integer($0) }),
      "numerical_rank": .integer(rank), "condition_number": .number(condition),
      "frobenius_norm": .number(spectrum.frobeniusNorm),
      "largest_singular_value": .number(spectrum.values.first ?? 0),
      "smallest_singular_value": .number(spectrum.values.last ?? 0),
      "rank_90": .integer(energies[0]), "rank_95": .integer(energies[1]),
      "rank_99": .integer(energies[2]), "rank_99_9": .integer(energies[3]),
    ]
    report.lead = [
      "\(a.shape) \(Element.dtypeName), numerical rank \(rank), "
        + "κ₂ = \(NumberText.significant(condition, digits: 10)), "
        + "σ₁ = \(NumberText.significant(spectrum.values.first ?? 0, digits: 10)), "
        + "‖A‖_F = \(NumberText.significant(spectrum.frobeniusNorm, digits: 10))",
      "rank for 90 / 95 / 99 / 99.9 % energy: "
        + energies.map(String.init).joined(separator: " / "),
    ]
  }

  private func factors<Element: Scalar>(
    _ path: String, _ svd: SingularValueDecomposition<Element>
  ) throws(FormatError) -> OutputFile {
    let s = Tensor([svd.singularValues.count], svd.singularValues)
    return try OutputFile(
      path,
      [
        NamedArray("U", StoredArray(svd.u)), NamedArray("s", StoredArray(s)),
        NamedArray("Vt", StoredArray(svd.vt)),
      ], format: FileFormat.forWriting(path, toStream: .npz))
  }

  private func drawing(_ spectrum: Spectrum) -> Plot {
    Plot(
      title: "Singular values of \(displayName(input))", xAxis: Plot.Axis("index"),
      yAxis: Plot.Axis("singular value", scale: .logarithmic),
      series: [Plot.Series("singular values", values: spectrum.values)])
  }
}

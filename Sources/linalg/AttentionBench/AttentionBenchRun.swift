import FileFormats
import JSONText
import Networks
import Reporting
import Tensors

/// One run of `attention-bench` in one precision.
struct AttentionBenchRun<Element: Scalar> {
  private let arguments: AttentionBenchCommand
  private let files: AttentionFiles?
  private let console: Console

  init(_ arguments: AttentionBenchCommand, _ files: AttentionFiles?, _ console: Console) {
    (self.arguments, self.files, self.console) = (arguments, files, console)
  }

  /// Attentions of one size, and the passes through them.
  private struct Group {
    let subject: AttentionSubject<Element>
    let pass: AttentionPass
  }

  private var variants: [AttentionVariant] { arguments.chosenVariants }

  func execute() throws(Failure) {
    try arguments.bench.requireTimed(variants.map(\.name))
    let comparison = try arguments.bench.comparison("attention-bench", keys: AttentionTable.keys)
    let groups = try self.groups()
    var table = BenchTable(
      options: arguments.bench, keys: AttentionTable.keys,
      remarks: AttentionTable.remarks(
        decodes: groups.contains { $0.pass == .decode },
        approximates: variants.contains { $0.rank != nil }),
      baseline: (variants.contains(.naive) ? .naive : variants[0]).name,
      productRate: BLAS.productRate(Element.self, clock: Stopwatch.now))
    let progress = Progress(
      "timing", steps: groups.count * variants.count * BenchTable.steps(arguments.bench),
      unit: "runs", console: console)
    var output: Tensor<Element>?
    var refusal: String?
    for group in groups {
      let rows = variants.map { AttentionRow($0, group.pass, group.subject, table.remarks) }
      table.time(rows.map(\.item), progress: progress)
      output = rows[0].output
      // A wrong result is not written.
      refusal = table.groups.last?[0].outcome.remark
      group.subject.release()
    }
    progress.finish()
    var report = arguments.bench.report(
      table, comparison, command: "attention-bench", inputs: files?.names ?? [],
      arithmetic: arguments.arithmetic, precision: Element.self == Float.self ? .f32 : .f64)
    let growth = AttentionGrowth(table)
    report.lead += growth.sentences
    report.summary?.append("growth", growth.json)
    try arguments.bench.emit(
      report, of: table, comparison, output: arguments.table,
      files: try outputs(refusal == nil ? output : nil, growth),
      noClobber: arguments.destination.noClobber)
    if let refusal, arguments.destination.output != nil {
      throw .unmet(["the output is not written: \(refusal)"])
    }
  }

  /// What is timed side by side: every length, pass and kind of causality.
  private func groups() throws(Failure) -> [Group] {
    let memory = try arguments.arithmetic.limits.budget().limit
    let seed = arguments.arithmetic.seed?.value ?? 0
    let passes = arguments.passes?.values ?? [.forward]
    let causal = (arguments.causal ?? .no).values
    var groups: [Group] = []
    if let files {
      let operands: [Tensor<Element>] = try files.operands()
      for isCausal in causal {
        let subject = try files.naming { () throws(NumericalError) in
          try AttentionSubject(
            operands[0], operands[1], operands[2], isCausal: isCausal, seed: seed, memory: memory)
        }
        groups += passes.map { Group(subject: subject, pass: $0) }
      }
      return groups
    }
    func subject(_ queries: Int, _ keys: Int, _ isCausal: Bool) -> AttentionSubject<Element> {
      AttentionSubject(
        AttentionSubject.Sizes(
          batch: arguments.batch?.value ?? 1, heads: arguments.headCount, queries: queries,
          keys: keys, width: arguments.dim?.value ?? 64),
        isCausal: isCausal, seed: seed, memory: memory)
    }
    for pass in passes {
      if pass == .decode {
        // The one query is the last: it sees all keys.
        groups += (arguments.cache?.sizes ?? [1024, 4096, 16384]).map {
          Group(subject: subject(1, $0, false), pass: pass)
        }
        continue
      }
      for length in arguments.seq?.sizes ?? [256, 512, 1024, 2048] {
        groups += causal.map { Group(subject: subject(length, length, $0), pass: pass) }
      }
    }
    return groups
  }

  private func outputs(
    _ output: Tensor<Element>?, _ growth: AttentionGrowth
  ) throws(Failure) -> [OutputFile] {
    var outputs: [OutputFile] = []
    if let path = arguments.destination.output, let output, let files {
      outputs.append(
        try Failure.naming(OutputFile.name(of: path)) { () throws(FormatError) in
          try OutputFile(
            path, StoredArray(files.arranged(output)),
            format: FileFormat.forWriting(path, toStream: .npy))
        })
    }
    if let path = arguments.plot {
      outputs.append(OutputFile(path, FileContent(text: Plot.svg(growth.plots))))
    }
    return outputs
  }
}

import FileFormats
import Glibc
import Reporting
import Tensors

/// `benchmarks`: runs the table of workloads and writes what it measured.
@main
struct Entry {
  static func main() {
    // As in the command.
    LargeBuffers.keepFreed()
    do throws(BenchError) {
      exit(try run(Array(CommandLine.arguments.dropFirst())))
    } catch {
      complain("benchmarks: " + error.message)
      exit(error.exitStatus)
    }
  }

  /// The version of what is measured, as `RootCommand.version` has it.
  private static let version = "0.1.0"

  private static func run(_ arguments: [String]) throws(BenchError) -> Int32 {
    let options = try BenchOptions(arguments)
    switch options.mode {
    case .help:
      try show(BenchOptions.usage)
    case .launcher:
      ProgramLauncher.serve()
    case .scaling:
      BLAS.setThreads(options.threads)
      let report = try ScalingRun(runs: options.runs, threads: options.threads)
        .report(version: version)
      try show(report, options.format)
    case .table:
      return try runTable(options)
    }
    return 0
  }

  /// Runs the workloads; 1 when a result was wrong or a contestant of ours failed.
  private static func runTable(_ options: BenchOptions) throws(BenchError) -> Int32 {
    let workloads = workloadTable.filter { $0.name.hasPrefix(options.only) }
    guard !workloads.isEmpty else {
      throw .usage("--only \(options.only): no workload begins so")
    }
    BLAS.setThreads(options.threads)
    let environment = threadVariables(options.threads)
    let peers = try options.python.map { (python) throws(BenchError) in
      try PeerProcess(
        python: python, script: options.peers + "/peer.py", environment: environment)
    }
    let context = BenchContext(
      files: try TemporaryFiles(), launcher: try ProgramLauncher(environment: environment),
      peers: peers, options: options)
    let machine = try Machine(peers: peers)
    let results = try results(of: workloads, in: context)

    try show(
      ResultTable.report(results, version: version, threads: options.threads), options.format)
    if let path = options.output {
      let page = BenchmarkPage(
        machine: machine, options: options, results: results, version: version)
      try onFile(path) { () throws(FormatError) in
        try OutputFile.write([OutputFile(path, FileContent(text: page.text))])
      }
    }
    return results.allSatisfy { $0.ours.remark == nil } ? 0 : 1
  }

  private static func results(
    of workloads: [any Workload], in context: BenchContext
  ) throws(BenchError) -> [WorkloadResult] {
    let runner = ContestRunner(context: context, runs: context.options.runs)
    var rates: [String: Double] = [:]
    var results: [WorkloadResult] = []
    for workload in workloads {
      complain(workload.name)
      var result = runner.result(of: workload)
      if let dtype = workload.dtype, workload.operations != nil {
        let rate =
          rates[dtype]
          ?? (dtype == Float.dtypeName
            ? BLAS.productRate(Float.self, clock: Stopwatch.now)
            : BLAS.productRate(Double.self, clock: Stopwatch.now))
        rates[dtype] = rate
        result.productRate = rate
      }
      results.append(result)
      try context.peers?.release()
      context.files.removeFiles()
    }
    return results
  }

  /// The variables by which OpenBLAS, OpenMP and MKL learn their number of threads.
  private static func threadVariables(_ threads: Int) -> [String: String] {
    let names = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "LINALG_THREADS"]
    return Dictionary(uniqueKeysWithValues: names.map { ($0, String(threads)) })
  }

  private static func show(_ report: Report, _ format: TableFormat) throws(BenchError) {
    try show(report.rendered(as: format, digits: 3) + report.renderedNotes(as: format))
  }

  private static func show(_ text: String) throws(BenchError) {
    try onFile("standard output") { () throws(FormatError) in try StandardOutput.write(text) }
  }

  /// Writes a line to standard error; when that fails there is nobody left to tell.
  private static func complain(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }
}

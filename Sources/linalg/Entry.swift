import ArgumentParser
import FileFormats
import Glibc
import Tensors

/// The program: parses the arguments, runs one subcommand and turns whatever happens into an
/// exit status and at most a line or two on standard error.
@main
struct Entry {
  static func main() {
    // A limit on the size of files (ulimit -f) shall fail the write, not end the program with its
    // temporary file left behind.
    signal(SIGXFSZ, SIG_IGN)
    LargeBuffers.keepFreed()
    occupyStandardDescriptors()
    exit(run(escaped(Array(CommandLine.arguments.dropFirst()))).rawValue)
  }

  /// The arguments as the argument parser shall see them: subscripts without operand labels, `->`, and
  /// expressions that begin with a minus, `-x * y`, are no options; a space before them changes
  /// nothing.
  private static func escaped(_ arguments: [String]) -> [String] {
    let isEval = arguments.first == "eval"
    return arguments.map { argument in
      let isExpression =
        isEval && argument.hasPrefix("-") && !argument.hasPrefix("--")
        && argument.contains { "*/@+.([ ".contains($0) } && !argument.contains("=")
        && !argument.hasPrefix("-o")
      return argument.hasPrefix("->") || isExpression ? " " + argument : argument
    }
  }

  /// A standard stream that the caller closed would be the first file that is opened: its
  /// descriptor is taken, in a mode in which using it fails as if it were closed.
  private static func occupyStandardDescriptors() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  private static func run(_ arguments: [String]) -> ExitStatus {
    // What goes before the first parse has no subcommand to be named after.
    let named = RootCommand.configuration.subcommands.map { $0.configuration.commandName ?? "" }
    let name = arguments.first.flatMap { named.contains($0) ? $0 : nil }
    let console = Console(command: name)
    do {
      try checkSubcommand(arguments, of: named)
      try RepeatedOptions.check(arguments)
      var command = try RootCommand.parseAsRoot(arguments)
      guard !(command is RootCommand) else {
        throw Failure.usage("no subcommand given", hint: "see linalg --help")
      }
      try command.run()
      try StandardOutput.finish()
      return .done
    } catch let failure as Failure {
      return report(failure, on: console)
    } catch let error as FormatError {
      return report(.file("standard output", error), on: console)
    } catch {
      return reportParsing(error, on: console)
    }
  }

  /// A first word, or one behind `help`, that names no subcommand; the argument parser would call
  /// it unexpected, or answer with the general help.
  private static func checkSubcommand(
    _ arguments: [String], of names: [String]
  ) throws(Failure) {
    let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
    guard let word = words.first, !word.hasPrefix("-"), !names.contains(word) else { return }
    throw .usage(
      "'\(word)' is no subcommand (known: \(names.joined(separator: ", ")))",
      hint: "see linalg --help")
  }

  private static func report(_ failure: Failure, on console: Console) -> ExitStatus {
    for message in failure.messages { console.complain(message) }
    return ExitStatus(failure)
  }

  /// What the argument parser throws: a request for help, or arguments it does not accept.
  private static func reportParsing(_ error: any Error, on console: Console) -> ExitStatus {
    let code = RootCommand.exitCode(for: error)
    if code == .success {
      do {
        try StandardOutput.write(RootCommand.fullMessage(for: error) + "\n")
        try StandardOutput.finish()
        return .done
      } catch {
        return report(.file("standard output", error), on: console)
      }
    }
    guard code == .validationFailure else {
      console.complain("internal error: \(error)")
      return .internalError
    }
    let lines = RootCommand.message(for: error).split(separator: "\n")
    let sentence = lines.joined(separator: " ")
    console.complain(
      (sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence)
        + "; see linalg \(console.command.map { $0 + " " } ?? "")--help")
    return .usage
  }
}

/// `linalg` itself.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "linalg",
    abstract: "Linear-algebra experiments on matrix and picture files.",
    discussion: """
      Examples:
        linalg svd-compress photo.png --rank 50 -o small.png
        linalg svd A.npy -o factors.npz

      Exit status: 0 done, 1 a check failed, 3 numerical failure, 64 usage, 65 bad data, \
      66 no such input, 69 a program is missing, 70 internal error, 71 resource limit, \
      73 cannot create the output, 74 input/output error, 77 no permission.
      """,
    version: version,
    subcommands: [
      SVDCompressCommand.self, SVDExpandCommand.self, SVDCommand.self, DenoiseCommand.self,
      EinsumCommand.self, EvalCommand.self, GradcheckCommand.self, ConvBenchCommand.self,
      RNNBenchCommand.self, AttentionBenchCommand.self, TrainMLPCommand.self, InfoCommand.self,
      ConvertCommand.self,
    ])

  /// The version that `--version` and JSON documents name.
  static let version = "0.1.0"
}

import ArgumentParser

/// Where the result goes.
struct DestinationOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: "The file to write; - is standard output, the suffix the format.")
  var output: String?

  @Flag(name: .customLong("no-clobber"), help: "Refuse to replace an existing file.")
  var noClobber = false
}

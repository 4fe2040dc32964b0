import TestSupport
import Testing

@testable import linalg

/// What the program says about itself.
@Suite("Help")
struct HelpTests {
  private let command: CommandFolder

  init() throws { command = try CommandFolder() }

  @Test("the tests know every subcommand")
  func subcommands() {
    let names = RootCommand.configuration.subcommands.map { $0.configuration.commandName ?? "" }
    #expect(names == CommandFolder.subcommands)
  }

  @Test("one line, then two real examples", arguments: CommandFolder.subcommands)
  func opening(name: String) throws {
    let help = try command.succeed("\(name) --help")
    #expect(help.error.isEmpty)
    let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("OVERVIEW: ") && lines[0].hasSuffix("."), "\(lines[0])")
    #expect(lines[1].isEmpty && lines[2] == "Examples:", "\(lines[..<4])")
    for line in lines[3...4] { #expect(line.hasPrefix("  linalg \(name) "), "\(line)") }
    #expect(try command.succeed("help \(name)").output == help.output)
    #expect(try command.succeed("\(name) -h").output == help.output)
  }

  @Test("every option and argument is explained", arguments: CommandFolder.subcommands)
  func options(name: String) throws {
    let help = try command.succeed("\(name) --help").output
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let isEntry = line.hasPrefix("  -") || line.hasPrefix("  <")
      guard isEntry else { continue }
      // The explanation stands in column 27, or there on the next line.
      let next = lines[index + 1]
      let text = line.count > 26 && line.dropFirst(25).first == " " ? line.dropFirst(26) : ""
      let isExplained = !text.isEmpty || next.hasPrefix(String(repeating: " ", count: 26))
      #expect(isExplained, "\(name): \(line)")
      #expect(line.count <= 80)
    }
  }

  @Test("the program itself")
  func root() throws {
    let help = try command.succeed("--help").output
    for name in CommandFolder.subcommands { #expect(help.contains("\n  \(name) "), "\(name)") }
    #expect(help.contains("Exit status"))
    #expect(try command.succeed("help").output == help)
    #expect(try command.succeed("-h").output == help)
    #expect(try command.succeed("--version").output == "\(RootCommand.version)\n")
  }

  @Test("the words of the documented examples parse", arguments: CommandFolder.subcommands)
  func examples(name: String) throws {
    let help = try command.succeed("\(name) --help").output
    let examples = help.split(separator: "\n").filter { $0.hasPrefix("  linalg \(name) ") }
    #expect(examples.count == 2)
    for example in examples {
      // The files are not here: everything else must be accepted. A program that does not find its
      // own ends too early, or is missing itself.
      let statuses = example.contains(" -- ") ? [65, 69] : [66]
      // A bench needs no file, but one that it is to be compared with.
      let missing = name.hasSuffix("-bench") ? ["--compare", "missing.json"] : []
      let result = try command.run(Array(words(example).dropFirst()) + missing)
      #expect(statuses.contains(result.status), "\(example): \(result.error)")
    }
  }

  /// The words that a shell makes of a line with single quotes.
  private func words(_ line: Substring) -> [String] {
    var words = [""]
    var isQuoted = false
    for character in line {
      if character == "'" {
        isQuoted.toggle()
      } else if character == " ", !isQuoted {
        words.append("")
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words.filter { !$0.isEmpty }
  }
}

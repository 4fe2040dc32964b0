import Glibc
import TestSupport
import Testing

/// Every public subcommand has its page and its example.
@Suite("Documentation")
struct DocumentationTests {
  @Test("docs/NAME.md opens with the command and shows it", arguments: CommandFolder.subcommands)
  func page(name: String) throws {
    let page = String(
      decoding: try PackageFiles.read(PackageFiles.path("docs/\(name).md")), as: UTF8.self)
    #expect(page.hasPrefix("# linalg \(name)\n") || page.hasPrefix("# \(name)\n"))
    #expect(page.contains("$ linalg \(name) "), "a session")
  }

  @Test("every option of --help stands on the page", arguments: CommandFolder.subcommands)
  func options(name: String) throws {
    let page = String(
      decoding: try PackageFiles.read(PackageFiles.path("docs/\(name).md")), as: UTF8.self)
    let help = try CommandFolder().succeed("\(name) --help").output
    let lines = help.split(separator: "\n").filter { $0.hasPrefix("  -") }
    #expect(lines.count > 3)
    for line in lines {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "," })
      let option = words.first { $0.hasPrefix("--") } ?? ""
      guard option != "--help", option != "--version" else { continue }
      #expect(page.contains(option), "\(option) is missing in docs/\(name).md")
    }
  }

  @Test("examples/NAME has a Makefile", arguments: CommandFolder.subcommands)
  func example(name: String) {
    #expect(access(PackageFiles.path("examples/\(name)/Makefile"), R_OK) == 0)
  }
}

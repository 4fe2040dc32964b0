import Glibc
import TestSupport
import Testing

/// Outputs that cannot be written, and what stays behind.
@Suite("Outputs that fail")
struct OutputTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.folder.write("4,0\n3,-5\n0,3\n", to: "a.csv")
    try command.succeed("svd-compress a.csv --rank 1 --factors f.safetensors")
  }

  /// Every command that writes a file, with `OUT` for its path.
  private static let writers = [
    "svd-compress a.csv --rank 1 -o OUT.csv",
    "svd-compress a.csv --rank 1 --factors OUT.safetensors",
    "svd-compress a.csv --plot OUT.svg", "svd-compress a.csv --table OUT.md",
    "svd-expand f.safetensors -o OUT.npy", "svd a.csv -o OUT.npz", "svd a.csv --plot OUT.svg",
    "info a.csv --table OUT.json", "convert a.csv OUT.npy", "denoise a.csv --sigma 1 -o OUT.csv",
    "denoise a.csv --sigma 1 --residual OUT.npy",
    "denoise a.csv --sigma 1 --add-noise 1 --noisy OUT.npy",
    "einsum ij->ji a.csv -o OUT.npz", "einsum ij,ik a.csv a.csv --explain --table OUT.csv",
    "denoise a.csv --sigma 1 --block 2 --rank-map OUT.npy",
    "denoise a.csv --sigma 1 --plot OUT.svg",
  ]

  private static func line(_ writer: String, _ path: String) -> String {
    let word = writer.split(separator: " ").first { $0.hasPrefix("OUT") } ?? ""
    return writer.split(separator: " ").map { $0 == word ? path + word.dropFirst(3) : String($0) }
      .joined(separator: " ")
  }

  @Test("a folder that is not there", arguments: writers)
  func missingFolder(writer: String) throws {
    try command.expectRefusal(
      Self.line(writer, "no/x"), status: 73, "no/x", "cannot write the output")
  }

  @Test("a path through a file", arguments: writers)
  func throughFile(writer: String) throws {
    try command.expectRefusal(Self.line(writer, "a.csv/x"), status: 73, "a.csv/x")
  }

  @Test("--no-clobber keeps what is there")
  func noClobber() throws {
    for (index, writer) in Self.writers.enumerated() where !writer.hasPrefix("info") {
      let line = Self.line(writer, "made\(index)") + " --no-clobber"
      try command.succeed(line)
      try command.expectRefusal(line, status: 73, "made", "exists", "--no-clobber")
    }
  }

  @Test("a folder in the place of the output")
  func directory() throws {
    mkdir(command.folder.path("d.npy"), 0o755)
    try command.expectRefusal("convert a.csv d.npy", status: 73, "d.npy", "directory")
  }

  @Test("the disk is full")
  func fullDisk() throws {
    for line in [
      "svd-compress a.csv --rank 1 -o /dev/full", "svd-expand f.safetensors -o /dev/full",
      "svd a.csv -o /dev/full", "convert a.csv /dev/full --output-format npy",
      "denoise a.csv --sigma 1 -o /dev/full", "denoise a.csv --sigma 1 --residual /dev/full",
    ] {
      try command.expectRefusal(line, status: 74, "/dev/full: writing failed")
    }
    symlink("/dev/full", command.folder.path("full.png"))
    try command.expectRefusal(
      "svd-compress a.csv --rank 1 -o x.csv --plot full.svg --table full.png", status: 64, ".json")
    symlink("/dev/full", command.folder.path("full.md"))
    try command.expectRefusal(
      "svd-compress a.csv --rank 1 -o x.csv --table full.md", status: 74, "full.md")
  }

  private static let printers = [
    "svd-compress a.csv", "svd-expand f.safetensors", "svd a.csv --format json", "info a.csv",
    "convert a.csv - --output-format csv", "svd-compress a.csv --rank 1 -o -", "--help",
    "svd --help", "--version", "denoise a.csv --sigma 1 --format csv",
    "denoise a.csv --sigma 1 -o -",
  ]

  @Test("standard output is full or closed", arguments: printers)
  func standardOutput(line: String) throws {
    let words = line.split(separator: " ")
    for output: BinaryRunner.Output in [.file("/dev/full"), .closed] {
      let result = try command.run(line, output: output)
      #expect(result.status == 74, "\(line): \(result.error)")
      #expect(result.error.contains("standard output: writing failed"), "\(words)")
    }
    #expect(command.folder.list() == ["a.csv", "f.safetensors"])
  }

  @Test("a full standard output leaves no file behind")
  func tableFirst() throws {
    let result = try command.run(
      "svd-compress a.csv --rank 1 -o - --table t.csv", output: .file("/dev/full"))
    #expect(result.status == 74)
    #expect(command.folder.list() == ["a.csv", "f.safetensors"])
  }

  @Test("of several outputs none is written when one fails")
  func allOrNothing() throws {
    let line = "svd-compress a.csv --rank 1 -o x.csv --factors g.safetensors --plot p.svg"
    try command.folder.write("old", to: "x.csv")
    try command.expectRefusal(line + " --table no/t.csv", status: 73, "no/t.csv: ")
    try command.expectRefusal(line + " --no-clobber", status: 73, "x.csv: ", "exists")
    try command.succeed(line)
    #expect(
      command.folder.list() == ["a.csv", "f.safetensors", "g.safetensors", "p.svg", "x.csv"])
  }

  @Test("a file that grows beyond the limit: no output is placed, no temporary stays")
  func fileSizeLimit() throws {
    try command.copyGaussian()
    try command.folder.write("old", to: "b.png")
    let before = try command.contents()
    // The small picture is finished before the large factors fail.
    let result = try command.shell(
      "ulimit -f 20; \"$LINALG\" svd-compress g.npy --rank 60 -o b.png --factors f.safetensors")
    command.expectFailure(
      result, of: "svd-compress", status: 74, ["f.safetensors: writing failed"])
    #expect(result.output.isEmpty)
    #expect(try command.contents() == before)
  }

  @Test("a reader that goes away ends the program by SIGPIPE")
  func brokenPipe() throws {
    // The reader closes its end before it lets the program start.
    let result = try command.shell(
      """
      mkfifo gate
      { cat gate; "$LINALG" svd a.csv; echo $? > status; } | { exec <&-; echo > gate; }
      """)
    #expect(result.error.isEmpty)
    #expect(try command.folder.read("status") == Array("141\n".utf8))
  }

  @Test("an existing target keeps its mode, a link stays a link")
  func modesAndLinks() throws {
    let target = try command.folder.write("old", to: "target.csv")
    chmod(target, 0o640)
    symlink("target.csv", command.folder.path("link.csv"))
    try command.succeed("svd-compress a.csv --rank 1 -o link.csv")
    var status = stat()
    #expect(lstat(target, &status) == 0 && status.st_mode & 0o7777 == 0o640)
    #expect(lstat(command.folder.path("link.csv"), &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
    #expect(try command.folder.read("target.csv").count > 10)
  }

  @Test("/dev/stdout is standard output: nothing is overwritten, nothing mixed")
  func deviceOfStandardOutput() throws {
    let result = try command.shell(
      "{ echo before; \"$LINALG\" svd-compress a.csv --rank 1 -o /dev/stdout 2> t; } > all; cat all"
    )
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 4 && lines[0] == "before", "\(result.output)")
    #expect(try command.folder.read("t").starts(with: Array("rank  method".utf8)))
  }

  @Test(
    "binary is refused on a terminal", .enabled(if: access("/usr/bin/script", X_OK) == 0),
    arguments: ["svd a.csv -o -", "convert a.csv - --output-format npy"])
  func terminal(line: String) throws {
    let result = try command.shell("script -qec '\"$LINALG\" \(line)' /dev/null")
    #expect(result.status == 64)
    #expect(result.output.contains("binary output on a terminal is refused"), "\(result.output)")
  }

  @Test("a FIFO is written straight")
  func fifo() throws {
    let result = try command.shell(
      "mkfifo pipe.csv; \"$LINALG\" svd-compress a.csv --rank 1 -q -o pipe.csv > t & cat pipe.csv; wait"
    )
    #expect(result.output.split(separator: "\n").count == 3, "\(result.error)")
  }
}

import TestSupport
import Testing

/// What the user typed is wrong: status 64, before anything is computed.
@Suite("Usage errors")
struct UsageTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.folder.write("4,0\n3,-5\n0,3\n", to: "a.csv")
    try command.writePicture(to: "p.png")
  }

  @Test(
    "arguments that the program does not take",
    arguments: [
      ("", "no subcommand"), ("frobnicate a.csv", "'frobnicate'"), ("--frobnicate", "--frobnicate"),
      ("a.csv svd", "'a.csv'"), ("svd", "<input>"), ("svd-compress", "<input>"),
      ("info", "<inputs>"), ("convert a.csv", "<output>"), ("svd-expand", "<input>"),
      ("help frobnicate", "'frobnicate'"),
      ("svd a.csv b.csv", "b.csv"), ("svd a.csv --frobnicate", "--frobnicate"),
      ("svd a.csv -x", "-x"), ("svd a.csv --value 3", "--values"),
      ("svd-compress a.csv --rank", "--rank"), ("svd-compress a.csv -o", "-o"),
      ("svd a.csv --quiet=yes", "--quiet"),
    ])
  func arguments(line: String, words: String) throws {
    try command.expectRefusal(line, status: 64, words)
  }

  @Test(
    "an option given twice",
    arguments: [
      ("svd-compress a.csv --rank 1 --rank 1", "--rank is given twice"),
      ("svd-compress a.csv --rank=1 --rank 2", "--rank is given twice"),
      ("svd-compress a.csv --rank 1 -o x.csv --output y.csv", "--output is given twice"),
      ("svd-compress a.csv --rank 1 -o x.csv -o y.csv", "-o is given twice"),
      ("svd-compress a.csv --rank 1 -o=x.csv --output=y.csv", "--output is given twice"),
      ("svd-compress a.csv --rank 1 -ox.csv -oy.csv", "-o is given twice"),
      ("svd a.csv -q --quiet", "--quiet is given twice"),
      ("svd a.csv -qv -q", "-q is given twice"),
      ("svd a.csv --format csv --format json", "--format is given twice"),
      ("info a.csv --header no --header no", "--header is given twice"),
      ("convert a.csv b.npy --no-clobber --no-clobber", "--no-clobber is given twice"),
    ])
  func twice(line: String, words: String) throws {
    try command.expectRefusal(line, status: 64, words)
  }

  @Test("what looks like an option twice but is a value, or repeats by right")
  func notTwice() throws {
    try command.succeed("svd-compress a.csv --table t.csv --table t.md")
    try command.succeed("svd -- a.csv")
    try command.folder.write("1,2\n", to: "-o")
    try command.succeed("info -- -o -o")
  }

  @Test(
    "values out of range name what is allowed",
    arguments: [
      ("--rank 0", "whole number from 1"), ("--rank -1", "whole number from 1"),
      ("--rank=-1", "whole number from 1"), ("--rank 1.5", "whole number from 1"),
      ("--rank 99999999999999999999", "whole number from 1"), ("--rank nan", "whole number"),
      ("--rank 3", "rank 3 exceeds min(m, n) = 2 of the 3x2 matrix"),
      ("--ranks 1,3", "rank 3 exceeds"), ("--ranks 1,,2", "--ranks"), ("--ranks 1,1", "--ranks"),
      ("--ranks 0,1", "--ranks"), ("--ranks 1,-2", "--ranks"), ("--ranks=", "--ranks"),
      ("--energy 0", "above 0"), ("--energy 1.01", "at most 1"), ("--energy nan", "--energy"),
      ("--energy -0.5", "above 0"), ("--energy inf", "--energy"),
      ("--max-error nan", "from 0 up"), ("--max-error -1", "from 0 up"),
      ("--max-error inf", "from 0 up"), ("--min-psnr nan", "from 0 up"),
      ("--max-bytes 0", "--max-bytes"), ("--max-bytes 12Q", "k, M or G"),
      ("--max-bytes 99999999999G", "--max-bytes"), ("--max-bytes -5", "--max-bytes"),
      ("--min-psnr 30", "needs a picture"), ("--require-psnr 30", "needs a picture"),
      ("--rank 1 --require-error nan", "--require-error"),
      ("--method magic", "exact"), ("--format yaml", "markdown"), ("--dtype f16", "f32"),
      ("--factor-dtype f8", "f16"), ("--channels mixed", "stacked"),
      ("--input-format xls", "safetensors"), ("--header perhaps", "auto"),
      ("--delimiter ab", "--delimiter"), ("--seed -1", "--seed"), ("--seed 1.5", "--seed"),
      ("--threads 0", "whole number from 1"), ("--max-memory 0", "--max-memory"),
      ("--digits 0", "--digits"), ("--oversample -1", "from 0 up"),
      ("--power-iterations -1", "from 0 up"), ("--table t.xlsx", ".json"), ("--table t", ".json"),
    ])
  func values(options: String, words: String) throws {
    try command.expectRefusal("svd-compress a.csv \(options)", status: 64, words)
  }

  @Test(
    "selections exclude each other",
    arguments: [
      ("--rank 1 --ranks 1,2", "--rank and --ranks"), ("--rank 1 --energy 0.9", "--energy"),
      ("--energy 0.9 --max-error 0.1", "--max-error"),
      ("--min-psnr 30 --max-bytes 1000", "--max-bytes"), ("--ranks 1,2 --max-bytes 9k", "--ranks"),
    ])
  func exclusive(options: String, words: String) throws {
    try command.expectRefusal("svd-compress p.png \(options)", status: 64, words, "exclude")
  }

  @Test(
    "an output needs one rank",
    arguments: ["-o x.csv", "--factors f.safetensors", "--ranks 1,2 -o x.csv", "-o -"])
  func oneRank(options: String) throws {
    try command.expectRefusal("svd-compress a.csv \(options)", status: 64, "needs one rank")
  }

  @Test(
    "the format to write is not known",
    arguments: [
      ("svd-compress a.csv --rank 1 -o x.xyz", "x.xyz: the suffix .xyz names no format"),
      ("svd-compress a.csv --rank 1 -o x", "without a suffix"),
      ("svd a.csv -o x.jpg", ".jpg"), ("convert a.csv x.xyz", "known: .npy .npz"),
      ("convert a.csv -", "--output-format"),
      ("svd a.csv -o x.npy", "3 arrays do not fit into one .npy file"),
      ("convert a.csv b.csv --output-format xls", "npz"),
      ("svd a.csv --plot s.png", "--plot s.png: the suffix is not .svg"),
      ("svd-compress p.png --plot s.txt", "--plot s.txt: the suffix is not .svg"),
      ("svd-compress p.png --rank 1 --factors f.npz", "the suffix is not .safetensors"),
      ("svd-compress p.png --rank 1 -o ", "path is empty"), ("convert a.csv ", "path is empty"),
    ])
  func unknownOutput(line: String, words: String) throws {
    try command.expectRefusal(line, status: 64, words)
  }

  @Test("one path for two outputs")
  func sameOutput() throws {
    try command.expectRefusal(
      "svd-compress a.csv --rank 1 -o x.csv --table ./x.csv", status: 64, "x.csv")
    try command.expectRefusal(
      "svd-compress a.csv --rank 1 -o x.csv --table x.csv", status: 64, "two outputs")
    for path in ["-", "/dev/stdout"] {
      try command.expectRefusal(
        "svd-compress a.csv --rank 1 -o - --factors \(path)", status: 64, "two outputs")
    }
  }

  @Test(
    "environment variables",
    arguments: [
      ("LINALG_THREADS", "many", "whole number from 1"), ("LINALG_THREADS", "0", "LINALG_THREADS"),
      ("LINALG_MAX_MEMORY", "12Q", "k, M or G"), ("LINALG_MAX_MEMORY", "-1", "LINALG_MAX_MEMORY"),
    ])
  func environment(name: String, value: String, words: String) throws {
    try command.expectRefusal("svd a.csv", status: 64, name, words, environment: [name: value])
  }

  @Test("unset, empty and overruled variables are no errors")
  func soundEnvironment() throws {
    for (value, line) in [("", "svd a.csv"), ("many", "svd a.csv --threads 1")] {
      let result = try command.run(line, environment: ["LINALG_THREADS": value])
      #expect(result.status == 0, "\(result.error)")
    }
  }
}

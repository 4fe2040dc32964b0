import TestSupport
import Testing

/// What `gradcheck` refuses.
@Suite("gradcheck: bad input")
struct GradcheckBadInputTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.writeArray([1, 2, 3], [3], to: "three.npy")
    try command.folder.write("1,a\n", to: "bad.csv")
  }

  @Test(
    "names",
    arguments: [
      ("sofmax", "'sofmax' is no operation; did you mean 'softmax'?"), ("softmax softmax", "twice"),
      ("stop_gradient", "no derivative that differences could check"),
    ])
  func names(words: String, message: String) throws {
    try command.expectRefusal("gradcheck \(words)", status: 64, message)
  }

  @Test(
    "options that contradict each other",
    arguments: [
      ("softmax --expr x", "operations", "--expr"), ("--list softmax", "operations", "--list"),
      ("--list --expr x", "--list", "--expr"), ("softmax -- cat", "operations", "a program"),
      ("--expr x -- cat", "--expr", "a program"), ("--in x=1", "--in", "--expr"),
      ("softmax --gradient x=1", "--gradient", "--expr"),
      ("--step-sweep", "--step-sweep", "--expr"),
      ("softmax --point 1", "--point", "a program"), ("--timeout 1", "--timeout", "a program"),
      ("--samples 2 --expr x", "--samples", "operations"), ("--samples 2 -- cat", "--samples", ""),
      ("--order 2 -- cat", "--order 2", "engine"),
      ("--order 2 --expr x --in x=1 --gradient x=1", "--order 2", "engine"),
      ("--list --junit r.xml", "--junit", "a check"), ("--list --samples 2", "--samples", ""),
      ("--expr x --in x=1 --step-sweep --junit r.xml", "--junit", "a check"),
      ("--expr x --in x=1 --step-sweep --at x[]", "--at", "a check"),
      ("--expr x --in x=1 --step-sweep --order 2", "--order", "a check"),
      ("--expr x --in x=1 --step-sweep --strict", "--strict", "a check"),
      ("--expr x --in x=1 --step-sweep --gradient x=1", "--gradient", "a check"),
    ])
  func contradictions(options: String, first: String, second: String) throws {
    try command.expectRefusal("gradcheck \(options)", status: 64, first, second)
  }

  @Test(
    "options twice",
    arguments: [
      "--list --list", "--expr x --expr x", "softmax --seed 1 --seed 2", "--strict --strict",
      "softmax --samples 1 --samples 2", "softmax --order 1 --order 2",
      "softmax --at x[0] --at x[1]",
      "softmax --rtol 1 --rtol 2", "softmax --junit a.xml --junit b.xml",
      "--timeout 1 --timeout 2 -- cat", "softmax --max-coordinates 1 --max-coordinates 2",
    ])
  func twice(options: String) throws {
    try command.expectRefusal("gradcheck \(options)", status: 64, "is given twice")
  }

  @Test(
    "values that options do not take",
    arguments: [
      ("--samples 0", "--samples"), ("--order 3", "--order"), ("--rtol -1", "--rtol"),
      ("--atol nan", "--atol"), ("--max-coordinates -1", "--max-coordinates"),
      ("--annotate gitlab", "--annotate"), ("--dtype f16", "--dtype"), ("--seed x", "--seed"),
    ])
  func values(options: String, word: String) throws {
    try command.expectRefusal("gradcheck softmax \(options)", status: 64, word)
    try command.expectRefusal("gradcheck --timeout 0 -- cat", status: 64, "--timeout")
    try command.expectRefusal("gradcheck --", status: 64, "no program stands behind --")
  }

  @Test("expressions and their inputs")
  func expressions() throws {
    func expect(_ options: String, _ status: Int, _ words: String...) throws {
      let line = "gradcheck \(options)"
      let before = try command.contents()
      let result = try command.run(line)
      command.expectFailure(result, of: line, status: status, words)
      #expect(result.outputBytes.isEmpty)
      #expect(try command.contents() == before)
    }
    try expect("--expr x*x --in x=[3,1]", 64, "one scalar", "sum(")
    try expect("--expr 1", 64, "no inputs")
    try expect("--expr sum(x) --in x=missing.npy", 66, "missing.npy")
    try expect("--expr sum(x) --in x=bad.csv", 65, "bad.csv")
    try expect("--expr sum(x) --in x=[1,2] --gradient x=[1,1,1]", 64, "[1,1,1] is 3, but x is 2")
    try expect("--expr sum(x) --in x=[1,2] --gradient x=three.npy", 65, "three.npy is 3, but x")
    try expect("--expr sum(x) --in x=[1,2] --gradient y=[1,1]", 64, "no --in gives 'y'")
    try expect("--expr sum(x) --in x=[1,2] --gradient x=missing.npy", 66, "missing.npy")
    try expect("--expr sum(x) --in x=[1,2] --at y[0]", 64, "y[0]")
    try expect("--expr logdet(X) --in X=[[1,2],[2,4]]", 3, "singular")
    let marked = try command.gradcheck("--in x=1 --expr", "x + sofmax(x)")
    #expect(marked.status == 64 && marked.error.contains("did you mean 'softmax'?"))
    #expect(marked.error.hasSuffix("  x + sofmax(x)\nlinalg gradcheck:       ^\n"))
  }

  @Test("a full disk")
  func fullDisk() throws {
    let full = try command.shell("\"$LINALG\" gradcheck softmax > /dev/full")
    #expect(full.status == 74 && full.error.contains("standard output"))
  }
}

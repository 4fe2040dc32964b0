import TestSupport
import Testing

/// Programs behind `--`, started by the built binary.
@Suite(
  "gradcheck: programs",
  .enabled(if: ScriptedPrograms.pythonPath != nil, "python3 is missing"))
struct GradcheckProgramTests {
  private let command: CommandFolder

  init() throws { command = try CommandFolder() }

  private func check(_ options: String, _ program: [String]) throws -> RunResult {
    try command.run(
      ["gradcheck"] + options.split(separator: " ").map(String.init) + ["--"] + program)
  }

  @Test("loss.py of the examples, right and wrong")
  func example() throws {
    let python = try #require(ScriptedPrograms.pythonPath)
    let loss = PackageFiles.path("examples/gradcheck/loss.py")
    let right = try check("", [python, loss])
    #expect(right.status == 0, "\(right.error)")
    #expect(right.closing == "2 checked: 2 pass, 0 fail, 0 inconclusive")
    let wrong = try check("", [python, loss, "--wrong"])
    #expect(wrong.status == 1)
    #expect(wrong.closing == "2 checked: 1 pass, 1 fail, 0 inconclusive")
    #expect(wrong.error.hasPrefix("linalg gradcheck: FAIL python3 loss.py --wrong w["))
    #expect(wrong.error.hasSuffix("]' -- \(python) \(loss) --wrong\n"))
    let one = try check("--at w[0]", [python, loss, "--wrong"])
    #expect(one.status == 1 && one.closing == "1 checked: 0 pass, 1 fail, 0 inconclusive")
  }

  @Test("points, by name and without")
  func points() throws {
    let program = try command.pythonProgram()
    for options in ["", "--point [3,2]", "--point x=[3,2]", "--point x=randn(2) --seed 4"] {
      #expect(try check(options, program).status == 0, "\(options)")
    }
    try command.writeArray([3, 2], [2], to: "point.npy")
    #expect(try check("--point point.npy", program).status == 0)
    let long = try check("--point [3,2,1]", program)
    #expect(long.status == 64 && long.error.contains("--point x: [3,2,1] is 3, but x is 2"))
    try command.writeArray([3, 2, 1], [3], to: "long.npy")
    #expect(try check("--point long.npy", program).status == 65)
    #expect(try check("--point missing.npy", program).status == 66)
    #expect(try check("--point x=[3,2] --point x=[3,2]", program).status == 64)
    #expect(try command.programIsGone())
  }

  @Test("options of the program are its own")
  func programOptions() throws {
    let wrong = try command.pythonProgram(gradient: "[a, a * a * cos(b)]")
    let result = try check("--point [3,2]", wrong + ["--seed", "--seed", "--at"])
    #expect(result.status == 1)
    #expect(result.error.hasSuffix(" program.py --seed --seed --at\n"), "\(result.error)")
    #expect(result.error.contains("--at 'x[0]' -- "))
  }

  @Test("a value that is rounded coarsely decides nothing")
  func inconclusive() throws {
    let coarse = try command.pythonProgram(value: "round(exact, 2)")
    let result = try check("--point [3,2]", coarse)
    #expect(result.status == 1)
    #expect(result.closing == "1 checked: 0 pass, 0 fail, 1 inconclusive")
    #expect(result.error.contains("INCONCLUSIVE"))
  }

  @Test("what is undecided beside what is decided is no failure, but for --strict")
  func partlyInconclusive() throws {
    // Rounding to 0.1 hides slopes of 1, not that of 1000.
    let source = """
      import json, sys
      slopes = [1000.0] + [1.0] * 49
      print(json.dumps({"gradcheck": 1, "parameters": {"x": [50]}}), flush=True)
      for line in sys.stdin:
          request = json.loads(line)
          value = round(sum(c * x for c, x in zip(slopes, request["at"]["x"])), 1)
          answer = {"id": request["id"], "value": value, "gradient": {"x": slopes}}
          print(json.dumps(answer), flush=True)

      """
    try command.folder.write(source, to: "rounded.py")
    let program = [try #require(ScriptedPrograms.pythonPath), "rounded.py"]
    let result = try check("--junit r.xml --annotate github", program)
    #expect(result.status == 0)
    #expect(result.closing == "1 checked: 0 pass, 0 fail, 1 inconclusive")
    #expect(result.output.contains("note: INCONCLUSIVE "))
    #expect(result.error.hasPrefix("::warning title=gradcheck python3 rounded.py::INCONCLUSIVE "))
    let report = String(decoding: try command.folder.read("r.xml"), as: UTF8.self)
    #expect(report.contains("<testsuites tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\">"))
    #expect(report.contains("<skipped message=\"INCONCLUSIVE python3 rounded.py x["))
    #expect(try check("--strict", program).status == 1)
  }

  @Test("a value that is another one every time")
  func nondeterministic() throws {
    let result = try check(
      "--point [3,2]", try command.pythonProgram(value: "exact + random.random()"))
    #expect(result.status == 1)
    #expect(result.closing == "1 checked: 0 pass, 0 fail, 0 inconclusive, 1 nondeterministic")
    #expect(result.error.contains("x: the same point gives different values"))
  }

  @Test("values and gradients that are not finite")
  func nonFinite() throws {
    let far = try command.pythonProgram(value: "exact if (a, b) == (3, 2) else 'nan'")
    let result = try check("--point [3,2]", far)
    #expect(result.status == 1)
    #expect(result.closing == "1 checked: 0 pass, 0 fail, 0 inconclusive, 1 nonfinite")
    #expect(result.error.contains("the function is not finite near by"))
    let everywhere = try check("--point [3,2]", try command.pythonProgram(value: "'inf'"))
    #expect(everywhere.status == 1 && everywhere.error.contains("the value is not finite"))
    let gradient = try check(
      "--point [3,2]", try command.pythonProgram(gradient: "['nan', a * a * cos(b)]"))
    #expect(gradient.status == 1 && gradient.error.contains("FAIL"))
    #expect(gradient.error.contains("x[0]: gradient says nan"))
  }

  @Test("a value that is another one beside the gradient")
  func contradiction() throws {
    let program = try command.pythonProgram(value: "exact + (want == 'gradient')")
    let result = try check("--point [3,2] --junit r.xml --annotate github", program)
    #expect(result.status == 1)
    #expect(result.error.contains("when the gradient is asked for, too"))
    #expect(result.error.contains("::error title=gradcheck python3 program.py::"))
    let report = String(decoding: try command.folder.read("r.xml"), as: UTF8.self)
    #expect(report.contains("<testsuites tests=\"2\" failures=\"1\""), "\(report)")
  }

  @Test("what is no answer is bad data")
  func badAnswers() throws {
    let short = try check("", try command.pythonProgram(gradient: "[1]"))
    #expect(short.status == 65 && short.error.contains("(expected 2,"))
    #expect(short.output.isEmpty)
    let crash = try check("", try command.pythonProgram(before: "os._exit(7)"))
    #expect(crash.status == 65 && crash.error.contains("the program ended with status 7"))
    let words = try check("", try command.pythonProgram(before: "print('hello', flush=True)"))
    #expect(words.status == 65 && words.error.contains("(printed 'hello')"))
  }

  @Test("a program that hangs is ended")
  func hang() throws {
    let program = try command.pythonProgram(before: "time.sleep(600)")
    let result = try check("--timeout 0.5", program)
    #expect(result.status == 65)
    #expect(result.error.contains("gave no answer within 0.5 s; allow more with --timeout"))
    #expect(try command.programIsGone())
    let deaf = ["sh", "-c", "trap '' TERM; echo $$ > process; while :; do sleep 0.05; done"]
    #expect(try check("--timeout 0.5", deaf).status == 65)
    #expect(try command.programIsGone())
  }

  @Test("a program that cannot be started")
  func missing() throws {
    let line = "gradcheck -- ./missing-program"
    try command.expectRefusal(line, status: 69, "./missing-program", "cannot be started")
    try command.folder.write("text", to: "plain")
    try command.expectRefusal("gradcheck -- ./plain", status: 69, "./plain")
  }
}

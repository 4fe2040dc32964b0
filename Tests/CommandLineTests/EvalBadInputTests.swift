import Tensors
import TestSupport
import Testing

/// What `eval` refuses, and that nothing is left behind.
@Suite("eval: bad input")
struct EvalBadInputTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.writeArray([1, 2, 3, 4, 5, 6], [2, 3], to: "A.npy")
    try command.writeArray([1, 2, 2, 4], [2, 2], to: "singular.npy")
    try command.folder.write("1,a\n", to: "bad.csv")
  }

  /// Texts that are wrong at a place, which a caret shows.
  @Test(
    "expressions are shown with a caret under the place",
    arguments: [
      ("A @ A", "2x3 @ 2x3: the inner sizes are 3 and 2", "A @ A", 2),
      (
        "1 + sofmax(A)", "no operation is called 'sofmax'; did you mean 'softmax'?",
        "1 + sofmax(A)", 4
      ),
      ("A +", "the expression ends where a value is expected", "A +", 3),
      ("A + b", "nothing is called 'b'", "A + b", 4),
      ("A + beta", "nothing is called 'beta'", "A + beta", 4),
      (
        "lstsq(A, [1, 2])", "lstsq of 2x3: a matrix with no more columns than rows is needed",
        "lstsq(A, [1, 2])", 0
      ),
      ("A[2]", "index 2 is outside axis 0 of 2x3", "A[2]", 1),
      ("", "the expression is empty", "", 0),
    ])
  func marked(expression: String, message: String, shown: String, caret: Int) throws {
    let result = try command.eval(expression, "--in A=A.npy")
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(
      result.error == """
        linalg eval: \(message)
        linalg eval:   \(shown)
        linalg eval:   \(String(repeating: " ", count: caret))^

        """)
  }

  @Test("a list that is none is shown, too")
  func lists() throws {
    let result = try command.eval("x", "--in x=[[1,2],[3]]")
    #expect(result.status == 64)
    #expect(result.error.contains("--in x: the list is not rectangular"))
    #expect(result.error.hasSuffix("  [[1,2],[3]]\nlinalg eval:          ^\n"))
    #expect(try command.eval("x", "--in x=[y]").status == 64)
    #expect(try command.eval("x", "--in x=[1]+y").status == 64)
  }

  @Test("inputs")
  func inputs() throws {
    try command.expectEvalRefusal("1", "--in A.npy", status: 64, "--in A.npy", "NAME=VALUE")
    try command.expectEvalRefusal("1", "--in 2=A.npy", status: 64, "'2' is no name")
    try command.expectEvalRefusal("1", "--in None=1", status: 64, "'None' is no name")
    try command.expectEvalRefusal("x", "--in x=1 --in x=2", status: 64, "x is given twice")
    try command.expectEvalRefusal("x", "--in x=missing.npy", status: 66, "missing.npy")
    try command.expectEvalRefusal("x", "--in x=", status: 66, "''")
    try command.expectEvalRefusal("x", "--in x=bad.csv", status: 65, "bad.csv")
    try command.expectEvalRefusal("x", "--in x=randn(2,y)", status: 64, "randn(8,8)")
    try command.expectEvalRefusal("x", "--in x=rand(-1)", status: 64, "--in x", "-1")
    try command.expectEvalRefusal(
      "x", "--in x=zeros(4000000000,4000000000)", status: 64, "4000000000")
    try command.expectEvalRefusal("x", "--in x=- --in y=-", status: 64, "standard input")
    try command.expectEvalRefusal("x", "--in x=A.npy --digits 0", status: 64, "--digits")
  }

  @Test("questions that do not fit")
  func questions() throws {
    let given = "--in A=A.npy"
    try command.expectEvalRefusal("A", "\(given) --grad A", status: 64, "2x3", "--vjp")
    try command.expectEvalRefusal("A", "\(given) --hessian A", status: 64, "2x3", "--jacobian")
    try command.expectEvalRefusal("A", "\(given) --hvp A=A.npy", status: 64, "2x3")
    try command.expectEvalRefusal("sum(A)", "\(given) --grad B", status: 64, "--grad", "'B'")
    try command.expectEvalRefusal("sum(A)", "\(given) --grad A,A", status: 64, "A stands twice")
    try command.expectEvalRefusal("sum(A)", "\(given) --grad A,", status: 64, "'' is no name")
    try command.expectEvalRefusal(
      "sum(A)", "\(given) --grad A --jacobian A", status: 64, "--grad", "--jacobian")
    try command.expectEvalRefusal("A", "\(given) --vjp A.npy", status: 64, "--wrt")
    try command.expectEvalRefusal("A", "\(given) --wrt A", status: 64, "--vjp")
    try command.expectEvalRefusal("A", "\(given) --vjp 1 --wrt A", status: 64, "scalar", "2x3")
    try command.expectEvalRefusal("A.T", "\(given) --vjp A.npy --wrt A", status: 65, "2x3", "3x2")
    try command.expectEvalRefusal("A", "\(given) --jvp A", status: 64, "NAME=VALUE")
    try command.expectEvalRefusal("A", "\(given) --jvp A=[1,2]", status: 64, "2x3")
    try command.expectEvalRefusal("A", "\(given) --mode forward", status: 64, "--jacobian")
    try command.expectEvalRefusal(
      "A", "\(given) --jacobian A --mode sideways", status: 64, "sideways")
    try command.expectEvalRefusal("sum(A)", "\(given) --tape", status: 64, "--grad")
    try command.expectEvalRefusal(
      "sum(A)", "\(given) --grad A --tape -o t.npy", status: 64, "--table")
    try command.expectEvalRefusal("1, sum(A)", "\(given) --grad A", status: 64, "one result", "2")
    try command.expectEvalRefusal("1", "--grad", status: 64, "--grad")
    try command.expectEvalRefusal("1", "--digits 2 --digits 3", status: 64, "--digits")
  }

  @Test("numbers that defeat an operation, and limits")
  func numerical() throws {
    let singular = "--in S=singular.npy"
    try command.expectEvalRefusal("inv(S)", singular, status: 3, "singular")
    try command.expectEvalRefusal("cholesky(-S)", singular, status: 3, "positive definite")
    try command.expectEvalRefusal("svdvals(S / 0)", singular, status: 65, "not finite")
    try command.expectEvalRefusal(
      "U, s, Vt = svd(I); sum(U)", "--in I=[[1,0],[0,1]] --grad I", status: 3, "singular values")
    try command.expectEvalRefusal(
      "x[:, None] * x", "--in x=ones(40)", status: 64, "1600", "-o FILE")
    try command.expectEvalRefusal(
      "sum(x[:, None] * x)", "--in x=ones(4000) --max-memory 1M", status: 71, "--max-memory")
    try command.expectEvalRefusal("x", "--in x=ones(1000000) --max-memory 1M", status: 71, "ones")
    // 320 GB, of which not even a mask may be made.
    try command.expectEvalRefusal(
      "sum(tril(x[:, None] * x))", "--in x=ones(200000) --grad x --max-memory 9G", status: 71,
      "640006400000 bytes", "--max-memory")
    try command.expectEvalRefusal(
      "tril(x)", "--in x=zeros(0,4000000,4000000)", status: 71, "128000000000000 bytes")
    try command.expectEvalRefusal(
      "x * x", "--in x=ones(2000) --jacobian x --max-memory 1M -o j.npy", status: 71,
      "32000000 bytes")
    let huge = try command.eval(
      "x * y", "--in x=ones(4000000000,1) --in y=zeros(1,4000000000) --max-memory 99G")
    #expect(huge.status == 64 && huge.error.contains("more elements than can be counted"))
    #expect(huge.error.hasSuffix("  x * y\nlinalg eval:     ^\n"))
    let result = try command.eval("x ** x", "--in x=-1.5")
    #expect(result.status == 0 && result.output == "nan\n")
  }

  @Test("a full disk and a closed output")
  func outputs() throws {
    let full = try command.shell("\"$LINALG\" eval '1 + 1' > /dev/full")
    #expect(full.status == 74 && full.error.contains("standard output"))
  }
}

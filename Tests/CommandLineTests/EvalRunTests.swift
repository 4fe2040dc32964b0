import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// What `eval` computes from which inputs, prints and writes.
@Suite("eval: runs")
struct EvalRunTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.folder.write("1,2\n3,4\n", to: "a.csv")
    try command.folder.write("5\n6\n", to: "column.csv")
    try command.writeArray((0..<24).map(Double.init), [2, 3, 4], to: "t.npy")
    try command.writeArray([1, 2, 3], [3], to: "x.npy")
  }

  @Test(
    "results are printed bare",
    arguments: [
      ("1 + 2 * 3", "", "7.0\n"), ("A @ A", "--in A=a.csv", "7.0 10.0\n15.0 22.0\n"),
      ("A.T", "--in A=a.csv", "1.0 3.0\n2.0 4.0\n"), ("-x ** 2", "--in x=3", "-9.0\n"),
      ("-x", "--in x=[1,2] --", nil),
      ("T[:, 0]", "--in T=t.npy", "0.0 1.0 2.0 3.0\n12.0 13.0 14.0 15.0\n"),
      ("T[:, :2, ::3]", "--in T=t.npy", "0.0 3.0\n4.0 7.0\n\n12.0 15.0\n16.0 19.0\n"),
      ("sum(x) / 4", "--in x=x.npy", "1.5\n"), ("x.T @ x", "--in x=x.npy", "14.0\n"),
      ("y = x * 2; y + 1", "--in x=x.npy", "3.0 5.0 7.0\n"), ("pi", "--digits 5", "3.1416\n"),
      ("x", "--in x=1e-3 --in unused=x.npy", "0.001\n"),
      ("c @ [1, 1]", "--in c=[[4,0],[3,-5]]", "4.0 -2.0\n"),
      ("s, s", "--in s=2", "# result0\n2.0\n\n# result1\n2.0\n"),
      ("a = 1; b = [2, 3]; b, a", "", "# b\n2.0 3.0\n\n# a\n1.0\n"),
      ("zero + one", "--in zero=zeros(2) --in one=ones(2,2)", "1.0 1.0\n1.0 1.0\n"),
      ("ones(2)", "--in x=1", nil), ("x[5:]", "--in x=x.npy", ""),
      ("pi", "--in pi=3", "3.0\n"),
    ] as [(String, String, String?)])
  func printing(expression: String, options: String, text: String?) throws {
    guard let text else {
      #expect(try command.eval(expression, options).status == 64)
      return
    }
    #expect(try command.evaluate(expression, options) == text)
  }

  @Test("a minus in front, and behind --")
  func leadingMinus() throws {
    #expect(try command.evaluate("-x * 2", "--in x=3") == "-6.0\n")
    #expect(try command.evaluate("-(1)") == "-1.0\n")
    #expect(try command.run(["eval", "--in", "x=3", "--", "-x"]).output == "-3.0\n")
    #expect(try command.run(["eval", "--in", "x=-3", "x"]).output == "-3.0\n")
  }

  @Test("rows of index and value, documents")
  func rows() throws {
    let document = try command.evaluateDocument("A @ A + 0 * c", "--in A=a.csv --in c=1")
    #expect(document["command"]?.stringValue == "eval" && document["dtype"]?.stringValue == "f64")
    #expect(document["inputs"]?.arrayValue?.compactMap(\.stringValue) == ["A=a.csv", "c=1"])
    let rows = document["rows"]?.arrayValue?.compactMap(\.objectValue) ?? []
    #expect(rows.map(\.keys) == Array(repeating: ["index", "value"], count: 4))
    #expect(rows.map { $0.number("value") } == [7, 10, 15, 22])
    let csv = try command.evaluate("a = [1]; b = 2; a, b", "--format csv")
    #expect(csv == "result,index,value\na,0,1.0\nb,,2.0\n")
    let rowsText = "index,value\n0,1.0\n1,2.0\n"
    #expect(try command.evaluate("[1, 2]", "--format csv --table t.csv") == rowsText)
    #expect(String(decoding: try command.folder.read("t.csv"), as: UTF8.self) == rowsText)
  }

  @Test("files of every format")
  func files() throws {
    for suffix in ["npy", "npz", "csv", "tsv", "txt", "mtx", "safetensors"] {
      #expect(try command.evaluate("A + 1", "--in A=a.csv -o r.\(suffix)").isEmpty)
      #expect(try command.evaluate("R", "--in R=r.\(suffix)") == "2.0 3.0\n4.0 5.0\n", "\(suffix)")
    }
    #expect(try command.evaluate("b = A.T; A, b", "--in A=a.csv -o both.npz").isEmpty)
    #expect(
      try command.evaluate("X - Y.T", "--in X=both.npz:A --in Y=both.npz:b") == "0.0 0.0\n0.0 0.0\n"
    )
    try command.expectEvalRefusal("1, 2", "-o both.npy", status: 64, "both.npy", ".npz")
    try command.expectEvalRefusal("1", "-o r.xyz", status: 64, "r.xyz")
    try command.expectEvalRefusal("1", "-o r.npy --no-clobber", status: 73, "r.npy", "exists")
    try command.expectEvalRefusal("1", "-o missing/r.npy", status: 73, "missing/r.npy")
    let stream = try command.eval("A", "--in A=a.csv -o -")
    let array: Tensor<Double> = try Npy.decode(stream.outputBytes[...], budget: .unlimited())
      .tensor()
    #expect(array == Tensor([2, 2], [1, 2, 3, 4]))
    let piped = try command.evaluate("A * 2", "--in A=-", input: stream.outputBytes)
    #expect(piped == "2.0 4.0\n6.0 8.0\n")
  }

  @Test("random inputs depend on the seed and on their place alone")
  func randomInputs() throws {
    let both = try command.evaluate("a, b", "--in a=randn(3) --in b=randn(3)")
    #expect(try command.evaluate("a, b", "--in a=randn(3) --in b=randn(3)") == both)
    #expect(try command.evaluate("b, a", "--in b=randn(3) --in a=randn(3)") != both)
    #expect(try command.evaluate("a, b", "--in a=randn(3) --in b=randn(3) --seed 1") != both)
    let a = try command.evaluate("a", "--in a=randn(3)")
    #expect(both.hasPrefix("# a\n\(a)\n# b\n") && !both.hasSuffix("\n\(a)"))
    try command.evaluate("u", "--in u=rand(100,10) -o u.npy")
    let uniform = try command.readArray("u.npy")
    #expect(uniform.shape == [100, 10] && uniform.elements.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(abs(uniform.sum() / 1000 - 0.5) < 0.05)
    #expect(try command.run(["eval", "u", "--in", "u = zeros( 2 , 1 )"]).output == "0.0\n0.0\n")
    #expect(try command.evaluate("u", "--in u=ones()") == "1.0\n")
  }

  @Test("the precision follows the files")
  func precision() throws {
    let narrow = try StoredArray(Tensor<Double>([2], [1, 2]), dtype: .f32)
    try command.folder.write(Npy.encode(narrow).joined, to: "f32.npy")
    for (options, dtype) in [
      ("--in x=f32.npy", "f32"), ("--in x=f32.npy --in y=2", "f32"), ("--in x=x.npy", "f64"),
      ("--in x=f32.npy --in y=x.npy", "f64"), ("--in x=1", "f64"), ("--in x=randn(2)", "f64"),
      ("--in x=f32.npy --dtype f64", "f64"), ("--in x=1 --dtype f32", "f32"),
      ("--in x=a.csv", "f64"),
    ] {
      let document = try command.evaluateDocument("x * 2", options)
      #expect(document["dtype"]?.stringValue == dtype, "\(options)")
    }
    #expect(try command.evaluate("1 / 3", "--dtype f32") == "0.33333334\n")
  }

  @Test("operations of the table")
  func operations() throws {
    // logdet [[4,1],[1,3]] = log 11; tr(A X).
    let text = try command.evaluate(
      "logdet(X) + trace(A @ X)", "--in X=[[4,1],[1,3]] --in A=[[4,0],[3,-5]]")
    let value = try #require(Double(text.dropLast()))
    // 16 + 0 + (3 − 5·3) on the diagonal of A·X.
    let expected = 2.3978952727983707 + 16 + (3 - 15)
    #expect(abs(value - expected) < 1e-12)
    let softmax = try command.evaluate("softmax(S, axis=-1)", "--in S=[[0,0],[1,1]]")
    #expect(softmax == "0.5 0.5\n0.5 0.5\n")
    let product = try command.evaluate("einsum('ij,j->i', A, x[:2])", "--in A=a.csv --in x=x.npy")
    #expect(product == "5.0 11.0\n")
    let factors = try command.evaluate("Q, R = qr(A); Q @ R - A", "--in A=a.csv -o r.npy")
    let error = try command.readArray("r.npy").maximumMagnitude()
    #expect(factors.isEmpty && error < 1e-14)
    #expect(try command.evaluate("svd(A)", "--in A=a.csv").contains("# Vt\n"))
  }
}

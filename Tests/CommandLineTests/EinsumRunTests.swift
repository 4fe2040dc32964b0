import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// What `einsum` computes, prints and writes.
@Suite("einsum: runs")
struct EinsumRunTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.folder.write("1,2\n3,4\n", to: "a.csv")
    try command.folder.write("5,6\n7,8\n", to: "b.csv")
    try command.writeArray((0..<24).map(Double.init), [2, 3, 4], to: "t.npy")
  }

  /// Writes an array of the values 0, 1, … in a type of its own.
  private func write(_ dtype: DType, _ shape: Shape, to name: String) throws {
    let tensor = Tensor<Double>(shape, (0..<shape.count).map(Double.init))
    try command.folder.write(Npy.encode(StoredArray(tensor, dtype: dtype)).joined, to: name)
  }

  private func stored(_ name: String) throws -> StoredArray {
    try Npy.decode(command.folder.read(name)[...], budget: .unlimited())
  }

  @Test(
    "results are printed bare",
    arguments: [
      ("ij-> a.csv", "10.0\n"), ("ij a.csv", "1.0 2.0\n3.0 4.0\n"),
      ("ij->i a.csv", "3.0 7.0\n"), ("ii a.csv", "5.0\n"),
      ("ij,jk a.csv b.csv", "19.0 22.0\n43.0 50.0\n"),
      ("ij,jk->ki a.csv b.csv", "19.0 43.0\n22.0 50.0\n"),
      ("ij->ijj a.csv", "1.0 0.0\n0.0 2.0\n\n3.0 0.0\n0.0 4.0\n"),
      ("ijk->kj t.npy", "12.0 20.0 28.0\n14.0 22.0 30.0\n16.0 24.0 32.0\n18.0 26.0 34.0\n"),
      ("ijk->j t.npy", "60.0 92.0 124.0\n"), ("... t.npy --format csv", nil),
    ] as [(String, String?)])
  func printing(line: String, text: String?) throws {
    let result = try command.succeed("einsum \(line)")
    #expect(result.error.isEmpty)
    if let text { #expect(result.output == text, "\(line)") }
  }

  @Test("rows of index and value")
  func rows() throws {
    let rows = try command.rows("einsum ij,jk a.csv b.csv")
    #expect(
      rows.map(\.keys) == [
        ["index", "value"], ["index", "value"], ["index", "value"], ["index", "value"],
      ])
    #expect(rows.map { $0.number("value") } == [19, 22, 43, 50])
    let indices = rows.map { $0["index"]?.arrayValue?.compactMap(\.integerValue) }
    #expect(indices == [[0, 0], [0, 1], [1, 0], [1, 1]])
    let document = try command.document("einsum ij,jk a.csv b.csv")
    #expect(document["command"]?.stringValue == "einsum")
    #expect(document["inputs"]?.arrayValue?.compactMap(\.stringValue) == ["a.csv", "b.csv"])
    let csv = try command.succeed("einsum ij->j a.csv --format csv").output
    #expect(csv == "index,value\n0,4.0\n1,6.0\n")
    #expect(try command.succeed("einsum ij-> a.csv --format csv").output == "index,value\n,10.0\n")
    try command.succeed("einsum ij->j a.csv --table t.csv -q")
    #expect(String(decoding: try command.folder.read("t.csv"), as: UTF8.self) == csv)
  }

  @Test("files of every format")
  func files() throws {
    for suffix in ["npy", "npz", "csv", "tsv", "txt", "mtx", "safetensors"] {
      let result = try command.succeed("einsum ij,jk a.csv b.csv -o r.\(suffix)")
      #expect(result.output.isEmpty && result.error.isEmpty)
      let again = try command.succeed("einsum ij->ij r.\(suffix)").output
      #expect(again == "19.0 22.0\n43.0 50.0\n", "\(suffix)")
    }
    #expect(try command.readArray("r.npy") == Tensor([2, 2], [19, 22, 43, 50]))
    try command.succeed("einsum ij-> a.csv -o s.npy")
    #expect(try command.readArray("s.npy") == Tensor([], [10]))
    try command.succeed("einsum ijk->kij t.npy -o p.npy")
    let transposed = try command.readArray("p.npy")
    #expect(transposed.shape == [4, 2, 3] && transposed.elements.prefix(4) == [0, 4, 8, 12])
    try command.expectRefusal("einsum ijk->kij t.npy -o p.csv", status: 64, "p.csv", "2")
    try command.expectRefusal("einsum ij a.csv -o p.xyz", status: 64, ".xyz")
    try command.expectRefusal(
      "einsum ij a.csv -o p.npy --no-clobber", status: 73, "p.npy", "exists")
  }

  @Test("-o - writes .npy and the table beside it")
  func stream() throws {
    let result = try command.succeed("einsum ij,jk a.csv b.csv -o -")
    let array = try Npy.decode(result.outputBytes[...], budget: .unlimited())
    let tensor: Tensor<Double> = array.tensor()
    #expect(tensor == Tensor([2, 2], [19, 22, 43, 50]) && result.error.isEmpty)
    let explained = try command.succeed("einsum ij,jk a.csv b.csv -o - --explain")
    #expect(explained.outputBytes == result.outputBytes && explained.error.contains("ij,jk->ik"))
    let piped = try command.succeed("einsum ii-> -", input: result.outputBytes)
    #expect(piped.output == "69.0\n")
  }

  @Test("the precision follows the operands")
  func dtypes() throws {
    for dtype in DType.allCases where dtype != .bf16 && dtype != .bool {
      try write(dtype, [2, 2], to: "\(dtype.name).npy")
    }
    let cases = [
      ("ij f16.npy", DType.f32), ("ij f32.npy", .f32), ("ij,jk f16.npy f32.npy", .f32),
      ("ij f64.npy", .f64), ("ij,jk f32.npy f64.npy", .f64), ("ij,jk f32.npy u8.npy", .f64),
      ("ij i32.npy", .f64), ("ij a.csv", .f64), ("ij,jk f32.npy a.csv", .f64),
      ("ij a.csv --dtype f32", .f32), ("ij f16.npy --dtype f64", .f64),
    ]
    for (line, dtype) in cases {
      #expect(try command.document("einsum \(line)")["dtype"]?.stringValue == dtype.name, "\(line)")
      try command.succeed("einsum \(line) -o d.npy")
      #expect(try stored("d.npy").dtype == dtype, "\(line)")
    }
    #expect(try command.succeed("einsum ij u16.npy").output == "0.0 1.0\n2.0 3.0\n")
  }

  @Test("pictures, archives and text")
  func inputs() throws {
    let picture = try command.writePicture(.rgb)
    let sum = picture.samples.reduce(0.0) { $0 + Double($1) }
    #expect(try command.succeed("einsum ijc-> p.png").output == "\(sum)\n")
    let arrays = ["left", "right"].enumerated().map { index, name in
      NamedArray(name, StoredArray(Tensor<Double>([2, 2], [1, 2, 3, Double(index)])))
    }
    try command.folder.write(NpzFile.encode(arrays).joined, to: "z.npz")
    let line = "einsum ij,jk,kl z.npz:left z.npz:right a.csv"
    #expect(try command.succeed(line).output == "19.0 30.0\n21.0 30.0\n")
    try command.expectRefusal("einsum ij z.npz", status: 64, "z.npz", "left", "right")
    try command.expectRefusal("einsum ij z.npz:middle", status: 64, "middle")
  }

  @Test("more than 1,000 elements need a file, said before computing")
  func largeResults() throws {
    try command.writeArray([Double](repeating: 1, count: 40), [40], to: "v.npy")
    try command.writeArray([Double](repeating: 1, count: 25), [25], to: "w.npy")
    #expect(try command.rows("einsum i,j v.npy w.npy").count == 1000)
    try command.writeArray([Double](repeating: 1, count: 26), [26], to: "w.npy")
    try command.expectRefusal("einsum i,j v.npy w.npy", status: 64, "1040", "1000", "-o FILE")
    // 2.5 TB, and 40⁸ products: computing first would not end.
    try command.expectRefusal(
      "einsum a,b,c,d,e,f,g,h->abcdefg " + String(repeating: "v.npy ", count: 7) + "v.npy "
        + "--max-memory 9000000G", status: 64, "-o FILE")
    #expect(try command.succeed("einsum i,j v.npy w.npy -o r.npy").output.isEmpty)
    #expect(try command.succeed("einsum i,j v.npy w.npy --explain").output.contains("outer"))
  }

  @Test("--verify prints the errors")
  func verification() throws {
    try command.writeNoisy(30, 20)
    let keys = ["elements", "largest_error", "share", "at", "found", "expected", "pass"]
    for (line, elements) in [
      ("ij,kj y.npy y.npy", 900), ("ij->j y.npy", 20),
      ("ij,kj,kl->il y.npy y.npy y.npy --dtype f32", 600),
    ] {
      let rows = try command.rows("einsum \(line) -o r.npy --verify")
      #expect(rows.count == 1 && rows[0].keys == keys)
      #expect(rows[0].integer("elements") == elements && rows[0]["pass"] == .bool(true))
      #expect(rows[0].number("share") >= 0 && rows[0].number("share") <= 1, "\(line)")
      #expect(try command.readArray("r.npy").count == elements)
    }
    // Results that are not printed may be large.
    let large = try command.rows("einsum ij,kl->ijk y.npy y.npy --verify")
    #expect(large[0].integer("elements") == 18_000)
    let exact = try command.rows("einsum ij,jk a.csv b.csv --verify")
    #expect(exact[0].number("largest_error") == 0 && exact[0]["at"] == .null)
    let explained = try command.succeed("einsum ij-> a.csv --verify --explain --format json")
    let document = try #require(try JSONValue.parse(explained.outputBytes).objectValue)
    #expect(
      document.notes == [
        "verified against the definition: largest error 0, 0 of what rounding allows"
      ])
  }

  @Test("long sums of rows lose no more than blocks do")
  func longSums() throws {
    let values = [Double](repeating: 0.1, count: 1 << 21)
    try command.writeArray(values, [1 << 17, 16], to: "tall.npy")
    try command.writeArray(Array(values[..<(1 << 17)]), [1 << 17], to: "v.npy")
    for line in ["ij->j tall.npy", "i,ij->j v.npy tall.npy", "ij-> tall.npy"] {
      // Plain sums of 2¹⁷ equal numbers lose more than this allows.
      let rows = try command.rows("einsum \(line) --dtype f32 --verify")
      #expect(rows[0].number("share") < 0.1, "\(line)")
    }
    let explained = try command.succeed("einsum i->iii v.npy --plan-only").output
    #expect(explained.hasPrefix("i->iii\n"))
  }

  @Test("NaN and infinities pass through")
  func notFinite() throws {
    try command.writeArray([1, .nan, .infinity, 2], [2, 2], to: "n.npy")
    #expect(try command.succeed("einsum ij->i n.npy").output == "nan inf\n")
    #expect(try command.succeed("einsum ij,jk n.npy a.csv").output == "nan nan\ninf inf\n")
    let rows = try command.rows("einsum ij->i n.npy")
    #expect(rows.map { $0["value"]?.stringValue } == ["nan", "inf"])
    #expect(try command.rows("einsum ij->i n.npy --verify")[0]["pass"] == .bool(true))
    try command.succeed("einsum ij->ji n.npy -o m.npy")
    #expect(try command.readArray("m.npy").elements[2].isNaN)
  }

  @Test("sizes of zero and arrays without axes")
  func degenerate() throws {
    try command.writeArray([], [3, 0], to: "e.npy")
    try command.writeArray([], [0, 2], to: "f.npy")
    try command.writeArray([7], [], to: "s.npy")
    #expect(try command.succeed("einsum ij,jk e.npy f.npy").output == "0.0 0.0\n0.0 0.0\n0.0 0.0\n")
    #expect(try command.succeed("einsum ij-> e.npy").output == "0.0\n")
    #expect(try command.rows("einsum ij e.npy").isEmpty)
    #expect(try command.succeed("einsum , s.npy s.npy").output == "49.0\n")
    #expect(try command.run(["einsum", "", "s.npy"]).output == "7.0\n")
    #expect(try command.run(["einsum", "->", "s.npy"]).output == "7.0\n")
    #expect(try command.run(["einsum", "--", "->", "s.npy"]).output == "7.0\n")
    #expect(try command.succeed("einsum ,ij-> s.npy a.csv").output == "70.0\n")
  }
}

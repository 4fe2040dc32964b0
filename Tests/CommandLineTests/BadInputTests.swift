import Tensors
import TestSupport
import Testing

/// Inputs that are wrong: each is refused by every command that reads it.
@Suite("Bad input")
struct BadInputTests {
  private let command: CommandFolder

  init() throws { command = try CommandFolder() }

  @Test("damaged and foreign files", arguments: BadFile.all)
  func files(file: BadFile) throws {
    try command.folder.write(file.bytes, to: file.name)
    try command.folder.write("old", to: "old.npy")
    for line in [
      "svd-compress \(file.name) --rank 1 -o old.npy --table t.csv",
      "svd \(file.name) -o f.npz --plot s.svg", "info \(file.name)",
      "denoise \(file.name) -o old.npy --residual r.npy",
      "convert \(file.name) old.npy",
    ] {
      try command.expectRefusal(line, status: file.status, "\(file.name): ", file.words)
    }
  }

  @Test(
    "nothing to read",
    arguments: [
      ("", "path is empty"), ("missing.npy", "missing.npy: no such file"), (".", "is a directory"),
      ("a.csv/b.csv", "no such file"), ("missing.npz:x", "no such file"),
      ("/dev/null", "the file is empty"),
    ])
  func noInput(path: String, words: String) throws {
    try command.folder.write("1,2\n", to: "a.csv")
    let status = path == "/dev/null" ? 65 : 66
    for name in ["svd-compress", "svd", "info", "svd-expand", "denoise"] {
      try command.expectRefusal("\(name) \(path)", status: status, words)
    }
    try command.expectRefusal("convert \(path) out.npy", status: status, words)
  }

  @Test("standard input may be empty or damaged")
  func standardInput() throws {
    for name in ["svd-compress", "svd", "info", "denoise"] {
      try command.expectRefusal("\(name) -", status: 65, "standard input: the file is empty")
      try command.expectRefusal(
        "\(name) -", status: 65, "line 2", input: Array("1,2\n3\n".utf8))
    }
  }

  @Test(
    "numbers that are not finite are named with their place",
    arguments: [
      ("1,nan\n2,3\n", "[0, 1]", "nan"), ("1,2\ninf,3\n", "[1, 0]", "inf"),
      ("1,2\n3,-inf\n", "[1, 1]", "-inf"),
    ])
  func notFinite(text: String, place: String, value: String) throws {
    try command.folder.write(text, to: "a.csv")
    for line in [
      "svd a.csv", "svd a.csv --full -o f.npz", "svd-compress a.csv",
      "svd-compress a.csv --rank 1 --method randomized -o b.npy",
      "svd-compress a.csv --energy 0.9", "svd-compress a.csv --dtype f32 --rank 1",
    ] {
      try command.expectRefusal(line, status: 65, "a.csv: ", place, value)
    }
    try command.succeed("info a.csv")
  }

  @Test("a number that overflows the chosen precision is no number")
  func overflow() throws {
    try command.writeMatrix([1, 2, 3, 1e300], 2, 2, to: "big.npy")
    try command.expectRefusal("svd big.npy --dtype f32", status: 65, "[1, 1]", "inf")
    try command.succeed("svd big.npy")
  }

  @Test(
    "shapes that are no matrix",
    arguments: [
      ([], "scalar"), ([4], "4"), ([2, 3, 4], "2x3x4"), ([0, 3], "0x3"), ([3, 0], "3x0"),
      ([0, 0], "0x0"), ([0], "0"),
    ] as [([Int], String)])
  func shapes(shape: [Int], words: String) throws {
    let shape = Shape(shape)
    try command.writeArray([Double](repeating: 1, count: shape.count), shape, to: "a.npy")
    for line in [
      "svd a.npy", "svd-compress a.npy", "svd-compress a.npy --rank 1 -o b.npy",
      "denoise a.npy -o b.npy",
    ] {
      try command.expectRefusal(line, status: 65, "a.npy: ", words)
    }
    try command.succeed("info a.npy")
  }

  @Test("an archive needs a name, and one that is there")
  func members() throws {
    try command.folder.write("1,2\n3,4\n", to: "a.csv")
    try command.succeed("svd a.csv -o f.npz")
    try command.succeed("svd a.csv -o f.safetensors")
    for file in ["f.npz", "f.safetensors"] {
      for name in ["svd-compress", "svd", "denoise"] {
        try command.expectRefusal("\(name) \(file)", status: 64, "3 arrays (U, s, Vt)", "FILE:U")
        try command.expectRefusal("\(name) \(file):x", status: 64, "no array 'x'", "U, s, Vt")
        try command.succeed("\(name) \(file):U")
      }
    }
    try command.expectRefusal("svd a.csv:x", status: 64, "holds one array")
  }

  @Test("a suffix that contradicts the content is a warning")
  func wrongSuffix() throws {
    try command.writePicture(to: "p.npy")
    let result = try command.succeed("svd-compress p.npy --rank 1")
    #expect(
      result.error
        == "linalg svd-compress: warning: p.npy: the suffix .npy is wrong: the file is read as .png\n"
    )
    #expect(try command.succeed("svd-compress p.npy --rank 1 -q").error.isEmpty)
  }

  @Test(
    "too little memory is said before it is taken",
    arguments: [
      "svd g.npy --max-memory 1k", "svd g.npy --max-memory 100k",
      "svd g.npy --full -o f.npz --max-memory 300k",
      "svd-compress g.npy --max-memory 200k", "info g.npy --max-memory 2k",
      "convert g.npy b.csv --max-memory 50k", "svd-compress g.npy --rank 9 --max-memory 150k",
    ])
  func memory(line: String) throws {
    try command.copyGaussian()
    try command.expectRefusal(line, status: 71, "g.npy", "bytes", "raise --max-memory")
    let words = line.split(separator: " ")
    let unlimited = words.dropLast(2).joined(separator: " ")
    let variable = ["LINALG_MAX_MEMORY": String(words[words.count - 1])]
    try command.expectRefusal(unlimited, status: 71, "bytes", environment: variable)
    try command.succeed(unlimited)
  }

  @Test(
    "damaged factor files",
    arguments: [
      ("a.npy", "safetensors"), ("plain.safetensors", "no factor file"), ("f.npz", ""),
    ])
  func factorFiles(name: String, words: String) throws {
    try command.writeMatrix([1, 2, 3, 4], 2, 2, to: "a.npy")
    try command.succeed("convert a.npy plain.safetensors")
    try command.succeed("svd a.npy -o f.npz")
    try command.expectRefusal("svd-expand \(name) -o b.npy", status: 65, name, words)
  }
}

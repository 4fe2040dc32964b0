import FileFormats
import Tensors
import TestSupport
import Testing

/// What `denoise` refuses, and that nothing is left behind.
@Suite("Denoising: bad input")
struct DenoiseBadInputTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.writeNoisy(40, 50)
    try command.writePicture(width: 48, height: 40)
  }

  @Test(
    "values out of range name what is allowed",
    arguments: ["0", "-1", "nan", "inf", "-inf", "", "1,5", "1e999"])
  func deviations(value: String) throws {
    for option in ["--sigma", "--add-noise"] {
      try command.expectRefusal(
        "denoise y.npy -o x.npy \(option) \(value)", status: 64, option, "finite number above 0")
    }
    guard value != "0" else { return }
    for option in ["--require-psnr", "--require-gain"] {
      try command.expectRefusal(
        "denoise p.png --add-noise 5 \(option) \(value)", status: 64, option, "from 0 up")
    }
  }

  @Test(
    "rules",
    arguments: [
      "", "best", "Hard", "hard,hard", "fro,rank:2,rank:2", "all,hard", "hard,", ",fro", "rank:0",
      "rank:-1", "rank:", "rank", "rank:1.5", "rank:99999999999999999999", "soft:-1", "soft:nan",
      "soft:inf", "soft:", "soft", "soft:1,soft:1.0",
    ])
  func rules(rule: String) throws {
    try command.expectRefusal(
      "denoise y.npy --rule \(rule) -o x.npy", status: 64, "--rule",
      "hard, fro, op, nuc, edge, usvt, simple, rank:K, soft:T, none twice")
  }

  @Test(
    "ranks and blocks that do not fit",
    arguments: [
      ("y.npy --rule rank:41", "rank 41 exceeds min(m, n) = 40"),
      ("y.npy --rule hard,rank:50", "rank 50 exceeds min(m, n) = 40"),
      ("y.npy --rule rank:9 --block 8", "rank 9 exceeds the 8 of a 8x8 block"),
      ("p.png --rule rank:33", "rank 33 exceeds the 32 of a 32x32 block"),
      ("p.png --rule rank:33 --scope both", "rank 33 exceeds the 32 of a 32x32 block"),
      ("p.png --rule rank:41 --scope both", "rank 41 exceeds min(m, n) = 40"),
      ("y.npy --block 41", "a 41x41 block does not fit into 40x50; --block 40 is the largest"),
      ("s.png", "a 32x32 block does not fit into 20x24; --block 20 is the largest"),
      ("s.png --rule all", "--block 20 is the largest"),
      ("s.png --block 21 --channels stacked", "21x21 block does not fit into 20x24"),
      ("y.npy --block 8 --stride 9", "--stride 9 leaves gaps between blocks of 8"),
      ("y.npy --stride 33", "--stride 33 leaves gaps between blocks of 32"),
      ("y.npy --block 0", "whole number from 1 up"), ("y.npy --stride 0", "--stride"),
      ("y.npy --block -3", "--block"), ("y.npy --block 1.5", "--block"),
      ("y.npy --block 99999999999999999999", "--block"),
      ("y.npy --block 4611686018427387904", "does not fit"),
    ])
  func sizes(line: String, words: String) throws {
    try command.writePicture(width: 24, height: 20, to: "s.png")
    try command.expectRefusal("denoise \(line) -o x.npy", status: 64, words)
  }

  @Test(
    "arguments that contradict each other",
    arguments: [
      ("y.npy --scope global --block 8", "--block is for --scope blocks"),
      ("y.npy --scope global --stride 8", "--stride is for --scope blocks"),
      ("y.npy --scope global --rank-map r.npy", "--rank-map is for --scope blocks"),
      ("p.png --scope both --rank-map r.npy", "--rank-map is for --scope blocks"),
      ("p.png --rule all --rank-map r.npy", "--rank-map is for --scope blocks"),
      ("p.png --best-by psnr", "--best-by needs something to compare with"),
      ("p.png --rule all --best-by error", "--reference or --add-noise"),
      ("p.png --require-psnr 20", "--require-psnr needs something to compare with"),
      ("p.png --require-gain 2", "--require-gain needs something to compare with"),
      ("p.png --noisy n.png", "--noisy needs --add-noise"),
      ("p.png --noisy n.png --reference p.png", "--noisy needs --add-noise"),
      ("p.png --add-noise 5 --reference p.png", "--add-noise and --reference exclude each other"),
      ("- --reference -", "cannot both be standard input"),
      ("y.npy --reference y.npy --best-by psnr", "--best-by psnr needs pictures"),
      ("y.npy --add-noise 1 --require-psnr 20", "--require-psnr needs pictures"),
      ("y.npy --scope local", "global"), ("p.png --channels mixed", "stacked"),
      ("p.png --best-by ssim --add-noise 4", "psnr"), ("y.npy --dtype f16", "f32"),
      ("y.npy --plot s.png", "--plot s.png: the suffix is not .svg"),
      ("y.npy -o x.xyz", "x.xyz: the suffix .xyz names no format"),
      ("y.npy --residual x", "without a suffix"), ("y.npy --block 8 --rank-map x.jpg", ".jpg"),
      ("y.npy --add-noise 1 --noisy x.xyz", "x.xyz"),
      ("y.npy -o x.npy --residual ./x.npy", "two outputs"),
      ("y.npy -o - --residual -", "two outputs"), ("y.npy p.png", "p.png"), ("", "<input>"),
      ("y.npy --frobnicate", "--frobnicate"), ("y.npy --seed -1", "--seed"),
      ("y.npy --threads 0", "--threads"), ("y.npy --max-memory 0", "--max-memory"),
    ])
  func contradictions(line: String, words: String) throws {
    try command.expectRefusal(
      line.isEmpty ? "denoise" : "denoise \(line)", status: 64, words)
  }

  @Test(
    "an option given twice",
    arguments: [
      "--rule hard --rule fro", "--sigma 1 --sigma 1", "--scope blocks --scope global",
      "--block 8 --block 9", "--stride 2 --stride=2", "--add-noise 1 --add-noise 2",
      "--reference y.npy --reference y.npy", "-o a.npy --output b.npy",
      "--residual a.npy --residual b.npy", "--best-by error --best-by psnr", "--verify --verify",
    ])
  func twice(options: String) throws {
    try command.expectRefusal("denoise y.npy \(options)", status: 64, "is given twice")
  }

  @Test(
    "a reference of another shape, depth or kind: both are named",
    arguments: [
      ("y.npy", "t.npy", "a 50x40 matrix", "a 40x50 matrix"),
      ("p.png", "deep.png", "40x48 gray, 16 bits", "40x48 gray, 8 bits"),
      ("p.png", "rgb.png", "40x48 RGB, 8 bits", "40x48 gray, 8 bits"),
      ("p.png", "small.png", "20x24 gray, 8 bits", "40x48 gray, 8 bits"),
      ("p.png", "y.npy", "a 40x50 matrix", "40x48 gray, 8 bits"),
      ("y.npy", "p.png", "40x48 gray, 8 bits", "a 40x50 matrix"),
    ])
  func references(input: String, reference: String, theirs: String, ours: String) throws {
    try command.writeNoisy(50, 40, to: "t.npy")
    try command.writePicture(depth: 16, width: 48, height: 40, to: "deep.png")
    try command.writePicture(.rgb, width: 48, height: 40, to: "rgb.png")
    try command.writePicture(width: 24, height: 20, to: "small.png")
    try command.expectRefusal(
      "denoise \(input) --reference \(reference) -o x.npy --table t.csv", status: 65,
      "\(reference): the reference is \(theirs); the input is \(ours)")
  }

  @Test(
    "references that cannot be read",
    arguments: [
      ("missing.png", 66, "missing.png: no such file"), ("", 66, "path is empty"),
      (".", 66, "directory"), ("bad.npy", 65, "bad.npy: "), ("/dev/null", 65, "the file is empty"),
      ("cube.npy", 65, "cube.npy: a matrix is needed (found shape 2x3x4"),
      ("nan.npy", 65, "nan.npy: the number at [1, 2] is not finite (found nan)"),
      ("inf.npy", 65, "inf.npy: the number at [1, 2] is not finite (found -inf)"),
    ])
  func unreadable(reference: String, status: Int, words: String) throws {
    try command.folder.write([0x93, 0x4E], to: "bad.npy")
    try command.writeArray([Double](repeating: 1, count: 24), [2, 3, 4], to: "cube.npy")
    for (name, value) in [("nan.npy", Double.nan), ("inf.npy", -.infinity)] {
      var matrix = try command.readArray("y.npy")
      matrix[1, 2] = value
      try command.writeMatrix(matrix.elements, 40, 50, to: name)
    }
    try command.expectRefusal(
      "denoise y.npy -o x.npy --reference \(reference)", status: status, words)
  }

  @Test("numbers that are not finite, in every scope and with every rule")
  func notFinite() throws {
    for value in ["nan", "inf", "-inf"] {
      var matrix = try command.readArray("y.npy")
      matrix[7, 8] = Double(value) ?? 0
      try command.writeMatrix(matrix.elements, 40, 50, to: "b.npy")
      try command.writeMatrix([Double](repeating: matrix[7, 8], count: 81), 9, 9, to: "c.npy")
      for options in [
        "", " --sigma 1", " --block 8", " --block 8 --sigma 1", " --rule rank:2 --block 8",
        " --add-noise 2", " --rule soft:1 --dtype f32",
      ] {
        try command.expectRefusal(
          "denoise b.npy -o x.npy\(options)", status: 65, "b.npy: the number at [7, 8]", value)
        try command.expectRefusal(
          "denoise c.npy -o x.npy\(options)", status: 65, "c.npy: the number at [0, 0]", value)
      }
    }
    // What overflows on the way.
    try command.expectRefusal("denoise y.npy --add-noise 1e308", status: 71, "--add-noise 1e308")
    try command.expectRefusal(
      "denoise y.npy --add-noise 1e39 --dtype f32", status: 71, "--add-noise 1e39", "f32")
    let signs = (0..<900).map { $0 % 7 < 3 ? 1e307 : -1e307 }
    try command.writeMatrix(signs, 30, 30, to: "high.npy")
    for rule in ["fro --sigma 1", "rank:1", "soft:1"] {
      try command.expectRefusal(
        "denoise high.npy --rule \(rule) --block 8 -o x.npy", status: 71, "scale it down")
    }
    try command.writeMatrix([1, 2, 3, 1e300], 2, 2, to: "big.npy")
    try command.expectRefusal("denoise big.npy --dtype f32", status: 65, "[1, 1]", "inf")
  }

  @Test(
    "too little memory is said before it is taken",
    arguments: [
      "", " --scope global", " --scope blocks", " --add-noise 1", " --rule hard --dtype f64",
      " --rule all --scope both --best-by error --add-noise 1",
    ])
  func memory(options: String) throws {
    try command.copyGaussian()
    let line = "denoise g.npy -o x.npy\(options)"
    // The file is there, its copies are not.
    for limit in ["2k", "150k", "400k"] {
      try command.expectRefusal(
        "\(line) --max-memory \(limit)", status: 71, "g.npy", "bytes", "raise --max-memory")
    }
    try command.expectRefusal(
      line, status: 71, "denoised copies", environment: ["LINALG_MAX_MEMORY": "400k"])
    try command.succeed("\(line) --max-memory 20M")
  }
}

/// Starting the command and doing nothing.
struct HelpWorkload: Workload {
  var name: String { "command/help" }
  var goals: [Goal] {
    [Goal(work: "`linalg --help`", target: .limits(seconds: 0.015, bytes: 20_000_000))]
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    guard let linalg = context.options.linalg else { throw .usage("--linalg is not given") }
    return Contest(ours: .program("linalg --help", [linalg, "--help"], context.launcher))
  }
}

/// Compressing a picture from file to file, start-up included.
struct PictureWorkload: Workload {
  private let kept = 50

  var name: String { "command/svd-compress/k\(kept)" }
  var rank: Int? { kept }
  var goals: [Goal] {
    [
      Goal(
        work: "`linalg svd-compress` of a 512×512 PNG at rank \(kept)",
        target: .ratio(atLeast: 5, against: ["python"]))
    ]
  }

  /// Ours may lose this much more than the exact truncation of the peer (issue 2).
  private static let lossLimit = 1.02

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    guard let linalg = context.options.linalg else { throw .usage("--linalg is not given") }
    let (picture, rank) = (context.options.picture, "\(kept)")
    let target = context.files.path("ours.png")
    let ours = Contestant.program(
      "linalg svd-compress", [linalg, "svd-compress", picture, "--rank", rank, "-o", target],
      context.launcher
    ) { () throws(BenchError) in
      Figures(relativeError: try PictureFile.relativeLoss(of: target, against: picture))
    }
    guard let python = context.options.python else { return Contest(ours: ours) }

    let peerTarget = context.files.path("peer.png")
    let script = context.options.peers + "/compress_picture.py"
    let peer = Contestant.program(
      "python (NumPy, Pillow)", [python, script, picture, rank, peerTarget], context.launcher
    ) { () throws(BenchError) in
      let loss = try PictureFile.relativeLoss(of: peerTarget, against: picture)
      let oursLoss = try PictureFile.relativeLoss(of: target, against: picture)
      guard oursLoss <= loss * Self.lossLimit else {
        throw .wrong("the picture of ours is off by \(oursLoss), the peer's by \(loss)")
      }
      return Figures(relativeError: loss)
    }
    return Contest(ours: ours, peers: [peer])
  }
}

/// Denoising a picture from file to file, start-up included: σ estimated, optimal shrinkage in
/// overlapping blocks.
struct DenoiseCommandWorkload: Workload {
  private let blocks = BlockChoice()
  /// The noise that is added to the picture, in its samples.
  private let sigma = "25"

  var name: String { "command/denoise/\(blocks.name)" }
  var goals: [Goal] {
    [
      Goal(
        work: "`linalg denoise` of a 512×512 PNG in blocks",
        target: .ratio(atLeast: 5, against: ["python"]))
    ]
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    guard let linalg = context.options.linalg else { throw .usage("--linalg is not given") }
    let (clean, noisy) = (context.options.picture, context.files.path("noisy.png"))
    _ = try context.launcher.run([
      linalg, "denoise", clean, "--add-noise", sigma, "--seed", "1", "--noisy", noisy,
    ])
    let target = context.files.path("ours.png")
    let ours = Contestant.program(
      "linalg denoise", [linalg, "denoise", noisy, "-o", target], context.launcher
    ) { () throws(BenchError) in
      let loss = try PictureFile.relativeLoss(of: target, against: clean)
      let before = try PictureFile.relativeLoss(of: noisy, against: clean)
      guard loss < before else { throw .wrong("off by \(loss), the noisy picture by \(before)") }
      return Figures(relativeError: loss)
    }
    guard let python = context.options.python else { return Contest(ours: ours) }

    let peerTarget = context.files.path("peer.png")
    let script = context.options.peers + "/denoise_picture.py"
    let peer = Contestant.program(
      "python (NumPy, Pillow)",
      [python, script, noisy, peerTarget, "\(blocks.side)", "\(blocks.stride)"], context.launcher
    ) { () throws(BenchError) in
      try Figures(
        maxAbsError: PictureFile.largestDifference(of: target, from: peerTarget),
        relativeError: PictureFile.relativeLoss(of: peerTarget, against: clean))
    }
    return Contest(ours: ours, peers: [peer])
  }
}

/// Training on a table from file to file, start-up included: two spirals, two hidden layers of 64, 60
/// epochs of batches of 32.
struct TrainCommandWorkload: Workload {
  private let epochs = "60"

  var name: String { "command/train-mlp/spirals" }
  var goals: [Goal] {
    [
      Goal(
        work: "`linalg train-mlp` on 1000 points, \(epochs) epochs",
        target: .ratio(atLeast: 5, against: ["python"]))
    ]
  }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    guard let linalg = context.options.linalg else { throw .usage("--linalg is not given") }
    let table = "examples/train-mlp/spirals.csv"
    let ours = Contestant.program(
      "linalg train-mlp",
      [
        linalg, "train-mlp", table, "--hidden", "64,64", "--lr", "3e-3", "--epochs", epochs,
        "--validation", "0.2", "--require-accuracy", "0.98", "-o",
        context.files.path("m.safetensors"),
      ], context.launcher)
    guard let python = context.options.python else { return Contest(ours: ours) }
    // Both fail when too few answers are right.
    let script = context.options.peers + "/train_table.py"
    return Contest(
      ours: ours,
      peers: [
        .program(
          "python (PyTorch)", [python, script, table, epochs, context.files.path("m.pt")],
          context.launcher)
      ])
  }
}

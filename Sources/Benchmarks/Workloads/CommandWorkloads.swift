import FileFormats
import Tensors

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
    ) { () throws(BenchError) in try relativeLoss(of: target, against: picture) }
    guard let python = context.options.python else { return Contest(ours: ours) }

    let peerTarget = context.files.path("peer.png")
    let script = context.options.peers + "/compress_picture.py"
    let peer = Contestant.program(
      "python (NumPy, Pillow)", [python, script, picture, rank, peerTarget], context.launcher
    ) { () throws(BenchError) in
      let loss = try relativeLoss(of: peerTarget, against: picture)
      let oursLoss = try relativeLoss(of: target, against: picture)
      guard oursLoss <= loss * Self.lossLimit else {
        throw .wrong("the picture of ours is off by \(oursLoss), the peer's by \(loss)")
      }
      return loss
    }
    return Contest(ours: ours, peers: [peer])
  }
}

extension Contestant {
  /// A whole program; `quality` looks at what it wrote and gives the relative error.
  fileprivate static func program(
    _ name: String, _ command: [String], _ launcher: ProgramLauncher,
    quality: (() throws(BenchError) -> Double)? = nil
  ) -> Contestant {
    Contestant(
      name: name,
      verify: { () throws(BenchError) in
        var figures = Figures(peakBytes: try launcher.run(command).peakBytes)
        if let quality { figures.relativeError = try quality() }
        return figures
      },
      run: { (repeats) throws(BenchError) in
        try launcher.run(command, repeats: repeats).seconds
      })
  }
}

/// `‖A − B‖/‖A‖` of the samples of a picture B as written and its original A.
private func relativeLoss(
  of path: String, against original: String
) throws(BenchError) -> Double {
  let (a, b) = (try samples(original), try samples(path))
  guard a.shape == b.shape else { throw .wrong("\(b.shape) samples, not \(a.shape)") }
  return (a - b).frobeniusNorm() / a.frobeniusNorm()
}

private func samples(_ path: String) throws(BenchError) -> Tensor<Double> {
  let file = try onFile(path) { () throws(FormatError) in
    try LoadedFile.load(path, options: ReadOptions(budget: .system()))
  }
  guard case .picture(let picture) = file.content else { throw .wrong("\(path) is no picture") }
  return StoredArray(picture).tensor(as: Double.self)
}

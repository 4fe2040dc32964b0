import FileFormats
import Imaging
import Tensors

/// What a denoising starts from: the arguments, what they name, and what follows from both.
struct DenoiseContext {
  /// Measured on photographs: at 32 the details still fit into a few singular values.
  private static var defaultSide: Int { 32 }
  /// Measured on photographs: 0.01 dB below 4 at less than half the time; 8 costs up to 0.09 dB.
  /// `make -C examples/denoise strides` prints the table.
  private static var defaultStride: Int { 6 }

  let arguments: DenoiseCommand
  let file: LoadedFile
  let subject: PictureOrMatrix
  /// What the user compares with; nil without `--reference`.
  let reference: PictureOrMatrix?
  let rules: [ShrinkageRule]
  let scopes: [DenoisingScope]
  let console: Console
  let budget: MemoryBudget

  /// - Throws: `Failure.usage` for arguments that contradict each other or the input, `.file` and
  ///   `.numerical` for the reference.
  init(
    _ arguments: DenoiseCommand, _ file: LoadedFile, _ subject: PictureOrMatrix,
    budget: MemoryBudget, console: Console
  ) throws(Failure) {
    self.arguments = arguments
    self.file = file
    self.subject = subject
    self.budget = budget
    self.console = console
    rules = arguments.rule?.rules ?? [.frobenius]
    scopes = try Self.scopes(arguments, subject)
    if let path = arguments.reference {
      reference = try Self.reference(path, for: arguments, subject, budget, console)
    } else {
      reference = nil
    }
    try checkRanks()
    try checkOutputs()
    try checkQuality()
  }

  /// The precision of the computation.
  var precision: Precision { arguments.arithmetic.precision(for: subject.storedType) }

  var seed: UInt64 { UInt64(arguments.arithmetic.seed?.value ?? 0) }

  /// What the matrices are called; nil for a single one.
  var matrixNames: [String]? { subject.matrixCount == 1 ? nil : ["red", "green", "blue"] }

  /// The picture that results are judged as, and what they are compared with; nil where there is no
  /// picture to compare with.
  var template: (subject: PictureOrMatrix, reference: Picture)? {
    switch (subject, reference) {
    case (.picture(let picture, _), nil):
      arguments.addNoise == nil ? nil : (subject, picture)
    case (.picture, .picture(let clean, _)?): (subject, clean)
    // A matrix, such as noise that was kept unrounded, is judged as the picture it came from.
    case (.matrix, .picture(let clean, let mode)?): (.picture(clean, mode), clean)
    case (_, .matrix?), (.matrix, nil): nil
    }
  }

  private static func scopes(
    _ arguments: DenoiseCommand, _ subject: PictureOrMatrix
  ) throws(Failure) -> [DenoisingScope] {
    var choice = DenoiseCommand.ScopeChoice.global
    if let chosen = arguments.scope {
      choice = chosen
    } else if case .picture = subject {
      choice = arguments.rule?.isSurvey == true ? .both : .blocks
    } else if arguments.block != nil || arguments.stride != nil || arguments.rankMap != nil {
      choice = .blocks
    }
    guard choice != .global else { return [.global] }
    let side = arguments.block?.value ?? defaultSide
    let stride = arguments.stride?.value ?? min(defaultStride, side)
    guard side <= subject.largestRank else {
      throw .usage(
        "a \(side)x\(side) block does not fit into \(subject.matrixShape)",
        hint: "--block \(subject.largestRank) is the largest that does")
    }
    guard stride <= side else {
      throw .usage("--stride \(stride) leaves gaps between blocks of \(side)")
    }
    let blocks = DenoisingScope.blocks(side: side, stride: stride)
    return choice == .both ? [.global, blocks] : [blocks]
  }

  private static func reference(
    _ path: String, for arguments: DenoiseCommand, _ subject: PictureOrMatrix,
    _ budget: MemoryBudget, _ console: Console
  ) throws(Failure) -> PictureOrMatrix {
    let file = try arguments.reading.load(
      path, budget: budget, console: console, detectingFormat: true)
    let reference = try Failure.naming(path) { () throws(FormatError) in
      try PictureOrMatrix(file, channels: arguments.channels)
    }
    try Failure.numerics(path) { () throws(NumericalError) in
      try subject.requireComparable(with: reference)
      guard case .matrix(let array) = reference else { return }
      switch arguments.arithmetic.precision(for: subject.storedType) {
      case .f32: try array.tensor(as: Float.self).requireFinite()
      case .f64: try array.tensor(as: Double.self).requireFinite()
      }
    }
    return reference
  }

  /// A rank has to exist in every scope.
  private func checkRanks() throws(Failure) {
    for case .rank(let rank) in rules {
      for scope in scopes {
        let (largest, what) =
          switch scope {
          case .global: (subject.largestRank, "min(m, n) = \(subject.largestRank)")
          case .blocks(let side, _): (side, "the \(side) of a \(side)x\(side) block")
          }
        if rank > largest { throw .usage("rank \(rank) exceeds \(what)") }
      }
    }
  }

  /// What is written or required belongs to one result.
  private func checkOutputs() throws(Failure) {
    if arguments.rankMap != nil && scopes.contains(.global) {
      throw .usage("--rank-map is for --scope blocks")
    }
    // Suffixes that cannot be written are refused before anything is computed.
    for path in [
      arguments.destination.output, arguments.noisy, arguments.residual, arguments.rankMap,
    ] {
      guard let path else { continue }
      _ = try Failure.naming(OutputFile.name(of: path)) { () throws(FormatError) in
        try FileFormat.forWriting(path, toStream: file.format)
      }
    }
    guard rules.count * scopes.count > 1, arguments.bestBy == nil else { return }
    let single = [
      ("--output", arguments.destination.output != nil), ("--residual", arguments.residual != nil),
      ("--rank-map", arguments.rankMap != nil), ("--require-psnr", arguments.requirePSNR != nil),
      ("--require-gain", arguments.requireGain != nil),
    ]
    for (name, isGiven) in single where isGiven {
      throw .usage(
        "\(name) is about one result, and there are \(rules.count * scopes.count)",
        hint: "give one --rule and --scope, or --best-by with --reference or --add-noise")
    }
  }

  private func checkQuality() throws(Failure) {
    guard template == nil else { return }
    if arguments.bestBy == .psnr {
      throw .usage("--best-by psnr needs pictures; give --best-by error for a matrix")
    }
    if arguments.requirePSNR != nil {
      throw .usage("--require-psnr needs pictures; give --require-gain for a matrix")
    }
  }
}

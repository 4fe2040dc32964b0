import Factorizations
import FileFormats
import Imaging
import Reporting
import Tensors

/// Which ranks the user asked for, and how to find them.
enum RankSelection<Element: Scalar> {
  case ranks([Int])
  /// The default: fixed ranks and those of round energies.
  case survey
  case energy(Double)
  case error(Double)
  case psnr(Double)

  /// The ranks of the default table.
  static var surveyRanks: [Int] { [1, 2, 5, 10, 20, 50, 100] }
  /// The energies of the default table.
  static var surveyEnergies: [Double] { [0.9, 0.95, 0.99, 0.999] }
  /// The smaller side from which a rank is searched for instead of read off the whole spectrum.
  private static var smallestSearchedSide: Int { 1500 }

  /// The selection of the arguments, checked against the input.
  ///
  /// - Throws: `Failure.usage` for ranks beyond min(m, n), `.unmet` when no rank fits the bytes.
  init(
    _ arguments: SVDCompressCommand, subject: CompressionSubject, element: Element.Type
  ) throws(Failure) {
    let largest = subject.largestRank
    if let list = arguments.rank.map({ [$0.value] }) ?? arguments.ranks?.ranks {
      if let rank = list.first(where: { $0 > largest }) {
        throw .usage(
          "rank \(rank) exceeds min(m, n) = \(largest) of the \(subject.matrixShape) matrix")
      }
      self = .ranks(list.sorted())
    } else if let energy = arguments.energy {
      self = .energy(energy.value)
    } else if let error = arguments.maxError {
      self = .error(error.value)
    } else if let psnr = arguments.minPSNR {
      guard case .picture = subject else {
        throw .usage("--min-psnr needs a picture; give --max-error for a matrix")
      }
      self = .psnr(psnr.value)
    } else if let limit = arguments.maxBytes {
      self = .ranks([try Self.rank(within: limit.bytes, arguments, subject)])
    } else {
      self = .survey
    }
    if arguments.requirePSNR != nil, case .matrix = subject {
      throw .usage("--require-psnr needs a picture; give --require-error for a matrix")
    }
  }

  private static func rank(
    within limit: Int, _ arguments: SVDCompressCommand, _ subject: CompressionSubject
  ) throws(Failure) -> Int {
    let precision =
      arguments.factorDtype
      ?? (subject.storedType == nil || Element.self == Float.self ? .f32 : .f64)
    do {
      if let rank = try FactorFile.largestRank(
        subject, within: limit, precision: precision, dtype: Element.dtypeName)
      {
        return rank
      }
      let needed = try FactorFile.byteCount(
        subject, rank: 1, precision: precision, dtype: Element.dtypeName)
      throw Failure.unmet(["--max-bytes \(limit): rank 1 needs \(needed) bytes"])
    } catch let error as FormatError {
      throw .file(arguments.factors ?? arguments.input, error)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .unmet(["\(error)"])
    }
  }

  /// Decomposes the subject as far as the selection needs and names the ranks.
  func resolve(
    _ context: CompressionContext, progress: Progress
  ) throws(NumericalError) -> (LowRankModel<Element>, [Int]) {
    let matrices = context.subject.matrices(as: Element.self)
    let method = chosenMethod(context)
    if context.arguments.table.verbose {
      let shape = context.subject.matrixShape
      context.console.complain(
        "\(method.rawValue) SVD of \(matrices.count) × \(shape) \(Element.dtypeName), "
          + "\(BLAS.threads) thread\(BLAS.threads == 1 ? "" : "s"), OpenBLAS \(BLAS.version) \(BLAS.core)"
      )
    }
    guard method == .randomized else {
      let model = try LowRankModel.exact(
        matrices, budget: context.budget, matrixDone: progress.step)
      return (model, try ranks(in: model, context) ?? [model.smallerSide])
    }
    switch self {
    case .ranks(let list):
      let model = try LowRankModel.randomized(
        matrices, rank: list.last ?? 1, options: context.options, budget: context.budget,
        matrixDone: progress.step)
      return (model, list)
    case .survey:
      let rank = min(Self.surveyRanks.last ?? 1, context.subject.largestRank)
      let model = try LowRankModel.randomized(
        matrices, rank: rank, options: context.options, budget: context.budget,
        matrixDone: progress.step)
      return (model, try ranks(in: model, context) ?? [rank])
    case .energy(let share):
      return try search(from: max(0, 1 - share).squareRoot(), matrices, context)
    case .error(let error):
      return try search(from: error, matrices, context)
    case .psnr(let decibels):
      return try search(
        from: context.subject.relativeError(psnr: decibels, of: matrices), matrices, context)
    }
  }

  /// Looks for a rank by tolerance, tighter each time until the selection is met.
  private func search(
    from first: Double, _ matrices: [Tensor<Element>], _ context: CompressionContext
  ) throws(NumericalError) -> (LowRankModel<Element>, [Int]) {
    var tolerance = first
    while true {
      let model = try LowRankModel.randomized(
        matrices, tolerance: tolerance, options: context.options, budget: context.budget)
      if let ranks = try ranks(in: model, context) { return (model, ranks) }
      if model.largestRank == model.smallerSide { return (model, [model.smallerSide]) }
      tolerance *= 0.9
    }
  }

  /// The ranks of the selection as far as the model's triples tell; nil when they do not reach.
  private func ranks(
    in model: LowRankModel<Element>, _ context: CompressionContext
  ) throws(NumericalError) -> [Int]? {
    switch self {
    case .ranks(let list): return list
    case .survey:
      let fixed = Self.surveyRanks.filter { $0 <= model.smallerSide }
      let energies = Self.surveyEnergies.compactMap { model.rank(energy: $0) }
      return Set(fixed + energies).sorted()
    case .energy(let share): return model.rank(energy: share).map { [$0] }
    case .error(let error): return model.rank(relativeError: error).map { [$0] }
    case .psnr(let decibels):
      return try model.rank(psnr: decibels, of: context.subject).map { [$0] }
    }
  }

  private func chosenMethod(_ context: CompressionContext) -> LowRankModel<Element>.Method {
    switch context.arguments.method {
    case .exact: return .exact
    case .randomized: return .randomized
    case .auto: break
    }
    let shape = context.subject.matrixShape
    switch self {
    case .ranks(let list):
      return .recommended(
        rows: shape[0], columns: shape[1], rank: list.last ?? 1,
        oversample: context.options.oversample)
    case .energy, .error:
      return context.subject.largestRank >= Self.smallestSearchedSide ? .randomized : .exact
    case .survey, .psnr: return .exact
    }
  }
}

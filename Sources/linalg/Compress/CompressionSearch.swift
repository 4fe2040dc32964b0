import Factorizations
import Imaging
import Tensors

/// Decomposes a subject as far as a selection of ranks needs, and names the ranks.
struct CompressionSearch<Element: Scalar> {
  let selection: RankSelection
  let context: CompressionContext
  let matrices: [Tensor<Element>]
  let progress: Progress

  /// The ranks of the default table.
  private static var surveyRanks: [Int] { [1, 2, 5, 10, 20, 50, 100] }
  /// The energies of the default table.
  private static var surveyEnergies: [Double] { [0.9, 0.95, 0.99, 0.999] }
  /// The smaller side from which a rank is searched for instead of read off the whole spectrum.
  private static var smallestSearchedSide: Int { 1500 }
  /// A bound below which the search would need nearly every triple anyway.
  private static var smallestTolerance: Double { 1e-9 }
  /// The relative error that leaves a share of energy which is 1 in double precision.
  private static var errorOfFullEnergy: Double { 1e-8 }

  func run() throws(NumericalError) -> (model: LowRankModel<Element>, ranks: [Int]) {
    let method = chosenMethod
    if context.arguments.table.verbose { announce(method) }
    guard method == .randomized else {
      let model = try LowRankModel.exact(
        matrices, budget: context.budget, matrixDone: progress.step)
      return (model, try exactRanks(model))
    }
    switch selection {
    case .ranks(let list):
      return (try sketched(rank: list.last ?? 1), list)
    case .survey:
      let fixed = Self.surveyRanks.filter { $0 <= context.subject.largestRank }
      let model = try sketched(rank: fixed.last ?? 1)
      return (model, survey(model, fixed))
    case .energy(let share):
      let found = try searched(
        tolerance: max(Self.errorOfFullEnergy, max(0, 1 - share).squareRoot()))
      return (found.model, [found.rank])
    case .error(let error):
      let found = try searched(tolerance: error)
      return (found.model, [rank(from: found.rank, error: error, in: found.model)])
    case .psnr(let decibels):
      return try searched(psnr: decibels)
    }
  }

  private func exactRanks(_ model: LowRankModel<Element>) throws(NumericalError) -> [Int] {
    switch selection {
    case .ranks(let list): return list
    case .survey: return survey(model, Self.surveyRanks.filter { $0 <= model.smallerSide })
    case .energy(let share): return [model.rank(energy: share) ?? model.smallerSide]
    case .error(let error):
      let expected = model.rank(relativeError: error) ?? model.smallerSide
      return [rank(from: expected, error: error, in: model)]
    case .psnr(let decibels):
      return [try model.rank(psnr: decibels, of: context.subject) ?? model.smallerSide]
    }
  }

  /// The first rank, from the one that the singular values promise, whose measured error keeps the
  /// bound: rounding can cost a rank. The largest where none does, which the caller reports.
  private func rank(from expected: Int, error: Double, in model: LowRankModel<Element>) -> Int {
    var rank = expected
    while rank < model.largestRank,
      model.relativeError(of: model.reconstructions(rank: rank)) > error
    { rank += 1 }
    return rank
  }

  private func survey(_ model: LowRankModel<Element>, _ fixed: [Int]) -> [Int] {
    Set(fixed + Self.surveyEnergies.compactMap { model.rank(energy: $0) }).sorted()
  }

  private func sketched(rank: Int) throws(NumericalError) -> LowRankModel<Element> {
    try .randomized(
      matrices, rank: rank, options: context.options, budget: context.budget,
      matrixDone: progress.step)
  }

  private func searched(
    tolerance: Double
  ) throws(NumericalError) -> (model: LowRankModel<Element>, rank: Int) {
    try LowRankModel.randomized(
      matrices, tolerance: tolerance, options: context.options, budget: context.budget,
      matrixDone: progress.step)
  }

  /// Triples for the error that the PSNR stands for, and twice as exact until rounding and
  /// clipping leave the goal met.
  private func searched(
    psnr: Double
  ) throws(NumericalError) -> (model: LowRankModel<Element>, ranks: [Int]) {
    var tolerance = context.subject.relativeError(psnr: psnr, of: matrices)
    while true {
      let model = try searched(tolerance: tolerance).model
      if let rank = try model.rank(psnr: psnr, of: context.subject) { return (model, [rank]) }
      if model.largestRank == model.smallerSide { return (model, [model.smallerSide]) }
      tolerance = tolerance > Self.smallestTolerance ? tolerance / 2 : 0
    }
  }

  private var chosenMethod: LowRankModel<Element>.Method {
    switch context.arguments.method {
    case .exact: return .exact
    case .randomized: return .randomized
    case .auto: break
    }
    let shape = context.subject.matrixShape
    switch selection {
    case .ranks(let list):
      return .recommended(
        rows: shape[0], columns: shape[1], rank: list.last ?? 1,
        oversample: context.options.oversample)
    case .energy, .error:
      return context.subject.largestRank >= Self.smallestSearchedSide ? .randomized : .exact
    case .survey, .psnr: return .exact
    }
  }

  private func announce(_ method: LowRankModel<Element>.Method) {
    context.console.complain(
      "\(method.rawValue) SVD of \(matrices.count) × \(context.subject.matrixShape) "
        + "\(Element.dtypeName), \(BLAS.threads) thread\(BLAS.threads == 1 ? "" : "s"), "
        + "OpenBLAS \(BLAS.version) \(BLAS.core)")
  }
}

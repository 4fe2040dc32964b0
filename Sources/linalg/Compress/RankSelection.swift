import FileFormats
import Imaging

/// Which ranks the user asked for.
enum RankSelection {
  case ranks([Int])
  /// The default: fixed ranks and those of round energies.
  case survey
  case energy(Double)
  case error(Double)
  case psnr(Double)

  /// The selection of the arguments, checked against the input.
  ///
  /// - Throws: `Failure.usage` for ranks beyond min(m, n), `.unmet` when no rank fits the bytes.
  init(_ context: CompressionContext) throws(Failure) {
    let arguments = context.arguments
    if let list = arguments.rank.map({ [$0.value] }) ?? arguments.ranks?.ranks {
      let largest = context.subject.largestRank
      if let rank = list.first(where: { $0 > largest }) {
        throw .usage(
          "rank \(rank) exceeds min(m, n) = \(largest) of the \(context.subject.matrixShape) matrix"
        )
      }
      self = .ranks(list.sorted())
    } else if let energy = arguments.energy {
      self = .energy(energy.value)
    } else if let error = arguments.maxError {
      self = .error(error.value)
    } else if let psnr = arguments.minPSNR {
      guard case .picture = context.subject else {
        throw .usage("--min-psnr needs a picture; give --max-error for a matrix")
      }
      self = .psnr(psnr.value)
    } else if let limit = arguments.maxBytes {
      self = .ranks([try Self.largestRank(within: limit.bytes, context)])
    } else {
      self = .survey
    }
    if arguments.requirePSNR != nil, case .matrix = context.subject {
      throw .usage("--require-psnr needs a picture; give --require-error for a matrix")
    }
  }

  /// The largest rank whose factor file fits.
  private static func largestRank(
    within limit: Int, _ context: CompressionContext
  ) throws(Failure) -> Int {
    func bytes(_ rank: Int) throws(FormatError) -> Int {
      try FactorFile.byteCount(
        context.subject, rank: rank, precision: context.factorPrecision,
        dtype: context.precision.rawValue)
    }
    let (rank, needed) = try Failure.naming(context.arguments.factors) {
      () throws(FormatError) -> (Int?, Int) in
      let rank = try FactorFile.largestRank(
        context.subject, within: limit, precision: context.factorPrecision,
        dtype: context.precision.rawValue)
      return (rank, try bytes(1))
    }
    guard let rank else { throw .unmet(["--max-bytes \(limit): rank 1 needs \(needed) bytes"]) }
    return rank
  }
}

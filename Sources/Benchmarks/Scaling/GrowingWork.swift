import Factorizations
import Imaging
import Reporting
import Tensors

/// Work whose time should grow in proportion to the number mn of elements of its matrix.
struct GrowingWork: Sendable {
  /// What the table calls it.
  let name: String
  /// The rank that all sizes keep; nil where there is no such thing.
  var rank: Int?
  /// Sides of square matrices about √2 apart, so that mn doubles each time.
  let sides: [Int]
  /// What stays the same for all sizes, for the note.
  let condition: String
  /// Builds the input, outside any clock, and gives the work on it.
  let prepare: @Sendable (_ side: Int) throws(NumericalError) -> () throws(NumericalError) -> Void

  /// All work that `make bench-scaling` times.
  static let all = [rankKSVD(20), blockDenoising(BlockChoice())]

  /// Orthonormalising the sketch costs (m + n)k², which weighs on the small sizes; the rank is one
  /// for which the smallest still gains from a sketch.
  private static func rankKSVD(_ rank: Int) -> GrowingWork {
    GrowingWork(
      name: "randomizedSVD", rank: rank, sides: [256, 362, 512, 724, 1024, 1448, 2048, 2896],
      condition: "at fixed rank"
    ) { (side) throws(NumericalError) in
      let matrix = try DecayingMatrix.make(side, side)
      return { () throws(NumericalError) in blackHole(try matrix.randomizedSVD(rank: rank)) }
    }
  }

  /// No block crosses the border, so that small matrices have fewer for each element: 11 % fewer
  /// than large ones at 512, 21 % at 256.
  private static func blockDenoising(_ blocks: BlockChoice) -> GrowingWork {
    GrowingWork(
      name: "denoise/\(blocks.name)", sides: [256, 362, 512, 724, 1024, 1448],
      condition: "with blocks of \(blocks.side) every \(blocks.stride)"
    ) { (side) throws(NumericalError) in
      let sigma = 0.1
      let denoiser = Denoiser([try DecayingMatrix.make(side, side, noise: sigma)])
      return { () throws(NumericalError) in
        blackHole(try denoiser.denoised(by: .frobenius, in: blocks.scope, sigma: sigma))
      }
    }
  }
}

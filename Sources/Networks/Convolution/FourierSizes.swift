import RealModule

/// Which tiles a convolution is cut into.
enum FourierSizes {
  /// The factors of a length, 4 before 2, then 3, 5 and larger primes.
  static func factors(_ length: Int) -> [Int] {
    var (rest, result): (Int, [Int]) = (length, [])
    var factor = 4
    while rest > 1 {
      if rest % factor == 0 {
        result.append(factor)
        rest /= factor
      } else {
        factor = factor == 4 ? 2 : factor == 2 ? 3 : factor + 2
        // What is left of small factors is a prime.
        if factor * factor > rest, factor > 5 { factor = rest }
      }
    }
    return result
  }

  /// Whether no factor is above 5.
  private static func isSmooth(_ length: Int) -> Bool {
    var rest = length
    for factor in [2, 3, 5] { while rest % factor == 0 { rest /= factor } }
    return rest == 1
  }

  /// Lengths that are worth a look, and what a transform of one costs per number. A step moves as much
  /// as it computes, which counts as four levels more (measured).
  private static func candidates(_ kernel: Int, _ result: Int) -> [(length: Int, levels: Double)] {
    // Larger tiles leave the second-level cache.
    let high = min(kernel + result - 1, max(4 * kernel, 256))
    var result: [(length: Int, levels: Double)] = []
    var length = kernel
    while result.last.map({ $0.length < high }) ?? true {
      if isSmooth(length) { result.append((length, Double.log2(Double(length)) + 4)) }
      length += 1
    }
    return result
  }

  /// The tile with the least operations, and how many: transforms and products.
  static func tile(_ g: ConvolutionGeometry) -> (cost: Double, size: PlaneSize) {
    var best = (cost: Double.infinity, size: PlaneSize(1))
    let (inputs, outputs) = (Double(g.channels), Double(g.outputs))
    let all = candidates(g.kernel.across, g.result.across)
    for down in candidates(g.kernel.down, g.result.down) {
      for across in all {
        let size = PlaneSize(down.length, across.length)
        let tiles = Double(g.batch * grid(g, size).area)
        // Frequencies come in blocks of eight, columns in sixteens.
        let kept = Double((size.down / 2 + 1).roundedUp(to: 8) * size.across)
        let columns = Double(size.down * size.across.roundedUp(to: 16)) / 2
        let transform = 5 * columns * down.levels + 5 * kept * across.levels
        let cost =
          tiles * ((inputs + outputs) * transform + inputs * outputs * 8 * kept)
          + inputs * outputs * transform
        if cost < best.cost { best = (cost, size) }
      }
    }
    return best
  }

  /// The results that one tile gives: those whose window does not reach around it.
  static func results(_ g: ConvolutionGeometry, _ tile: PlaneSize) -> PlaneSize {
    tile.combined(g.kernel) { $0 - $1 + 1 }
  }

  /// How many tiles cover the results.
  static func grid(_ g: ConvolutionGeometry, _ tile: PlaneSize) -> PlaneSize {
    g.result.combined(results(g, tile)) { $0.parts(of: $1) }
  }
}

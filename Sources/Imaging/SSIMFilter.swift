import RealModule

/// The weights of SSIM's Gaussian window; it is separable and symmetric.
enum SSIMWindow {
  static let sigma = 1.5
  /// ⌊3.5 σ + 0.5⌋, scipy's rule for the truncation.
  static let radius = 5
  static let width = 2 * radius + 1

  /// The weights at the distances 0...radius; over the whole window they sum to 1.
  static let weights: [Double] = {
    let raw = (0...radius).map { Double.exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    let sum = raw[0] + 2 * raw[1...].reduce(0, +)
    return raw.map { $0 / sum }
  }()

  /// Sets `target[i]` to the weighted sum of `middle[i ± k·step]` for every i below `count`.
  ///
  /// One expression over plain pointers, so that the compiler vectorises the loop: array indices
  /// would bring a check per access, an inner loop over the weights a pass over memory each.
  static func blur(
    _ middle: [UnsafePointer<Double>], into target: UnsafeMutablePointer<Double>, count: Int
  ) {
    precondition(middle.count == width)
    let (w0, w1, w2) = (weights[0], weights[1], weights[2])
    let (w3, w4, w5) = (weights[3], weights[4], weights[5])
    let (p0, p1, p2, p3) = (middle[0], middle[1], middle[2], middle[3])
    let (p4, p5, p6, p7) = (middle[4], middle[5], middle[6], middle[7])
    let (p8, p9, p10) = (middle[8], middle[9], middle[10])
    for i in 0..<count {
      let inner = w0 * p5[i] + w1 * (p4[i] + p6[i])
      let between = w2 * (p3[i] + p7[i]) + w3 * (p2[i] + p8[i])
      let outer = w4 * (p1[i] + p9[i]) + w5 * (p0[i] + p10[i])
      target[i] = inner + between + outer
    }
  }
}

/// Filters two channels as their rows arrive and sums the similarity of every full window.
///
/// Four quantities are filtered: x, y, x² + y² and xy; the variances are only needed as a sum. The
/// last eleven rows of them stay in a ring, so memory is O(width) and the work per pixel is two
/// passes of the one-dimensional window.
struct SSIMFilter {
  private static let quantities = 4

  private let width: Int
  private let c1: Double
  private let c2: Double
  private var ring: [Double]  // [window row, quantity, column]
  private var vertical: [Double]  // [quantity, column], filtered along the columns
  private var filtered: [Double]  // [quantity, window], filtered both ways
  private var similarity: [Double]  // [window]
  private var rows = 0
  private var sum = 0.0

  /// A filter for rows of `width` samples, at least `SSIMWindow.width`, between 0 and `range`.
  init(width: Int, range: Double) {
    precondition(width >= SSIMWindow.width, "rows of \(width) samples")
    self.width = width
    c1 = (0.01 * range) * (0.01 * range)
    c2 = (0.03 * range) * (0.03 * range)
    let windows = width - SSIMWindow.width + 1
    ring = [Double](repeating: 0, count: SSIMWindow.width * Self.quantities * width)
    vertical = [Double](repeating: 0, count: Self.quantities * width)
    filtered = [Double](repeating: 0, count: Self.quantities * windows)
    similarity = [Double](repeating: 0, count: windows)
  }

  /// The mean over the windows seen so far; there is one once eleven rows have arrived.
  var mean: Double { sum / Double(windows * (rows - SSIMWindow.width + 1)) }

  private var windows: Int { width - SSIMWindow.width + 1 }

  /// Takes the next row of both channels.
  mutating func append(_ x: [Double], _ y: [Double]) {
    precondition(x.count == width && y.count == width)
    store(x, y)
    rows += 1
    guard rows >= SSIMWindow.width else { return }
    blurColumns()
    blurRows()
    compare()
    sum += similarity.reduce(0, +)
  }

  private mutating func store(_ x: [Double], _ y: [Double]) {
    let start = rows % SSIMWindow.width * Self.quantities * width
    ring.withUnsafeMutableBufferPointer { ring in
      guard let target = ring.baseAddress.map({ $0 + start }) else { return }
      let (sumsOfSquares, products) = (target + 2 * width, target + 3 * width)
      (target + width).update(from: y, count: width)
      target.update(from: x, count: width)
      for i in 0..<width {
        sumsOfSquares[i] = x[i] * x[i] + y[i] * y[i]
        products[i] = x[i] * y[i]
      }
    }
  }

  private mutating func blurColumns() {
    let (length, rows) = (Self.quantities * width, rows)
    ring.withUnsafeBufferPointer { ring in
      vertical.withUnsafeMutableBufferPointer { vertical in
        guard let source = ring.baseAddress, let target = vertical.baseAddress else { return }
        // `rows` is one past the newest row, so its slot holds the oldest.
        let slots = (0..<SSIMWindow.width).map {
          source + (rows + $0) % SSIMWindow.width * length
        }
        SSIMWindow.blur(slots, into: target, count: length)
      }
    }
  }

  private mutating func blurRows() {
    let (width, windows) = (width, windows)
    vertical.withUnsafeBufferPointer { vertical in
      filtered.withUnsafeMutableBufferPointer { filtered in
        guard let source = vertical.baseAddress, let target = filtered.baseAddress else { return }
        for quantity in 0..<Self.quantities {
          let row = source + quantity * width
          SSIMWindow.blur(
            (0..<SSIMWindow.width).map { row + $0 }, into: target + quantity * windows,
            count: windows)
        }
      }
    }
  }

  /// Wang et al., equation 13, for every window of the row.
  private mutating func compare() {
    let (c1, c2, windows) = (c1, c2, windows)
    filtered.withUnsafeBufferPointer { filtered in
      similarity.withUnsafeMutableBufferPointer { similarity in
        guard let x = filtered.baseAddress, let target = similarity.baseAddress else { return }
        let (y, sumsOfSquares, products) = (x + windows, x + 2 * windows, x + 3 * windows)
        for i in 0..<windows {
          let (meanProduct, meanSquares) = (x[i] * y[i], x[i] * x[i] + y[i] * y[i])
          let covariance = products[i] - meanProduct
          let variances = sumsOfSquares[i] - meanSquares
          let numerator = (2 * meanProduct + c1) * (2 * covariance + c2)
          target[i] = numerator / ((meanSquares + c1) * (variances + c2))
        }
      }
    }
  }
}

public import FileFormats
import RealModule
public import Tensors

extension Picture {
  /// The mean structural similarity to a reference (Wang, Bovik, Sheikh & Simoncelli 2004,
  /// "Image quality assessment", IEEE TIP 13(4)): 1 for equal colours, smaller otherwise.
  ///
  /// Gaussian window with σ = 1.5 cut at 3.5σ (11×11), population covariance, K = (0.01, 0.03),
  /// R = 255 or 65535; averaged over the positions where the whole window lies inside the picture,
  /// then over the colour channels; alpha does not count. Equal, to 1e-9 or better, to
  /// scikit-image's `structural_similarity(gaussian_weights=True, sigma=1.5,
  /// use_sample_covariance=False, data_range=R)`.
  /// - Returns: nil below 11 pixels in either direction.
  /// - Throws: `NumericalError.shape` when size, colour channels or depth differ.
  public func ssim(against reference: Picture) throws(NumericalError) -> Double? {
    try checkComparable(with: reference)
    guard width >= SSIMWindow.width, height >= SSIMWindow.width else { return nil }
    var sum = 0.0
    for channel in 0..<layout.colorChannels {
      var filter = SSIMFilter(width: width, range: Double(maxSample))
      for row in 0..<height {
        filter.append(
          Row(of: self, row: row, channel: channel),
          Row(of: reference, row: row, channel: channel))
      }
      sum += filter.mean
    }
    return sum / Double(layout.colorChannels)
  }
}

/// One row of one channel inside interleaved samples.
private struct Row {
  let samples: [UInt16]
  let first: Int
  let step: Int

  init(of picture: Picture, row: Int, channel: Int) {
    samples = picture.samples
    first = row * picture.width * picture.layout.channels + channel
    step = picture.layout.channels
  }
}

/// The weights of the Gaussian window; it is separable and symmetric.
private enum SSIMWindow {
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
}

/// Filters two channels as their rows arrive and sums the similarity of every full window.
///
/// Four quantities are filtered: x, y, x² + y² and xy; the variances are only needed as a sum. The
/// last eleven rows of them stay in a ring, so memory is O(width) and the work per pixel is two
/// passes of the one-dimensional window.
private struct SSIMFilter {
  private static let quantities = 4

  private let width: Int
  private let c1: Double
  private let c2: Double
  private var ring: [Double]  // [window row, quantity, column]
  private var blurred: [Double]  // [quantity, column], filtered vertically
  private var rows = 0
  private var sum = 0.0

  init(width: Int, range: Double) {
    self.width = width
    c1 = (0.01 * range) * (0.01 * range)
    c2 = (0.03 * range) * (0.03 * range)
    ring = [Double](repeating: 0, count: SSIMWindow.width * Self.quantities * width)
    blurred = [Double](repeating: 0, count: Self.quantities * width)
  }

  /// The mean over the windows seen so far.
  var mean: Double {
    sum / Double((width - SSIMWindow.width + 1) * (rows - SSIMWindow.width + 1))
  }

  mutating func append(_ x: Row, _ y: Row) {
    store(x, y)
    rows += 1
    guard rows >= SSIMWindow.width else { return }
    blurVertically()
    sum += similarityOfRow()
  }

  private mutating func store(_ x: Row, _ y: Row) {
    let (width, slot) = (width, rows % SSIMWindow.width)
    ring.withUnsafeMutableBufferPointer { ring in
      let start = slot * Self.quantities * width
      for column in 0..<width {
        let a = Double(x.samples[x.first + column * x.step])
        let b = Double(y.samples[y.first + column * y.step])
        ring[start + column] = a
        ring[start + width + column] = b
        ring[start + 2 * width + column] = a * a + b * b
        ring[start + 3 * width + column] = a * b
      }
    }
  }

  /// Filters the ring's columns; the row in the middle of the window has weight 0.
  private mutating func blurVertically() {
    let length = Self.quantities * width
    let weights = SSIMWindow.weights
    // `rows` has passed the newest row, so its slot is the oldest's.
    func slot(_ age: Int) -> Int { (rows + age) % SSIMWindow.width * length }
    let middle = slot(SSIMWindow.radius)
    let pairs = (1...SSIMWindow.radius).map {
      (slot(SSIMWindow.radius - $0), slot(SSIMWindow.radius + $0), weights[$0])
    }
    ring.withUnsafeBufferPointer { ring in
      blurred.withUnsafeMutableBufferPointer { blurred in
        for i in 0..<length { blurred[i] = weights[0] * ring[middle + i] }
        for (above, below, weight) in pairs {
          for i in 0..<length { blurred[i] += weight * (ring[above + i] + ring[below + i]) }
        }
      }
    }
  }

  /// The sum of the similarity over the windows centred on one row.
  private func similarityOfRow() -> Double {
    let (c1, c2, width) = (c1, c2, width)
    return blurred.withUnsafeBufferPointer { values in
      let window = Weights()
      var sum = 0.0
      for column in 0..<width - SSIMWindow.width + 1 {
        let x = window.apply(to: values, at: column)
        let y = window.apply(to: values, at: width + column)
        let squares = window.apply(to: values, at: 2 * width + column)
        let product = window.apply(to: values, at: 3 * width + column)
        let (meanProduct, meanSquares) = (x * y, x * x + y * y)
        let structure = 2 * (product - meanProduct) + c2
        let spread = squares - meanSquares + c2
        sum += (2 * meanProduct + c1) * structure / ((meanSquares + c1) * spread)
      }
      return sum
    }
  }
}

/// The window's weights in registers: a loop over an array of eleven would not be vectorised.
private struct Weights {
  private let w0, w1, w2, w3, w4, w5: Double

  init() {
    let weights = SSIMWindow.weights
    (w0, w1, w2) = (weights[0], weights[1], weights[2])
    (w3, w4, w5) = (weights[3], weights[4], weights[5])
  }

  /// The weighted mean of the eleven values from `start`.
  @inline(__always)
  func apply(to values: UnsafeBufferPointer<Double>, at start: Int) -> Double {
    let inner = w0 * values[start + 5] + w1 * (values[start + 4] + values[start + 6])
    let middle =
      w2 * (values[start + 3] + values[start + 7]) + w3 * (values[start + 2] + values[start + 8])
    let outer =
      w4 * (values[start + 1] + values[start + 9]) + w5 * (values[start] + values[start + 10])
    return inner + middle + outer
  }
}

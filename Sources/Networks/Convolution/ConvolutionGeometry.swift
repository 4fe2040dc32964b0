public import Tensors

/// The sizes of a two-dimensional convolution.
///
/// x is [B, C, H, W], w [O, C/G, K, L], b [O], y [B, O, P, Q] with
/// P = ⌊(H + 2·padding − dilation·(K − 1) − 1)/stride⌋ + 1, and Q likewise.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// B.
  public let batch: Int
  /// C.
  public let channels: Int
  /// H and W.
  public let picture: PlaneSize
  /// O.
  public let outputs: Int
  /// K and L.
  public let kernel: PlaneSize
  public let stride: PlaneSize
  /// Zeros on either side.
  public let padding: PlaneSize
  public let dilation: PlaneSize
  /// G: channels and outputs come in so many parts that do not see each other.
  public let groups: Int
  /// P and Q.
  public let result: PlaneSize

  /// The most that a stride, a padding or a dilation may be: sums of them stay countable.
  private static let largest = Int(Int32.max)

  /// - Throws: `NumericalError.shape` for ranks other than 4, sizes that do not fit, sizes of zero and
  ///   a kernel that is larger than the padded picture; `.tooLarge` for results that nobody can count.
  public init(
    x: Shape, w: Shape, b: Shape? = nil, stride: PlaneSize = PlaneSize(1),
    padding: PlaneSize = PlaneSize(0), dilation: PlaneSize = PlaneSize(1), groups: Int = 1
  ) throws(NumericalError) {
    let call = "conv2d of \(x) by \(w)\(b.map { " and \($0)" } ?? "")"
    guard x.rank == 4, w.rank == 4 else {
      throw .shape("\(call): x [B, C, H, W] and w [O, C/groups, K, L] fit")
    }
    guard x.count > 0, w.count > 0 else { throw .shape("\(call): every size is at least 1") }
    func within(_ value: PlaneSize, from low: Int) -> Bool {
      [value.down, value.across].allSatisfy { $0 >= low && $0 <= Self.largest }
    }
    guard within(stride, from: 1), within(dilation, from: 1), within(padding, from: 0), groups >= 1
    else {
      throw .shape("\(call): stride, dilation and groups count from 1, padding from 0")
    }
    guard x[1] % groups == 0, w[0] % groups == 0, w[1] == x[1] / groups else {
      throw .shape(
        "\(call): w [O, C/groups, K, L] of \(x[1]) channels in \(groups) group\(groups == 1 ? "" : "s")"
          + " has \(w[1])")
    }
    if let b, b != [w[0]] { throw .shape("\(call): b is [\(w[0])]") }
    (batch, channels, outputs) = (x[0], x[1], w[0])
    (picture, kernel) = (PlaneSize(x[2], x[3]), PlaneSize(w[2], w[3]))
    (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
    func size(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int) -> Int? {
      let reach = (kernel - 1).multipliedReportingOverflow(by: dilation)
      let padded = size.addingReportingOverflow(2 * padding)
      guard !reach.overflow, !padded.overflow, reach.partialValue < padded.partialValue else {
        return nil
      }
      return (padded.partialValue - reach.partialValue - 1) / stride + 1
    }
    guard
      let down = size(x[2], w[2], stride.down, padding.down, dilation.down),
      let across = size(x[3], w[3], stride.across, padding.across, dilation.across)
    else { throw .shape("\(call): the kernel is larger than the padded picture") }
    result = PlaneSize(down, across)
    _ = try Shape(checking: [x[0], w[0], down, across])
    // What is padded is copied, so it has to be countable too.
    _ = try Shape(checking: [x[0], x[1], x[2] + 2 * padding.down, x[3] + 2 * padding.across, 8])
  }

  /// A geometry from its parts, which fit.
  init(
    batch: Int, channels: Int, picture: PlaneSize, outputs: Int, kernel: PlaneSize,
    padding: PlaneSize, groups: Int, result: PlaneSize
  ) {
    (self.batch, self.channels, self.picture) = (batch, channels, picture)
    (self.outputs, self.kernel, self.padding) = (outputs, kernel, padding)
    (stride, dilation, self.groups) = (PlaneSize(1), PlaneSize(1), groups)
    self.result = result
  }

  /// [B, C, H, W].
  public var inputShape: Shape { [batch, channels, picture.down, picture.across] }
  /// [O, C/G, K, L].
  public var weightShape: Shape {
    [outputs, channels / groups, kernel.down, kernel.across]
  }
  /// [B, O, P, Q].
  public var resultShape: Shape { [batch, outputs, result.down, result.across] }

  /// The products in the sum of one result: C/G·K·L.
  var terms: Int { channels / groups * kernel.area }
  /// From the first place of a window to its last.
  var reach: PlaneSize { kernel.combined(dilation) { ($0 - 1) * $1 } }
  /// Whether neighbouring results see neighbouring windows without gaps, all channels at once.
  var isPlain: Bool {
    stride == PlaneSize(1) && dilation == PlaneSize(1) && groups == 1
  }

  /// The same convolution of pictures of one row, where no window has neighbours; else itself.
  var flattened: ConvolutionGeometry {
    guard isPlain, kernel == PlaneSize(1), padding == PlaneSize(0) else { return self }
    let row = PlaneSize(1, picture.area)
    return ConvolutionGeometry(
      batch: batch, channels: channels, picture: row, outputs: outputs, kernel: kernel,
      padding: padding, groups: 1, result: row)
  }

  /// The convolution that makes the input's adjoint of the result's, by the kernel turned around, its
  /// channels and outputs changed about; nil where it has gaps or the padding exceeds the kernel.
  var transposed: ConvolutionGeometry? {
    let rest = reach.combined(padding, -)
    guard isPlain, rest.down >= 0, rest.across >= 0 else { return nil }
    return ConvolutionGeometry(
      batch: batch, channels: outputs, picture: result, outputs: channels, kernel: kernel,
      padding: rest, groups: 1, result: picture)
  }
}

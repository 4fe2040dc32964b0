/// A plot of lines and points in the plane, drawn as a self-contained SVG picture.
///
/// `svg()` gives the same bytes for the same plot. Values that are not finite, and on a logarithmic
/// axis those that are not positive, are left out; the picture says how many.
public struct Plot: Sendable {
  /// How an axis maps values.
  public enum Scale: Sendable {
    /// Equal distances are equal differences.
    case linear
    /// Equal distances are equal ratios.
    case logarithmic
  }

  /// One of the two axes.
  public struct Axis: Sendable {
    /// What is shown, with its unit.
    public var label: String
    /// How values are mapped.
    public var scale: Scale

    /// An axis by label.
    public init(_ label: String, scale: Scale = .linear) {
      self.label = label
      self.scale = scale
    }
  }

  /// One point.
  public struct Point: Sendable, Equatable {
    /// The value on the horizontal axis.
    public var x: Double
    /// The value on the vertical axis.
    public var y: Double

    /// A point by its values.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Points that belong together.
  public struct Series: Sendable {
    /// How the points are drawn.
    public enum Style: Sendable {
      /// Joined by a line.
      case line
      /// A dot each.
      case dots
      /// Both.
      case lineAndDots
    }

    /// The name in the legend.
    public var name: String
    /// The points in drawing order.
    public var points: [Point]
    /// How they are drawn.
    public var style: Style

    /// A series of points.
    public init(_ name: String, _ points: [Point], style: Style = .line) {
      self.name = name
      self.points = points
      self.style = style
    }

    /// A series of values over 1, 2, 3, …: singular values over their index.
    public init(_ name: String, values: [Double], style: Style = .line) {
      let points = values.enumerated().map { Point(x: Double($0.offset + 1), y: $0.element) }
      self.init(name, points, style: style)
    }
  }

  /// A labelled line across the plot.
  public struct Marker: Sendable {
    /// Which way the line goes.
    public enum Direction: Sendable {
      /// At an x, from bottom to top.
      case vertical
      /// At a y, from left to right.
      case horizontal
    }

    /// Which way the line goes.
    public var direction: Direction
    /// The x or y that it marks.
    public var value: Double
    /// What it says.
    public var label: String

    /// A line at an x: the chosen rank.
    public static func vertical(_ x: Double, label: String) -> Marker {
      Marker(direction: .vertical, value: x, label: label)
    }

    /// A line at a y: the edge of the noise.
    public static func horizontal(_ y: Double, label: String) -> Marker {
      Marker(direction: .horizontal, value: y, label: label)
    }
  }

  /// What stands above the plot.
  public var title: String
  /// The horizontal axis.
  public var xAxis: Axis
  /// The vertical axis.
  public var yAxis: Axis
  /// What is drawn, in order; more than one have a legend.
  public var series: [Series]
  /// Lines over it.
  public var markers: [Marker]

  /// A plot.
  public init(
    title: String, xAxis: Axis, yAxis: Axis, series: [Series], markers: [Marker] = []
  ) {
    self.title = title
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.series = series
    self.markers = markers
  }
}

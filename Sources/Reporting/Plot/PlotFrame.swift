/// Where the parts of a plot stand in the picture, and the way from values to pixels.
struct PlotFrame {
  /// The size of the picture.
  static let width = 720.0
  let height: Double
  /// The sides of the area that the axes enclose.
  let left = 78.0
  let right = PlotFrame.width - 24
  let top: Double
  let bottom: Double

  let x: PlotScale
  let y: PlotScale

  /// The frame for a plot, with room for its legend and its remarks.
  init(_ plot: Plot, hasLegend: Bool, hasRemark: Bool) {
    top = hasLegend ? 74 : 52
    bottom = top + 320
    height = bottom + (hasRemark ? 74 : 54)
    let points = plot.series.flatMap(\.points).filter(plot.canShow)
    let across = plot.markers.filter { $0.direction == .vertical }.map(\.value)
    let along = plot.markers.filter { $0.direction == .horizontal }.map(\.value)
    x = PlotScale(plot.xAxis.scale, showing: points.map(\.x) + across)
    y = PlotScale(plot.yAxis.scale, showing: points.map(\.y) + along)
  }

  /// The pixel column of a value.
  func pixelX(_ value: Double) -> Double { left + x.position(value) * (right - left) }

  /// The pixel row of a value.
  func pixelY(_ value: Double) -> Double { bottom - y.position(value) * (bottom - top) }
}

extension Plot {
  /// Whether both axes have a place for a point.
  func canShow(_ point: Point) -> Bool {
    PlotScale.canShow(point.x, xAxis.scale) && PlotScale.canShow(point.y, yAxis.scale)
  }

  /// Whether its axis has a place for a marker.
  func canShow(_ marker: Marker) -> Bool {
    PlotScale.canShow(marker.value, marker.direction == .vertical ? xAxis.scale : yAxis.scale)
  }
}

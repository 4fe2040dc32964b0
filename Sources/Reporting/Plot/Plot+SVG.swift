extension Plot {
  /// The plot as an SVG 1.1 document of 720 pixels in width.
  public func svg() -> String { Self.svg([self]) }

  /// Plots above one another in one document.
  public static func svg(_ plots: [Plot]) -> String {
    let drawings = plots.map(PlotDrawing.init)
    let height = drawings.reduce(0) { $0 + $1.height }
    let size = "\(SVGText.number(PlotFrame.width)) \(SVGText.number(height))"
    let sides = size.split(separator: " ")
    let font = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif"
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="\(sides[0])" height="\(sides[1])" \
      viewBox="0 0 \(size)" font-family="\(font)" font-size="12" fill="\(PlotDrawing.ink)">
      <title>\(SVGText.escaped(plots.map(\.title).joined(separator: "; ")))</title>
      <rect width="100%" height="100%" fill="#ffffff"/>

      """
    var top = 0.0
    for drawing in drawings {
      text +=
        top == 0
        ? drawing.content
        : "<g transform=\"translate(0 \(SVGText.number(top)))\">\n\(drawing.content)</g>\n"
      top += drawing.height
    }
    return text + "</svg>\n"
  }
}

/// Draws one plot.
private struct PlotDrawing {
  /// Colours that people with any kind of colour vision can tell apart (Okabe & Ito 2008).
  private static let colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
  static let ink = "#24292f"
  private static let quietInk = "#57606a"
  private static let grid = "#d8dee4"
  private static let faintGrid = "#eef1f4"
  /// The mean width of a character at 12 pixels in the usual sans-serif faces.
  private static let characterWidth = 6.7
  /// More points than this on a line would run their dots together.
  private static let mostDots = 60

  private let plot: Plot
  private let frame: PlotFrame
  private let hasLegend: Bool
  private let remark: String?

  init(_ plot: Plot) {
    self.plot = plot
    hasLegend = plot.series.count > 1
    remark = Self.remark(plot)
    frame = PlotFrame(plot, hasLegend: hasLegend, hasRemark: remark != nil)
  }

  var height: Double { frame.height }

  /// Everything but the document around it.
  var content: String {
    axes() + plot.series.indices.map(series).joined() + markers() + border() + texts()
      + (hasLegend ? legend() : "")
  }

  // MARK: axes

  private func axes() -> String {
    let columns = frame.x.ticks(about: 8).map { tick in
      let x = frame.pixelX(tick.value)
      return line(x, frame.top, x, frame.bottom, tick)
        + text(tick, x: x, y: frame.bottom + 18, anchor: "middle")
    }
    let rows = frame.y.ticks(about: 8).map { tick in
      let y = frame.pixelY(tick.value)
      return line(frame.left, y, frame.right, y, tick)
        + text(tick, x: frame.left - 8, y: y + 4, anchor: "end")
    }
    return (columns + rows).joined()
  }

  private func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ tick: PlotScale.Tick
  ) -> String {
    SVGText.element(
      "line",
      [
        "x1": SVGText.number(x1), "y1": SVGText.number(y1), "x2": SVGText.number(x2),
        "y2": SVGText.number(y2), "stroke": tick.label == nil ? Self.faintGrid : Self.grid,
      ])
  }

  private func text(
    _ tick: PlotScale.Tick, x: Double, y: Double, anchor: String
  ) -> String {
    let markup: String
    switch tick.label {
    case nil: return ""
    case .text(let text): markup = SVGText.escaped(text)
    case .powerOfTen(let exponent):
      let sign = exponent < 0 ? "−" : ""
      markup = "10<tspan dy=\"-5\" font-size=\"9\">\(sign)\(exponent.magnitude)</tspan>"
    }
    return SVGText.text(markup, x: x, y: y, ["text-anchor": anchor, "fill": Self.quietInk])
  }

  private func border() -> String {
    SVGText.element(
      "rect",
      [
        "x": SVGText.number(frame.left), "y": SVGText.number(frame.top),
        "width": SVGText.number(frame.right - frame.left),
        "height": SVGText.number(frame.bottom - frame.top), "fill": "none",
        "stroke": "#8c959f",
      ])
  }

  // MARK: contents

  private func series(_ index: Int) -> String {
    let series = plot.series[index]
    let color = Self.colors[index % Self.colors.count]
    let pixels = visiblePixels(series.points)
    var result = ""
    if series.style != .dots, pixels.count > 1 {
      result += SVGText.element(
        "polyline",
        [
          "points": pixels.map { "\($0.x),\($0.y)" }.joined(separator: " "), "fill": "none",
          "stroke": color, "stroke-width": "2", "stroke-linejoin": "round",
        ])
    }
    // A line through one point would not be seen.
    let showsDots =
      switch series.style {
      case .dots: true
      case .line: pixels.count == 1
      case .lineAndDots: pixels.count <= Self.mostDots
      }
    guard showsDots else { return result }
    return result
      + pixels.map {
        SVGText.element("circle", ["cx": $0.x, "cy": $0.y, "r": "3", "fill": color])
      }.joined()
  }

  /// The places of the points that can be shown, without those that fall on the one before.
  private func visiblePixels(_ points: [Plot.Point]) -> [(x: String, y: String)] {
    var result: [(x: String, y: String)] = []
    for point in points where plot.canShow(point) {
      let pixel = (
        x: SVGText.number(frame.pixelX(point.x)), y: SVGText.number(frame.pixelY(point.y))
      )
      if let last = result.last, last == pixel { continue }
      result.append(pixel)
    }
    return result
  }

  private func markers() -> String {
    var verticals = 0
    var taken: [(y: Double, left: Double)] = []
    return plot.markers.filter(plot.canShow).map { marker in
      guard marker.direction == .vertical else { return horizontal(marker, beside: &taken) }
      verticals += 1
      return vertical(marker, row: verticals)
    }.joined()
  }

  /// A line from top to bottom; the labels of several stand below one another.
  private func vertical(_ marker: Plot.Marker, row: Int) -> String {
    let x = frame.pixelX(marker.value)
    let isOnTheRight = x > (frame.left + frame.right) / 2
    return markerLine(x, frame.top, x, frame.bottom)
      + label(
        marker.label, x: isOnTheRight ? x - 6 : x + 6, y: frame.top + 16 * Double(row),
        anchor: isOnTheRight ? "end" : "start")
  }

  /// A line from left to right; where another label is within a line's height, this one goes to the
  /// left of it.
  private func horizontal(
    _ marker: Plot.Marker, beside taken: inout [(y: Double, left: Double)]
  ) -> String {
    let y = frame.pixelY(marker.value)
    let isAtTheTop = y < frame.top + 24
    let textY = isAtTheTop ? y + 15 : y - 6
    let right = taken.filter { abs($0.y - textY) < 14 }.map(\.left).min() ?? frame.right
    // Letters are about seven units wide.
    taken.append((textY, right - 14 - 7 * Double(marker.label.count)))
    return markerLine(frame.left, y, frame.right, y)
      + label(marker.label, x: right - 6, y: textY, anchor: "end")
  }

  private func markerLine(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    SVGText.element(
      "line",
      [
        "x1": SVGText.number(x1), "y1": SVGText.number(y1), "x2": SVGText.number(x2),
        "y2": SVGText.number(y2), "stroke": Self.ink, "stroke-dasharray": "5 4",
      ])
  }

  /// A text with a white edge, so that it can be read over lines.
  private func label(_ text: String, x: Double, y: Double, anchor: String) -> String {
    SVGText.text(
      SVGText.escaped(text), x: x, y: y,
      [
        "text-anchor": anchor, "stroke": "#ffffff", "stroke-width": "4",
        "stroke-linejoin": "round", "paint-order": "stroke",
      ])
  }

  // MARK: words

  private func texts() -> String {
    let middle = (frame.left + frame.right) / 2
    let center = (frame.top + frame.bottom) / 2
    var result = SVGText.text(
      SVGText.escaped(plot.title), x: frame.left, y: 32,
      ["font-size": "16", "font-weight": "600"])
    result += SVGText.text(
      SVGText.escaped(plot.xAxis.label), x: middle, y: frame.bottom + 42,
      ["text-anchor": "middle"])
    result += SVGText.text(
      SVGText.escaped(plot.yAxis.label), x: 20, y: center,
      ["text-anchor": "middle", "transform": "rotate(-90 20 \(SVGText.number(center)))"])
    if let remark {
      result += SVGText.text(
        SVGText.escaped(remark), x: frame.left, y: frame.bottom + 64,
        ["font-size": "11", "fill": Self.quietInk])
    }
    return result
  }

  /// The names of the series in one row below the title.
  private func legend() -> String {
    var x = frame.left
    return plot.series.enumerated().map { index, series in
      defer { x += 44 + Self.characterWidth * Double(DisplayWidth.of(series.name)) }
      let color = Self.colors[index % Self.colors.count]
      let y = frame.top - 18
      let sample =
        series.style == .dots
        ? SVGText.element(
          "circle",
          ["cx": SVGText.number(x + 9), "cy": SVGText.number(y), "r": "3", "fill": color])
        : SVGText.element(
          "line",
          [
            "x1": SVGText.number(x), "y1": SVGText.number(y), "x2": SVGText.number(x + 18),
            "y2": SVGText.number(y), "stroke": color, "stroke-width": "2",
          ])
      return sample + SVGText.text(SVGText.escaped(series.name), x: x + 24, y: y + 4)
    }.joined()
  }

  /// What the picture has to say about values that it leaves out.
  private static func remark(_ plot: Plot) -> String? {
    let points = plot.series.flatMap(\.points)
    let hidden = points.count { !plot.canShow($0) }
    guard !points.isEmpty else { return "no values" }
    guard hidden > 0 else { return nil }
    let hasLogarithm = plot.xAxis.scale == .logarithmic || plot.yAxis.scale == .logarithmic
    let reason = hasLogarithm ? "zero, negative or not finite" : "not finite"
    let subject = hidden == 1 ? "1 value is" : "\(NumberText.grouped(hidden)) values are"
    return "\(subject) not shown: \(reason)"
  }
}

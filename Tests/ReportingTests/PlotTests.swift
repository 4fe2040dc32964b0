import Reporting
import Testing

@Suite("Plots")
struct PlotTests {
  private func spectrum(_ values: [Double], markers: [Plot.Marker] = []) -> Plot {
    Plot(
      title: "Singular values of <camera> & \"co\"", xAxis: .init("index"),
      yAxis: .init("σ", scale: .logarithmic), series: [.init("σ", values: values)],
      markers: markers)
  }

  @Test("the same plot gives the same bytes, and they are well formed")
  func wellFormed() throws {
    let plot = spectrum(
      (1...100).map { 1e5 / Double($0 * $0) },
      markers: [.vertical(50, label: "rank 50"), .horizontal(12, label: "noise <edge>")])
    let text = plot.svg()
    #expect(text == plot.svg())
    try checkMarkup(text)
    #expect(text.contains("Singular values of &lt;camera&gt; &amp; &quot;co&quot;"))
    #expect(text.contains(">rank 50</text>"))
    #expect(text.contains("noise &lt;edge&gt;"))
    #expect(text.contains("10<tspan dy=\"-5\" font-size=\"9\">5</tspan>"))
    #expect(text.occurrences(of: "<polyline") == 1)
    #expect(!text.contains("nan") && !text.contains("inf"))
  }

  @Test("values that a logarithmic axis cannot show are counted")
  func hidden() throws {
    let text = spectrum([10, 1, 0, -1, .nan, .infinity]).svg()
    try checkMarkup(text)
    #expect(text.contains("4 values are not shown: zero, negative or not finite"))
    let one = spectrum([10, 1, 0]).svg()
    #expect(one.contains("1 value is not shown: zero, negative or not finite"))
    #expect(!spectrum([10, 1]).svg().contains("not shown"))
  }

  @Test(
    "spectra of every kind have a picture",
    arguments: [
      [], [0], [0, 0, 0], [5], [5, 5, 5], [1e300, 1e-300], [.leastNonzeroMagnitude],
      [.greatestFiniteMagnitude, 1], [.nan], [3, 2.9, 2.8], [99, 1], [1e-12, 1e-13],
    ] as [[Double]], [Plot.Scale.linear, .logarithmic])
  func degenerate(values: [Double], scale: Plot.Scale) throws {
    let plot = Plot(
      title: "", xAxis: .init("x", scale: scale), yAxis: .init("y", scale: scale),
      series: [.init("a", values: values, style: .lineAndDots)],
      markers: [.vertical(0, label: "zero"), .horizontal(.nan, label: "nan")])
    let text = plot.svg()
    try checkMarkup(text)
    #expect(!text.contains("nan\"") && !text.contains("inf\""))
    let finite = values.count { $0.isFinite && (scale == .linear || $0 > 0) }
    #expect(text.contains("<circle") == (finite > 0))
  }

  @Test("both ends of the range of doubles fit on a linear axis")
  func extremes() throws {
    let points = [Plot.Point(x: -1.7e308, y: -1.7e308), Plot.Point(x: 1.7e308, y: 1.7e308)]
    let text = Plot(
      title: "t", xAxis: .init("x"), yAxis: .init("y"), series: [.init("s", points)]
    ).svg()
    try checkMarkup(text)
    #expect(text.contains("<polyline"))
    #expect(!text.contains("nan") && !text.contains("inf"))
  }

  @Test("few decades have plain numbers, many have powers of ten")
  func decades() {
    #expect(spectrum([1000, 1]).svg().contains(">1,000</text>"))
    #expect(spectrum([1, 0.01]).svg().contains(">0.01</text>"))
    #expect(!spectrum([1000, 1]).svg().contains("tspan"))
    #expect(spectrum([1e12, 1e-3]).svg().contains("10<tspan dy=\"-5\" font-size=\"9\">−2</tspan>"))
  }

  @Test("several series have a legend, one has none")
  func legend() throws {
    var plot = spectrum([3, 2, 1])
    plot.series[0].name = "the only one"
    #expect(!plot.svg().contains("the only one"))
    plot.series.append(.init("a second & last one", values: [2, 2, 2], style: .dots))
    let text = plot.svg()
    try checkMarkup(text)
    #expect(text.contains(">a second &amp; last one</text>"))
    #expect(text.contains("#d55e00"))
  }

  @Test("points that fall on one another are drawn once")
  func thinning() {
    let plot = spectrum([Double](repeating: 1, count: 100_000))
    #expect(plot.svg().utf8.count < 1_200_000)
    let same = Plot(
      title: "", xAxis: .init("x"), yAxis: .init("y"),
      series: [.init("s", [Plot.Point](repeating: .init(x: 1, y: 1), count: 1000), style: .dots)])
    #expect(same.svg().occurrences(of: "<circle") == 1)
  }

  /// A check of what makes a text well-formed XML as far as a plot uses it: tags are closed in
  /// order, attributes are quoted and no name repeats, no bare ampersand or angle bracket.
  private func checkMarkup(_ text: String) throws {
    var open: [Substring] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "<") {
      #expect(!rest[..<start].contains(">"))
      let end = try #require(rest[start...].firstIndex(of: ">"))
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("?") { continue }
      if tag.hasPrefix("/") {
        #expect(open.popLast() == tag.dropFirst())
        continue
      }
      let name = tag.prefix { !$0.isWhitespace && $0 != "/" }
      #expect(tag.count { $0 == "\"" } % 2 == 0)
      #expect(!tag.contains("<"))
      if !tag.hasSuffix("/") { open.append(name) }
    }
    #expect(open.isEmpty)
    for part in text.split(separator: "&").dropFirst() {
      #expect(["amp;", "lt;", "gt;", "quot;"].contains { part.hasPrefix($0) })
    }
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func occurrences(of part: String) -> Int { ranges(of: part).count }
}

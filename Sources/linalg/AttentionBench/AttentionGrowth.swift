import JSONText
import Reporting

/// How time and memory of each variant grow with the number of keys.
struct AttentionGrowth {
  /// What grows: a variant's pass, causal or not.
  private struct Curve {
    let name: String
    let cells: [Cell]
    var points: [(keys: Double, seconds: Double, bytes: Double)] = []

    /// The exponents.
    var time: Double { PowerLaw.exponent(of: points.map { ($0.keys, $0.seconds) }) }
    var memory: Double { PowerLaw.exponent(of: points.map { ($0.keys, $0.bytes) }) }
  }

  private var curves: [Curve] = []

  init(_ table: BenchTable) {
    for row in table.groups.joined() {
      guard let seconds = row.outcome.seconds, let figures = row.outcome.figures,
        case .text(let variant) = row.cells[0], case .text(let pass) = row.cells[1],
        case .text(let causal) = row.cells[2], case .integer(let keys) = row.cells[7]
      else { continue }
      let name = "\(variant) \(pass)\(causal == "yes" ? " causal" : "")"
      let point = (Double(keys), seconds.median, Double(figures.extraBytes))
      if let place = curves.firstIndex(where: { $0.name == name }) {
        curves[place].points.append(point)
      } else {
        curves.append(Curve(name: name, cells: Array(row.cells[..<3]), points: [point]))
      }
    }
  }

  /// A line for every curve of at least two lengths.
  var sentences: [String] {
    curves.filter { $0.points.count > 1 }.map { curve in
      func power(_ exponent: Double) -> String {
        exponent.isFinite ? "T^\(NumberText.fixed(exponent, decimals: 2))" : "-"
      }
      return
        "\(curve.name): time grows as \(power(curve.time)), extra memory as \(power(curve.memory))"
    }
  }

  var json: JSONValue {
    .array(
      curves.filter { $0.points.count > 1 }.map { curve in
        var object = JSONObject()
        for (key, cell) in zip(["variant", "pass", "causal"], curve.cells) {
          if case .text(let text) = cell { object.append(key, .string(text)) }
        }
        object.append("time_exponent", .number(curve.time))
        object.append("memory_exponent", curve.memory.isFinite ? .number(curve.memory) : .null)
        return .object(object)
      })
  }

  /// Time and memory over the number of keys, both axes logarithmic.
  var plots: [Plot] {
    func plot(_ title: String, _ label: String, _ value: (Curve, Int) -> Double) -> Plot {
      Plot(
        title: title, xAxis: Plot.Axis("keys", scale: .logarithmic),
        yAxis: Plot.Axis(label, scale: .logarithmic),
        series: curves.map { curve in
          Plot.Series(
            curve.name,
            curve.points.indices.map { Plot.Point(x: curve.points[$0].keys, y: value(curve, $0)) },
            style: .lineAndDots)
        })
    }
    return [
      plot("Time of attention", "seconds") { $0.points[$1].seconds },
      plot("Extra memory of attention", "bytes") { $0.points[$1].bytes },
    ]
  }
}

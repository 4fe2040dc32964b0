import TestSupport
import Tensors

/// Random subscripts with fitting shapes, and their value by loops over dictionaries that share
/// nothing with the module under test.
struct RandomEquation {
  let text: String
  let shapes: [Shape]
  /// What every axis is called; axes of an ellipsis are `-1`, `-2`, … from the right.
  private let operandAxes: [[String]]
  private let outputAxes: [String]
  private let sizes: [String: Int]

  /// What is drawn: how many operands, letters, labels in a term, and the largest size.
  struct Limits {
    var operands = 3
    /// In the order of an implicit output.
    var letters = ["J", "i", "é", "α"]
    var labels = 3
    var size = 3

    /// 5 operands, ranks and sizes up to 5 and 4; all sizes together come to at most 4⁸ < 10⁵.
    static let wide = Limits(
      operands: 5, letters: ["J", "b", "i", "é", "α", "ы"], labels: 5, size: 4)
  }

  /// Operands with labels of sizes from 0 up, some of them 1 where others are larger; ranks up to 5.
  init(
    ellipsis: Bool = true, limits: Limits = Limits(), using generator: inout SeededGenerator
  ) {
    let letters = limits.letters
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    func someLetters(_ pool: [String], _ most: Int) -> [String] {
      guard !pool.isEmpty else { return [] }
      return (0..<Int.random(in: 0...most, using: &generator)).map { _ in
        pool[.random(in: 0..<pool.count, using: &generator)]
      }
    }
    var full: [String: Int] = [:]
    for name in letters + ["-1", "-2"] {
      full[name] = chance(6) ? 0 : Int.random(in: 1...limits.size, using: &generator)
    }
    var terms: [String] = []
    var axes: [[String]] = []
    var shapes: [Shape] = []
    var longest: Int?
    for _ in 0..<Int.random(in: 1...limits.operands, using: &generator) {
      let labels = someLetters(letters, limits.labels)
      var term = labels
      var own = labels
      if ellipsis && chance(50) {
        let count = min(Int.random(in: 0...2, using: &generator), 5 - labels.count)
        longest = max(longest ?? 0, count)
        let place = Int.random(in: 0...labels.count, using: &generator)
        term.insert("...", at: place)
        own.insert(contentsOf: ["-2", "-1"].suffix(count), at: place)
      }
      var local: [String: Int] = [:]
      for name in own { local[name] = local[name] ?? (chance(15) ? 1 : full[name]) }
      terms.append(term.joined(separator: chance(20) ? " " : ""))
      axes.append(own)
      shapes.append(Shape(own.map { local[$0] ?? 0 }))
    }
    var sizes: [String: Int] = [:]
    for (own, shape) in zip(axes, shapes) {
      for (name, size) in zip(own, shape.dimensions) where (sizes[name] ?? 1) == 1 {
        sizes[name] = size
      }
    }

    var text = terms.joined(separator: chance(20) ? " , " : ",")
    let used = axes.joined().filter { !$0.hasPrefix("-") }
    let broadcast = Array(["-2", "-1"].suffix(longest ?? 0))
    if chance(30) {
      outputAxes = broadcast + letters.filter { name in used.filter { $0 == name }.count == 1 }
    } else {
      var output = someLetters(used, limits.labels)
      if !chance(10) {
        var seen: Set<String> = []
        output = output.filter { seen.insert($0).inserted }
      }
      var written = output
      if longest != nil {
        let place = Int.random(in: 0...output.count, using: &generator)
        written.insert("...", at: place)
        output.insert(contentsOf: broadcast, at: place)
      }
      text += "->" + written.joined()
      outputAxes = output
    }
    self.text = text
    self.shapes = shapes
    self.sizes = sizes
    operandAxes = axes
  }

  /// Whole numbers from -5 to 5, whose sums of products are exact.
  func operands(using generator: inout SeededGenerator) -> [Tensor<Double>] {
    shapes.map { shape in
      Tensor(
        shape, (0..<shape.count).map { _ in Double(Int.random(in: -5...5, using: &generator)) })
    }
  }

  /// The result by the definition.
  func value(_ operands: [Tensor<Double>]) -> Tensor<Double> {
    let outputShape = Shape(outputAxes.map { sizes[$0] ?? 0 })
    var result = [Double](repeating: 0, count: outputShape.count)
    let names = sizes.keys.sorted()
    let all = Shape(names.map { sizes[$0] ?? 0 })
    for position in 0..<all.count {
      let index = Dictionary(uniqueKeysWithValues: zip(names, all.index(ofPosition: position)))
      func place(_ axes: [String], _ shape: Shape) -> Int {
        zip(axes, shape.dimensions).reduce(0) { place, axis in
          place * axis.1 + (axis.1 == 1 ? 0 : index[axis.0] ?? 0)
        }
      }
      var product = 1.0
      for (axes, operand) in zip(operandAxes, operands) {
        product *= operand.elements[place(axes, operand.shape)]
      }
      result[place(outputAxes, outputShape)] += product
    }
    return Tensor(outputShape, result)
  }
}

import RealModule
import TestSupport
import Tensors
import Testing
import VectorMathClones

/// Rows and optimiser steps against their definitions in double precision, and every compiled
/// variant against the one that this processor picks.
@Suite struct VectorRoutinesTests {
  private static let lengths = [1, 3, 8, 17, 64, 1000, 2500]

  /// Several arrays one behind the other, of which a routine gets pointers.
  private struct Rows<Element: Scalar> {
    var elements: [Element]
    let length: Int

    init(_ count: Int, length: Int, seed: UInt64) {
      self.length = length
      elements = RandomSource(seed: seed).normal([count * length], as: Element.self).elements
    }

    subscript(_ row: Int) -> [Double] {
      elements[row * length..<(row + 1) * length].map { Double($0) }
    }

    /// The row of which `body` gets a pointer by its number.
    mutating func run<Result>(
      _ body: ((Int) -> UnsafeMutablePointer<Element>) -> Result
    ) throws -> Result {
      try elements.withUnsafeMutableBufferPointer {
        let base = try #require($0.baseAddress)
        return body { base + $0 * length }
      }
    }
  }

  private func expectNear<Element: Scalar>(
    _ result: [Double], _ expected: [Double], slack: Double = 16, _ type: Element.Type,
    _ name: String
  ) {
    let size = expected.map(abs).filter(\.isFinite).max() ?? 0
    let tolerance = slack * Double(Element.epsilon) * max(size, 1e-30)
    let isNear = zip(result, expected).allSatisfy { $0 == $1 || abs($0 - $1) <= tolerance }
    #expect(isNear && result.count == expected.count, "\(name) \(Element.self) \(result.count)")
  }

  @Test(arguments: lengths)
  func rows(length: Int) throws {
    try expectSoftmax(length, as: Float.self)
    try expectSoftmax(length, as: Double.self)
    try expectLayerNorm(length, as: Float.self)
    try expectLayerNorm(length, as: Double.self)
  }

  private func expectSoftmax<Element: Scalar>(_ n: Int, as type: Element.Type) throws {
    var rows = Rows<Element>(4, length: n, seed: 5)
    for i in 0..<n { rows.elements[i] = rows.elements[i] * 4 + 100 }
    if n > 2 { rows.elements[n / 2] = -.infinity }
    let (x, g) = (rows[0], rows[3])
    let most = x.max() ?? 0
    // Not by the logarithm, which is rounded where x is large.
    let total = x.map { Double.exp($0 - most) }.reduce(0, +)
    let logarithm = most + Double.log(total)
    let softmax = x.map { Double.exp($0 - most) / total }
    let results = try rows.run { row in
      [
        Element.softmaxRow(n, row(0), into: row(1)), Element.logSoftmaxRow(n, row(0), into: row(2)),
        Element.vectorMaximum(n, row(0)),
      ].map { Double($0) }
    }
    expectNear(results, [logarithm, logarithm, most], type, "log-sum-exp")
    expectNear(rows[1], softmax, type, "softmax")
    expectNear(rows[2], x.map { $0 - logarithm }, type, "log-softmax")
    let dot = zip(g, rows[1]).map(*).reduce(0, +)
    let cotangent = zip(g, rows[1]).map { $1 * ($0 - dot) }
    try rows.run { row in Element.softmaxRowCotangent(n, softmax: row(1), row(3)) }
    expectNear(rows[3], cotangent, slack: 16 * Double(n).squareRoot(), type, "softmax backward")
    let sum = try rows.run { row in
      Element.vectorExp(n, scale: 0.5, shift: 50, row(0), into: row(3))
    }
    let powers = x.map { Double.exp(0.5 * $0 - 50) }
    expectNear([Double(sum)], [powers.reduce(0, +)], slack: 100, type, "sum of powers")
    expectNear(rows[3], powers, slack: 100, type, "powers")
  }

  @Test func rowsOfMinusInfinity() throws {
    for n in [0, 1, 40] {
      var x = [Float](repeating: -.infinity, count: n + 1)
      var y = x
      let logarithms = x.withUnsafeMutableBufferPointer { x in
        y.withUnsafeMutableBufferPointer { y -> [Float] in
          guard let x = x.baseAddress, let y = y.baseAddress else { return [] }
          return [Float.softmaxRow(n, x, into: y), Float.logSoftmaxRow(n, x, into: x)]
        }
      }
      #expect(logarithms == [-.infinity, -.infinity])
      #expect(y.prefix(n).allSatisfy { $0 == 0 } && x.prefix(n).allSatisfy { $0 == -.infinity })
    }
  }

  private func expectLayerNorm<Element: Scalar>(_ n: Int, as type: Element.Type) throws {
    // x, scale, shift, x̂, y, ȳ, x̄ and the cotangents of scale and shift.
    var rows = Rows<Element>(9, length: n, seed: 6)
    let (scale, shift, gradient) = (rows[1], rows[2], rows[5])
    let (scaleBefore, shiftBefore) = (rows[7], rows[8])
    let count = Double(n)
    let mean = rows[0].reduce(0, +) / count
    let centred = rows[0].map { $0 - mean }
    let r = 1 / (centred.map { $0 * $0 }.reduce(0, +) / count + 0.125).squareRoot()
    let root = try rows.run { row in
      Element.layerNormRow(
        n, epsilon: 0.125, row(0), scale: row(1), shift: row(2), normalized: row(3), into: row(4))
    }
    let slack = 16 + count.squareRoot()
    expectNear([Double(root)], [r], slack: slack, type, "layer norm's root")
    let normal = centred.map { $0 * r }
    expectNear(rows[3], normal, slack: slack, type, "layer norm's x̂")
    let y = (0..<n).map { scale[$0] * normal[$0] + shift[$0] }
    expectNear(rows[4], y, slack: slack, type, "layer norm")
    try rows.run { row in
      Element.layerNormRowCotangent(
        n, r: root, row(5), normalized: row(3), scale: row(1), x: row(6), addingToScale: row(7),
        addingToShift: row(8))
    }
    let delta = zip(scale, gradient).map(*)
    let products = zip(delta, normal).map(*)
    let (mean1, mean2) = (delta.reduce(0, +) / count, products.reduce(0, +) / count)
    let expected = (0..<n).map { (i: Int) -> Double in
      r * (delta[i] - mean1 - normal[i] * mean2)
    }
    // A row of one number has no gradient but for rounding.
    if n > 1 { expectNear(rows[6], expected, slack: slack, type, "layer norm backward") }
    let forScale = (0..<n).map { scaleBefore[$0] + gradient[$0] * normal[$0] }
    expectNear(rows[7], forScale, slack: slack, type, "layer norm's scale")
    let forShift = zip(shiftBefore, gradient).map(+)
    expectNear(rows[8], forShift, type, "layer norm's shift")
  }

  @Test(arguments: lengths)
  func arithmetic(length: Int) throws {
    try expectArithmetic(length, as: Float.self)
    try expectArithmetic(length, as: Double.self)
  }

  /// Every operation in every pattern of steps rounds as Swift's does.
  private func expectArithmetic<Element: Scalar>(_ n: Int, as type: Element.Type) throws {
    let operations: [(VectorOperation, (Element, Element) -> Element)] = [
      (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }),
      (.divide, { $0 / $1 }),
    ]
    var rows = Rows<Element>(3, length: n, seed: 3)
    let (x, y) = (Array(rows.elements[..<n]), Array(rows.elements[n..<2 * n]))
    for (operation, function) in operations {
      for (xStep, yStep) in [(1, 1), (0, 1), (1, 0), (0, 0)] {
        try rows.run { row in
          Element.vectorArithmetic(
            operation, n, row(0), xStep: xStep, row(1), yStep: yStep, into: row(2))
        }
        let expected = (0..<n).map { function(x[$0 * xStep], y[$0 * yStep]) }
        #expect(Array(rows.elements[(2 * n)...]) == expected, "\(operation) \(xStep) \(yStep)")
      }
    }
  }

  @Test(arguments: lengths)
  func updates(length n: Int) throws {
    try expectUpdates(n, as: Float.self)
    try expectUpdates(n, as: Double.self)
  }

  private func expectUpdates<Element: Scalar>(_ n: Int, as type: Element.Type) throws {
    // Rows: gradient, velocity, w for SGD; gradient, m, v, w for Adam.
    var rows = Rows<Element>(7, length: n, seed: 9)
    for i in 5 * n..<6 * n { rows.elements[i] = rows.elements[i].magnitude }
    let before = (0..<7).map { rows[$0] }
    try rows.run { row in
      Element.momentumUpdate(
        n, rate: 0.125, momentum: 0.75, decay: 0.25, gradient: row(0), velocity: row(1), w: row(2))
      Element.adamUpdate(
        n, rate: 0.125, beta1: 0.75, beta2: 0.875, epsilon: 0.0625, decay: 0.25, shrink: 0.5,
        meanFactor: 4, squareFactor: 8, gradient: row(3), m: row(4), v: row(5), w: row(6))
    }
    let velocity = (0..<n).map { (i: Int) -> Double in
      0.75 * before[1][i] + (before[0][i] + 0.25 * before[2][i])
    }
    expectNear(rows[1], velocity, type, "velocity")
    expectNear(rows[2], zip(before[2], velocity).map { $0 - 0.125 * $1 }, type, "SGD")
    let gradient = zip(before[3], before[6]).map { $0 + 0.25 * $1 }
    let m = zip(before[4], gradient).map { 0.75 * $0 + 0.25 * $1 }
    let v = zip(before[5], gradient).map { 0.875 * $0 + 0.125 * $1 * $1 }
    let w = (0..<n).map { (i: Int) -> Double in
      let size = (8 * v[i]).squareRoot() + 0.0625
      return 0.5 * before[6][i] - 0.5 * m[i] / size
    }
    expectNear(rows[4], m, type, "Adam's m")
    expectNear(rows[5], v, type, "Adam's v")
    expectNear(rows[6], w, type, "Adam")
  }
}

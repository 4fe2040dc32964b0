import TestSupport
import Tensors
import Testing

@testable import Gradients

/// Indices and slices against Python's rules, walked place by place.
@Suite("Expressions: indices")
struct ExpressionIndexTests {
  /// The places that `start:stop:step` visits, found by walking.
  private func places(_ start: Int?, _ stop: Int?, _ step: Int, of size: Int) -> [Int] {
    func fromEnd(_ bound: Int) -> Int { bound < 0 ? bound + size : bound }
    var place: Int
    if let start {
      place = fromEnd(start)
      // A walk that starts outside starts at the edge that it comes from.
      if step > 0 { place = max(place, 0) } else { place = min(place, size - 1) }
    } else {
      place = step > 0 ? 0 : size - 1
    }
    let end = stop.map(fromEnd)
    var result: [Int] = []
    while place >= 0 && place < size {
      if let end, step > 0 ? place >= end : place <= end { break }
      result.append(place)
      place += step
    }
    return result
  }

  @Test("random indices of random arrays")
  func random() throws {
    var generator = SeededGenerator(seed: 11)
    func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    func bound() -> Int? { random(0...3) == 0 ? nil : random(-6...6) }
    for _ in 0..<20_000 {
      let sizes = (0..<random(0...3)).map { _ in random(0...4) }
      let tensor = Tensor<Double>(Shape(sizes), (0..<Shape(sizes).count).map(Double.init))
      var texts: [String] = []
      // The places on each axis, the axes that stay, and the sizes with new axes.
      var chosen: [[Int]] = []
      var result: [Int] = []
      let taken = random(0...sizes.count)
      let ellipsis = random(0...taken)
      let hasEllipsis = random(0...2) == 0
      for place in 0...taken {
        if random(0...5) == 0 {
          texts.append("None")
          result.append(1)
        }
        if hasEllipsis ? place == ellipsis : place == taken {
          if hasEllipsis { texts.append("...") }
          for size in sizes[chosen.count..<chosen.count + sizes.count - taken] {
            chosen.append(Array(0..<size))
            result.append(size)
          }
        }
        guard place < taken else { continue }
        let size = sizes[chosen.count]
        if size > 0, random(0...2) == 0 {
          let index = random(-size...size - 1)
          texts.append("\(index)")
          chosen.append([index < 0 ? index + size : index])
        } else {
          let (start, stop, step) = (
            bound(), bound(), random(0...1) == 0 ? random(1...3) : -random(1...3)
          )
          let ends = "\(start.map(String.init) ?? ""):\(stop.map(String.init) ?? "")"
          texts.append(step == 1 && random(0...1) == 0 ? ends : "\(ends):\(step)")
          chosen.append(places(start, stop, step, of: size))
          result.append(chosen[chosen.count - 1].count)
        }
      }
      guard !texts.isEmpty else { continue }
      var positions = [0]
      for (axis, places) in chosen.enumerated() {
        positions = positions.flatMap { position in places.map { position * sizes[axis] + $0 } }
      }
      let text = "x[\(texts.joined(separator: ", "))]"
      let found = try Expression(testing: text).checked(["x": tensor])
      let expected = Tensor(Shape(result), positions.map(Double.init))
      #expect(found == [expected], "\(text) of \(tensor.shape)")
    }
  }

  @Test("bounds far beyond the axis")
  func farBounds() throws {
    let x = Tensor<Double>([3], [0, 1, 2])
    let big = "9007199254740992"
    for (index, expected) in [
      ("-\(big):\(big)", [0.0, 1, 2]), ("\(big)::-1", [2, 1, 0]), ("::\(big)", [0]),
      ("::-\(big)", [2]), ("\(big):", []), (":-\(big):-1", [2, 1, 0]), ("5:1:-2", [2]),
    ] {
      #expect(try Expression(testing: "x[\(index)]").checked(["x": x])[0].elements == expected)
    }
  }

  @Test("the adjoint of an index stands where its elements came from")
  func adjoint() throws {
    let function = ExpressionFunction(
      try Expression(testing: "x[::-2, None, 1:] * w"), of: ["x", "w"])
    let x = Tensor<Double>([3, 2], [1, 2, 3, 4, 5, 6])
    let (value, pull) = try function.valueAndPullback(at: [x, Tensor([2, 1, 1], [1, 1])])
    #expect(value == Tensor([2, 1, 1], [6, 2]))
    let adjoints = try pull(Tensor([2, 1, 1], [10, 20]))
    #expect(adjoints == [Tensor([3, 2], [0, 20, 0, 0, 0, 10]), Tensor([2, 1, 1], [60, 40])])
  }
}

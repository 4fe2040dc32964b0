import Testing

@testable import Tensors

@Suite struct ShapeTests {
  @Test func countsElements() throws {
    #expect(Shape([]).count == 1)
    #expect(Shape([3, 4]).count == 12)
    #expect(Shape([3, 0, 5]).count == 0)
    #expect(Shape([2, 3, 4]).strides == [12, 4, 1])
    #expect("\(Shape([2, 3]))" == "2x3")
    #expect("\(Shape([]))" == "scalar")
  }

  @Test(arguments: [[1 << 40, 1 << 40], [0, .max, .max], [.max, 2]])
  func refusesCountsBeyondInt(sizes: [Int]) {
    #expect {
      try Shape(checking: sizes)
    } throws: { error in
      if case NumericalError.tooLarge? = error as? NumericalError { true } else { false }
    }
  }

  @Test func refusesNegativeSizes() {
    #expect(throws: NumericalError.shape("2x-1 has a negative size")) {
      try Shape(checking: [2, -1])
    }
  }

  @Test func positionsAndIndicesAgree() {
    let shape = Shape([3, 1, 4])
    for position in 0..<shape.count {
      let index = shape.index(ofPosition: position)
      #expect(zip(index, shape.strides).reduce(0) { $0 + $1.0 * $1.1 } == position)
    }
  }

  @Test func refusesByteCountsBeyondInt() throws {
    let shape = try Shape(checking: [1 << 61])
    #expect(throws: NumericalError.self) { try shape.byteCount(of: Double.self) }
  }
}

import Tensors

/// Shapes like `10x20`, separated by commas; `()` is a scalar's.
struct ShapeList: LimitedValue {
  static let expectation = "shapes like 10x20,20 with sizes from 0 up; () for a scalar"
  let shapes: [Shape]

  init?(argument: String) {
    var shapes: [Shape] = []
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      if word == "()" {
        shapes.append([])
        continue
      }
      let texts = word.split(separator: "x", omittingEmptySubsequences: false)
      let sizes = texts.compactMap { Int($0) }
      guard sizes.count == texts.count, let shape = try? Shape(checking: sizes) else { return nil }
      shapes.append(shape)
    }
    self.shapes = shapes
  }
}

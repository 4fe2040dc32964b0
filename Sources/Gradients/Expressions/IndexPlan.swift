import Tensors

/// One item of an index, as NumPy's basic indexing has them.
enum IndexItem: Sendable, Equatable {
  /// One place, from the end if negative; the axis goes.
  case at(Int)
  /// `start:stop:step`; the step is not 0.
  case range(start: Int?, stop: Int?, step: Int)
  /// All axes that no other item is about.
  case ellipsis
  /// A new axis of size 1.
  case newAxis

  /// Whether the item is about an axis that is there.
  var takesAxis: Bool {
    switch self {
    case .at, .range: true
    case .ellipsis, .newAxis: false
    }
  }
}

/// An index made out for a shape: a slice of each axis, and the shape of what is left.
struct IndexPlan {
  let slices: [AxisSlice]
  /// The counts without the axes that go and with those that are new.
  let result: Shape

  /// - Throws: `NumericalError.shape` for a place outside its axis and for too many items.
  init(_ items: [IndexItem], of shape: Shape) throws(NumericalError) {
    let taken = items.count(where: \.takesAxis)
    guard taken <= shape.rank else {
      throw .shape(
        "\(taken) \(taken == 1 ? "index" : "indices") into \(shape), which has "
          + "\(shape.rank) \(shape.rank == 1 ? "axis" : "axes")")
    }
    // Without an ellipsis the axes that are left follow.
    let all = items.contains(.ellipsis) ? items : items + [.ellipsis]
    var slices: [AxisSlice] = []
    var sizes: [Int] = []
    for item in all {
      let axis = slices.count
      switch item {
      case .newAxis: sizes.append(1)
      case .ellipsis:
        for size in shape.dimensions[axis..<axis + shape.rank - taken] {
          slices.append(AxisSlice(start: 0, count: size))
          sizes.append(size)
        }
      case .at(let place):
        let size = shape[axis]
        guard place >= -size && place < size else {
          throw .shape("index \(place) is outside axis \(axis) of \(shape)")
        }
        slices.append(AxisSlice(start: place < 0 ? place + size : place, count: 1))
      case .range(let start, let stop, let step):
        let slice = Self.places(start, stop, step, of: shape[axis])
        slices.append(slice)
        sizes.append(slice.count)
      }
    }
    self.slices = slices
    result = try Shape(checking: sizes)
  }

  /// The places that a slice visits: Python's `slice.indices`.
  private static func places(
    _ start: Int?, _ stop: Int?, _ step: Int, of size: Int
  ) -> AxisSlice {
    // From where a walk can start and where it ends at the latest.
    let (lowest, highest) = step > 0 ? (0, size) : (-1, size - 1)
    func clamped(_ bound: Int) -> Int {
      min(max(bound < 0 ? bound + size : bound, lowest), highest)
    }
    let first = start.map(clamped) ?? (step > 0 ? lowest : highest)
    let end = stop.map(clamped) ?? (step > 0 ? highest : lowest)
    let distance = step > 0 ? end - first : first - end
    guard distance > 0 else { return AxisSlice(start: 0, count: 0) }
    let count = (distance - 1) / Int(step.magnitude) + 1
    // A single place has no distance to another; a large step could not be multiplied.
    return AxisSlice(start: first, count: count, step: count > 1 ? step : 1)
  }
}

extension TensorValue {
  /// What an index leaves of the value.
  func indexed(_ plan: IndexPlan) throws(NumericalError) -> Self {
    try sliced(plan.slices).reshaped(plan.result)
  }
}

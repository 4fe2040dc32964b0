/// The different finite numbers of a column. Numbers that differ by rounding noise alone are one.
struct DistinctValues {
  /// The numbers, ascending.
  let sorted: [Double]

  /// Neighbours closer than this share of their size are the same number, computed twice.
  private static let noise = 1e-13

  init(_ values: [Double]) {
    var kept: [Double] = []
    for value in values.filter(\.isFinite).sorted() {
      if let last = kept.last, value - last <= Self.noise * max(abs(value), abs(last)) { continue }
      kept.append(value)
    }
    sorted = kept
  }

  /// The decimals at which the distance from `value` to its nearest neighbour shows two significant
  /// digits, or nil without a neighbour; negative where tens are fine enough. `value` itself is
  /// never shown with more digits than a `Double` holds.
  func decimalsToTellApart(_ value: Double) -> Int? {
    // The number that stands for the value is at most noise away from it.
    let margin = Self.noise * abs(value)
    let below = firstPlace(notBelow: value - margin)
    let above = firstPlace(notBelow: (value + margin).nextUp)
    var distances: [Double] = []
    if below > 0 { distances.append(value - sorted[below - 1]) }
    if above < sorted.count { distances.append(sorted[above] - value) }
    guard let distance = distances.min(), distance.isFinite else { return nil }
    let exponent = NumberText.exponent(
      of: value == 0 ? distance : value, digits: NumberText.digitLimit)
    let most = NumberText.digitLimit - 1 - exponent
    return min(1 - NumberText.exponent(of: distance, digits: 2), most)
  }

  /// The position of the first number that is at least `value`, by bisection.
  private func firstPlace(notBelow value: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The different finite numbers of a column.
struct DistinctValues {
  /// The numbers, ascending.
  let sorted: [Double]

  init(_ values: [Double]) {
    sorted = Set(values.filter(\.isFinite)).sorted()
  }

  /// The decimals at which the distance from `value` to its nearest neighbour shows two significant
  /// digits, or nil without a neighbour; negative where tens are fine enough. `value` itself is never shown with more digits than a
  /// `Double` holds.
  func decimalsToTellApart(_ value: Double) -> Int? {
    let place = firstPlace(notBelow: value)
    var distances: [Double] = []
    if place > 0 { distances.append(value - sorted[place - 1]) }
    let next = place < sorted.count && sorted[place] == value ? place + 1 : place
    if next < sorted.count { distances.append(sorted[next] - value) }
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

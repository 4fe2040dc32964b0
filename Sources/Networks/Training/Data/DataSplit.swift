public import Tensors

/// Which samples are learnt from and which validate.
public struct DataSplit: Sendable, Equatable {
  /// The samples that are learnt from, ascending.
  public let training: [Int]
  /// The others, ascending.
  public let validation: [Int]

  /// A stratified split: every class gives the same share, as nearly as whole samples can.
  ///
  /// The validation part has round(share·N) samples. Each class gives the whole part of
  /// share·(its samples), and the classes with the largest remainders one more (Hamilton's
  /// method; between equal remainders the lower class). The last sample of a class is never taken
  /// for validation, for a class that is not learnt cannot be recognised: where this binds, other
  /// classes give more. Which samples of a class are taken the seed says, independently of the
  /// other classes.
  ///
  /// - Parameters:
  ///   - classes: the class of each sample [N].
  ///   - classCount: the number of classes.
  ///   - share: the validation part's share, 0 up to below 1; 0 gives none.
  ///   - seed: chooses the samples.
  /// - Throws: `NumericalError.shape` when a share above 0 gives no sample.
  public init(
    classes: [Int32], classCount: Int, share: Double, seed: UInt64
  ) throws(NumericalError) {
    var members = [[Int]](repeating: [], count: classCount)
    for (sample, index) in classes.enumerated() { members[Int(index)].append(sample) }
    let counts = Self.apportioned(members.map(\.count), share: share)
    guard share == 0 || counts.contains(where: { $0 > 0 }) else {
      throw Self.empty(share, of: classes.count)
    }
    var validates = [Bool](repeating: false, count: classes.count)
    for (index, samples) in members.enumerated() {
      let order = Self.order(samples.count, seed: seed, substream: UInt32(index))
      for place in order.prefix(counts[index]) { validates[samples[place]] = true }
    }
    self.init(validates)
  }

  /// A split that no classes guide: round(share·N) samples, but not all, validate.
  ///
  /// - Throws: `NumericalError.shape` when a share above 0 gives no sample.
  public init(count: Int, share: Double, seed: UInt64) throws(NumericalError) {
    let size = min(Self.size(share, of: count), max(0, count - 1))
    guard share == 0 || size > 0 else { throw Self.empty(share, of: count) }
    var validates = [Bool](repeating: false, count: count)
    for sample in Self.order(count, seed: seed, substream: 0).prefix(size) {
      validates[sample] = true
    }
    self.init(validates)
  }

  private init(_ validates: [Bool]) {
    training = validates.indices.filter { !validates[$0] }
    validation = validates.indices.filter { validates[$0] }
  }

  private static func size(_ share: Double, of count: Int) -> Int {
    precondition(share >= 0 && share < 1, "a validation share of \(share)")
    return Int((share * Double(count)).rounded())
  }

  private static func empty(_ share: Double, of count: Int) -> NumericalError {
    .shape("the validation part is empty (a share of \(share) of \(count) samples)")
  }

  /// How many samples of each class validate.
  static func apportioned(_ counts: [Int], share: Double) -> [Int] {
    let quotas = counts.map { share * Double($0) }
    let most = counts.map { max(0, $0 - 1) }
    var result = zip(quotas, most).map { min(Int($0), $1) }
    let missing = size(share, of: counts.reduce(0, +)) - result.reduce(0, +)
    // One more for each class in turn, by the largest remainder, until the part is full or no
    // class can give more.
    var remaining = max(0, missing)
    while remaining > 0 {
      let givers = counts.indices.filter { result[$0] < most[$0] }
        .sorted { left, right in
          let (a, b) = (quotas[left] - Double(result[left]), quotas[right] - Double(result[right]))
          return a == b ? left < right : a > b
        }
      guard !givers.isEmpty else { break }
      for index in givers.prefix(remaining) { result[index] += 1 }
      remaining -= min(remaining, givers.count)
    }
    return result
  }

  /// A random order of `0..<count`: sorted by random keys, equal ones by place.
  private static func order(_ count: Int, seed: UInt64, substream: UInt32) -> [Int] {
    let keys = RandomSource(seed: seed, stream: .split, substream: substream)
      .uniform([count], as: Double.self).elements
    return keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
  }
}

/// Two numbers, one for each axis of a picture.
public struct PlaneSize: Hashable, Sendable {
  /// Down: along the rows' numbers.
  public let down: Int
  /// Across: along a row.
  public let across: Int

  public init(_ down: Int, _ across: Int) { (self.down, self.across) = (down, across) }

  /// The same number for both.
  public init(_ both: Int) { self.init(both, both) }

  /// The product of both.
  public var area: Int { down * across }

  func mapped(_ transform: (Int) -> Int) -> PlaneSize {
    PlaneSize(transform(down), transform(across))
  }

  func combined(_ other: PlaneSize, _ transform: (Int, Int) -> Int) -> PlaneSize {
    PlaneSize(transform(down, other.down), transform(across, other.across))
  }
}

extension Int {
  /// The least multiple from here up.
  func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }

  /// How many parts of a size cover so many.
  func parts(of size: Int) -> Int { (self + size - 1) / size }
}

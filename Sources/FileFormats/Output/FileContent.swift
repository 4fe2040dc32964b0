/// The bytes of a file that is about to be written, as a list of pieces.
///
/// Pieces let a writer put a header before an array without copying the array.
public struct FileContent: Sendable {
  /// The pieces in file order.
  public private(set) var pieces: [ArraySlice<UInt8>]

  /// Nothing yet.
  public init() { pieces = [] }

  /// One piece.
  public init(_ bytes: [UInt8]) { pieces = [bytes[...]] }

  /// A text in UTF-8.
  public init(text: String) { self.init([UInt8](text.utf8)) }

  /// The size of the file in bytes.
  public var byteCount: Int { pieces.reduce(0) { $0 + $1.count } }

  /// All pieces in one array.
  public var joined: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(byteCount)
    for piece in pieces { result += piece }
    return result
  }

  /// Adds a piece at the end.
  public mutating func append(_ piece: ArraySlice<UInt8>) { pieces.append(piece) }

  /// Adds another content's pieces at the end.
  public mutating func append(_ other: FileContent) { pieces += other.pieces }
}

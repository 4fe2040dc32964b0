import CZlib
import Tensors

/// Gzip: one compressed file (RFC 1952), or several behind each other, which unpack to their
/// contents in turn.
struct Gzip {
  /// The first bytes of every gzip file.
  static let signature: [UInt8] = [0x1F, 0x8B]

  /// The bytes of the smallest member: header, empty deflate stream, trailer.
  private static let smallestMember = 20

  /// 16 beside the window asks zlib for gzip's own header and trailer, whose checksums it compares.
  private static let windowBits = MAX_WBITS + 16

  /// The size of the file, which stands beside what is unpacked.
  private let packedCount: Int
  /// What is not yet unpacked.
  private var rest: ArraySlice<UInt8>
  /// What is, in its first `filled` bytes; the others are room.
  private var buffer: [UInt8] = []
  private var filled = 0
  private let budget: MemoryBudget

  /// The unpacked bytes.
  ///
  /// The length that the trailer promises is taken for the first buffer, where so few bytes can
  /// hold so many; a file of several members makes it grow. Nothing is unpacked beyond the budget,
  /// the file counted in.
  ///
  /// - Throws: `FormatError.badData` for a cut or damaged file, a wrong checksum, bytes behind the
  ///   end; `.resourceLimit` when the content does not fit the budget.
  static func unpacked(
    _ file: ArraySlice<UInt8>, budget: MemoryBudget
  ) throws(FormatError) -> [UInt8] {
    var gzip = Gzip(rest: file, budget: budget)
    repeat {
      try gzip.unpackMember()
    } while gzip.rest.starts(with: signature)
    // Tapes and block devices pad with zeros, which gunzip passes over as well.
    guard gzip.rest.allSatisfy({ $0 == 0 }) else {
      throw .badData("\(gzip.rest.count) bytes follow the gzip data")
    }
    gzip.buffer.removeLast(gzip.buffer.count - gzip.filled)
    return gzip.buffer
  }

  private init(rest: ArraySlice<UInt8>, budget: MemoryBudget) {
    (self.rest, self.budget, packedCount) = (rest, budget, rest.count)
  }

  /// Unpacks the member at the start of `rest` and moves behind it.
  private mutating func unpackMember() throws(FormatError) {
    // zlib's state points back to the stream, which must therefore keep its place.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard
      inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        == Z_OK
    else { throw FormatError(.resourceLimit, "zlib finds no memory") }
    defer { inflateEnd(stream) }
    try makeRoom(promisedRoom)
    while true {
      switch unpackPiece(stream) {
      case Z_STREAM_END: return
      case Z_BUF_ERROR where filled == buffer.count: try makeRoom(max(buffer.count, 1 << 16))
      case Z_BUF_ERROR: throw .badData("the gzip data is cut")
      case let status:
        throw .badData("the gzip data is damaged (\(Self.reason(stream.pointee, status)))")
      }
    }
  }

  /// What the trailer says, where it can be true, and one byte more, so that the end is met
  /// without growing.
  private var promisedRoom: Int {
    guard rest.count >= Self.smallestMember else { return 1 }
    let promised = Int(rest.littleEndian(rest.count - 4, as: UInt32.self))
    return min(promised, rest.count * Deflate.greatestRatio) + 1
  }

  /// Sees to `room` free bytes at least. A buffer that was too small once is doubled, so that many
  /// small members do not copy it each.
  private mutating func makeRoom(_ room: Int) throws(FormatError) {
    guard buffer.count - filled < room else { return }
    let more = max(room, buffer.count)
    // Growing copies: for a moment, old and new stand side by side.
    try budget.allow(packedCount + 2 * buffer.count + more, for: "the unpacked file")
    buffer.reserveCapacity(buffer.count + more)
    buffer.append(contentsOf: repeatElement(0, count: more))
  }

  private mutating func unpackPiece(_ stream: UnsafeMutablePointer<z_stream>) -> Int32 {
    var status = Z_OK
    var unused = 0
    var produced = filled
    let packed = rest
    buffer.withUnsafeMutableBufferPointer { output in
      packed.withUnsafeBufferPointer { input in
        status = Deflate.run(&stream.pointee, input, output, produced: &produced, unused: &unused)
      }
    }
    filled = produced
    rest = packed.suffix(unused)
    return status
  }

  private static func reason(_ stream: z_stream, _ status: Int32) -> String {
    let text = stream.msg.map { String(cString: $0) } ?? "zlib error \(status)"
    switch text {
    case "incorrect data check": return "the CRC does not match"
    case "incorrect length check": return "the length does not match"
    default: return text
    }
  }
}

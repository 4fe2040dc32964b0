import Glibc
import TestSupport
import Tensors
import Testing

@testable import FileFormats

/// Runs `body` and checks that it fails with this kind and these words in its message or hint.
func expectFailure<Value>(
  _ kind: FormatError.Kind, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws(FormatError) -> Value
) {
  do throws(FormatError) {
    let value = try body()
    Issue.record("no failure, got \(value)", sourceLocation: sourceLocation)
  } catch {
    #expect(error.kind == kind, "\(error.message)", sourceLocation: sourceLocation)
    let text = error.message + " | " + (error.hint ?? "")
    for word in words { #expect(text.contains(word), "\(text)", sourceLocation: sourceLocation) }
    #expect(!text.contains("\n"), "a message is one line", sourceLocation: sourceLocation)
  }
}

extension StoredArray {
  /// Random bits of a type; `bool` holds 0 and 1.
  static func random(_ dtype: DType, _ shape: Shape, seed: UInt64) -> StoredArray {
    var random = SeededGenerator(seed: seed)
    let bytes = (0..<shape.count * dtype.byteSize).map { _ in
      UInt8.random(in: 0...(dtype == .bool ? 1 : 255), using: &random)
    }
    return StoredArray(dtype: dtype, shape: shape, bytes: bytes[...])
  }

  static func f64(_ values: [Double], _ shape: Shape) -> StoredArray {
    StoredArray(Tensor(shape, values))
  }

  /// Whether a text written from `original` stands for the same numbers. Texts of the narrow
  /// floating-point types are the shortest for `Float`, so they are compared as such.
  func readsBack(_ original: StoredArray) -> Bool {
    func agree<E: Scalar>(_ type: E.Type) -> Bool {
      zip(tensor(as: E.self).elements, original.tensor(as: E.self).elements).allSatisfy {
        $0 == $1 || ($0.isNaN && $1.isNaN)
      }
    }
    let isNarrow = original.dtype.isFloatingPoint && original.dtype != .f64
    return shape.count == original.shape.count
      && (isNarrow ? agree(Float.self) : agree(Double.self))
  }

  var doubles: [Double] { tensor(as: Double.self).elements }
}

/// The shapes every format is tried with, from a scalar to odd sizes and zeros.
let sampleShapes: [Shape] = [
  [], [0], [1], [7], [3, 0], [0, 3], [1, 1], [1, 5], [5, 1], [33, 65], [2, 3, 4], [5, 1, 7, 2],
]

/// Damages a small file in every way that one cut or one flipped bit can. The reader may refuse
/// or accept; what it accepts is sound by `StoredArray`'s own precondition.
func expectSurvivesDamage(
  _ file: [UInt8], _ read: (ArraySlice<UInt8>) throws(FormatError) -> Void
) {
  for length in 0..<file.count {
    do throws(FormatError) { try read(file[..<length]) } catch { #expect(!error.message.isEmpty) }
  }
  for position in file.indices {
    for bit in 0..<8 {
      var damaged = file
      damaged[position] ^= 1 << UInt8(bit)
      do throws(FormatError) { try read(damaged[...]) } catch { #expect(!error.message.isEmpty) }
    }
  }
}

/// A budget that keeps damaged headers from asking for gigabytes.
let smallBudget = MemoryBudget(limit: 1 << 26)

/// Decodes the hexadecimal of a golden file; blanks are passed over.
func hex(_ text: String) -> [UInt8] {
  let digits = text.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// A thread of its own. Tasks share as many threads as there are processors, and two tests that
/// block in a FIFO would wait for each other.
final class Thread: Sendable {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let thread: pthread_t

  init(_ run: @escaping @Sendable () -> Void) throws {
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Body(run)).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, argument)
    try #require(status == 0)
    self.thread = thread
  }

  /// Waits until the body has returned.
  func join() { pthread_join(thread, nil) }
}

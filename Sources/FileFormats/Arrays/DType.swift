/// The element types that files hold, named as tables print them.
public enum DType: String, CaseIterable, Sendable {
  case bool, i8, i16, i32, i64, u8, u16, u32, u64, f16, bf16, f32, f64

  /// The name that tables print: `f32`, `u8`, `bool`.
  public var name: String { rawValue }

  /// The size of one element in bytes.
  public var byteSize: Int {
    switch self {
    case .bool, .i8, .u8: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .i64, .u64, .f64: 8
    }
  }

  /// Whether the elements are floating-point numbers.
  public var isFloatingPoint: Bool {
    switch self {
    case .f16, .bf16, .f32, .f64: true
    default: false
    }
  }
}

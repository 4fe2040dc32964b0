import Tensors
import Testing

@testable import FileFormats

@Suite struct StoredArrayTests {
  /// binary16 as the definition says it: (-1)^s · 2^(e-15) · 1.f, or 2^-14 · 0.f.
  private func half(_ bits: UInt16) -> Double {
    let sign = bits & 0x8000 == 0 ? 1.0 : -1.0
    let exponent = Int(bits >> 10 & 31)
    let fraction = Double(bits & 0x3FF) / 1024
    if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
    let unit = Double(sign: .plus, exponent: max(exponent, 1) - 15, significand: 1)
    return sign * unit * ((exponent == 0 ? 0 : 1) + fraction)
  }

  @Test func everyHalfWidensExactlyAndBack() {
    for bits in UInt16.min ... .max {
      let wide = SmallFloat.f16.widened(bits)
      let expected = half(bits)
      #expect(Double(wide) == expected || (wide.isNaN && expected.isNaN))
      if !wide.isNaN { #expect(SmallFloat.f16.narrowed(Double(wide)) == bits) }
      let brain = SmallFloat.bf16.widened(bits)
      #expect(brain.bitPattern == UInt32(bits) << 16)
      if !brain.isNaN { #expect(SmallFloat.bf16.narrowed(Double(brain)) == bits) }
    }
    #expect(SmallFloat.f16.narrowed(.nan) & 0x7FFF > 0x7C00)
    #expect(SmallFloat.bf16.narrowed(-.nan) & 0x7FFF > 0x7F80)
  }

  @Test func narrowingRoundsToNearestEven() {
    for bits in UInt16(0)..<0x7BFF {
      let (low, high) = (half(bits), half(bits + 1))
      let middle = (low + high) / 2
      #expect(SmallFloat.f16.narrowed(middle) == (bits & 1 == 0 ? bits : bits + 1))
      #expect(SmallFloat.f16.narrowed(middle.nextDown) == bits)
      #expect(SmallFloat.f16.narrowed(-middle.nextUp) == (bits + 1) | 0x8000)
    }
    #expect(SmallFloat.f16.narrowed(65519.99) == 0x7BFF)
    #expect(SmallFloat.f16.narrowed(65520) == 0x7C00)
    #expect(SmallFloat.f16.narrowed(1e300) == 0x7C00)
    #expect(SmallFloat.f16.narrowed(.leastNonzeroMagnitude) == 0)
    // Between 1 and its successor, a little above the middle: by way of Float it would be a tie.
    #expect(SmallFloat.f16.narrowed(1 + 0x1p-11 + 0x1p-40) == 0x3C01)
  }

  @Test(arguments: DType.allCases)
  func conversionsAgree(dtype: DType) throws {
    // Small integers are exact everywhere; 0 and 1 even as bool.
    let values: [Double] = dtype == .bool ? [0, 1, 1, 0, 1, 0] : [0, 1, 2, 100, 7, 127]
    let tensor = Tensor<Double>([2, 3], values)
    let stored = try StoredArray(tensor, dtype: dtype)
    #expect(stored.dtype == dtype && stored.bytes.count == 6 * dtype.byteSize)
    #expect(stored.tensor(as: Double.self) == tensor)
    #expect(stored.tensor(as: Float.self).elements == values.map(Float.init))
    let single = try StoredArray(Tensor<Float>([2, 3], values.map(Float.init)), dtype: dtype)
    #expect(single == stored)
    let statistics = stored.statistics()
    #expect(statistics.minimum?.double == 0 && statistics.nonFiniteCount == 0)
    #expect(statistics.maximum?.double == values.max())
    #expect(statistics.mean == values.reduce(0, +) / 6)
  }

  @Test func whatDoesNotFitIsNamed() {
    let tensor = Tensor<Double>([2, 2], [0, 1, 1e6, 0.5])
    for (dtype, words) in [
      (DType.f16, "1000000.0 at [1, 0] does not fit f16"), (.u8, "[1, 0] does not fit u8"),
      (.i32, "0.5 at [1, 1] does not fit i32"), (.bool, "[1, 0] does not fit bool"),
    ] {
      expectFailure(.badData, words) { () throws(FormatError) in
        try StoredArray(tensor, dtype: dtype)
      }
    }
    expectFailure(.badData, "f32") { () throws(FormatError) in
      try StoredArray(Tensor<Double>([1], [1e300]), dtype: .f32)
    }
    expectFailure(.badData, "nan at [0]") { () throws(FormatError) in
      try StoredArray(Tensor<Double>([1], [.nan]), dtype: .i64)
    }
  }

  @Test func infinitiesStayInfinite() throws {
    let tensor = Tensor<Double>([3], [.infinity, -.infinity, .nan])
    for dtype in [DType.f16, .bf16, .f32, .f64] {
      let back = try StoredArray(tensor, dtype: dtype).doubles
      #expect(back[0] == .infinity && back[1] == -.infinity && back[2].isNaN)
    }
  }

  @Test func statisticsOfExtremes() {
    let wide = StoredArray(
      dtype: .i64, shape: [3],
      bytes: StoredArray.littleEndianBytes([Int64.max, .max - 1, .min])[...])
    let signed = wide.statistics()
    #expect(signed.maximum == .signed(.max) && signed.minimum == .signed(.min))
    #expect(signed.mean == Double(Int64.max - 2) / 3)
    let unsigned = StoredArray(
      dtype: .u64, shape: [2], bytes: StoredArray.littleEndianBytes([UInt64.max, .max])[...]
    ).statistics()
    #expect(unsigned.maximum == .unsigned(.max) && unsigned.mean == Double(UInt64.max))
    let huge = StoredArray.f64([1e308, 1.5e308, .nan, .infinity], [4]).statistics()
    #expect(huge.mean == 1.25e308 && huge.nonFiniteCount == 2 && huge.maximum == .real(1.5e308))
    let cancelling = StoredArray.f64([1e16, 1, -1e16], [3]).statistics()
    #expect(cancelling.mean == 1.0 / 3)
    let none = StoredArray.f64([.nan], [1]).statistics()
    #expect(none.minimum == nil && none.maximum == nil && none.mean == nil)
    #expect(StoredArray.f64([], [0, 4]).statistics().mean == nil)
  }
}

import CVectorMath
import TestSupport
import Tensors
import Testing
import VectorMathClones

/// Every compiled variant of the routines for rows and optimisers against the baseline: they
/// differ in rounding alone.
@Suite struct VectorRoutineVariantsTests {
  private static let rows = 20

  @Test(arguments: 0..<Int(vector_loops_clone_count()))
  func everyVariantAgreesWithTheLast(index: Int) throws {
    let variant = vector_routines_clone(Int32(index))
    guard variant.isSupported else { return }
    let last = vector_routines_clone(vector_loops_clone_count() - 1)
    for n in [1, 7, 16, 45, 1100] {
      try expectEqual(
        outcomes(of: variant, n, as: Float.self) { runSingle($0, n, $1) },
        outcomes(of: last, n, as: Float.self) { runSingle($0, n, $1) }, n)
      try expectEqual(
        outcomes(of: variant, n, as: Double.self) { runDouble($0, n, $1) },
        outcomes(of: last, n, as: Double.self) { runDouble($0, n, $1) }, n)
    }
  }

  private func expectEqual<Element: Scalar>(_ a: [Element], _ b: [Element], _ n: Int) {
    let size = Double(b.map(\.magnitude).max() ?? 0)
    let tolerance = 100 * Double(Element.epsilon) * size
    let isNear = zip(a, b).allSatisfy { Double(abs($0 - $1)) <= tolerance }
    #expect(isNear && size.isFinite && size > 0, "\(Element.self) \(n)")
  }

  /// All rows after all routines have worked on them, and what they returned.
  private func outcomes<Element: Scalar>(
    of variant: VectorRoutinesClone, _ n: Int, as: Element.Type,
    _ run: (VectorRoutinesClone, (Int) -> UnsafeMutablePointer<Element>) -> [Element?]
  ) throws -> [Element] {
    var elements = RandomSource(seed: 4).normal([Self.rows * n], as: Element.self).elements
    let returned = try elements.withUnsafeMutableBufferPointer {
      let base = try #require($0.baseAddress)
      return try run(variant) { base + $0 * n }.map { try #require($0) }
    }
    return elements + returned
  }

  private func runSingle(
    _ variant: VectorRoutinesClone, _ n: Int, _ row: (Int) -> UnsafeMutablePointer<Float>
  ) -> [Float?] {
    for (place, operation) in [VECTOR_ADD, VECTOR_SUBTRACT, VECTOR_MULTIPLY].enumerated() {
      variant.vector_arithmetic_f?(operation, n, row(1), 1, row(2), 1, row(15 + place))
      variant.vector_arithmetic_f?(operation, n / 2, row(3), 0, row(2), 1, row(15 + place))
      variant.vector_arithmetic_f?(operation, n / 3, row(3), 1, row(2), 0, row(15 + place))
    }
    variant.sgd_update_f?(n, 0.125, 0.75, 0.25, row(12), row(13), row(14))
    let returned = [
      variant.vector_maximum_f?(n, row(11)), variant.softmax_row_f?(n, row(11), row(11)),
      variant.log_softmax_row_f?(n, row(12), row(12)),
      variant.vector_exp_sum_f?(n, 0.5, 1, row(13), row(13)),
      variant.layer_norm_row_f?(n, 0.125, row(1), row(2), row(3), row(4), row(5)),
    ]
    variant.softmax_backward_row_f?(n, row(11), row(6))
    variant.layer_norm_backward_row_f?(
      n, 0.5, row(5), row(4), row(2), row(3), row(0), row(7))
    // The squares that Adam divides by are not negative.
    for i in 0..<n { row(17)[i] = row(17)[i].magnitude }
    variant.adam_update_f?(
      n, 0.125, 0.75, 0.875, 0.0625, 0.25, 0.5, 4, 8, row(15), row(16), row(17), row(18))
    return returned
  }

  private func runDouble(
    _ variant: VectorRoutinesClone, _ n: Int, _ row: (Int) -> UnsafeMutablePointer<Double>
  ) -> [Double?] {
    for (place, operation) in [VECTOR_ADD, VECTOR_SUBTRACT, VECTOR_MULTIPLY].enumerated() {
      variant.vector_arithmetic_d?(operation, n, row(1), 1, row(2), 1, row(15 + place))
      variant.vector_arithmetic_d?(operation, n / 2, row(3), 0, row(2), 1, row(15 + place))
      variant.vector_arithmetic_d?(operation, n / 3, row(3), 1, row(2), 0, row(15 + place))
    }
    variant.sgd_update_d?(n, 0.125, 0.75, 0.25, row(12), row(13), row(14))
    let returned = [
      variant.vector_maximum_d?(n, row(11)), variant.softmax_row_d?(n, row(11), row(11)),
      variant.log_softmax_row_d?(n, row(12), row(12)),
      variant.vector_exp_sum_d?(n, 0.5, 1, row(13), row(13)),
      variant.layer_norm_row_d?(n, 0.125, row(1), row(2), row(3), row(4), row(5)),
    ]
    variant.softmax_backward_row_d?(n, row(11), row(6))
    variant.layer_norm_backward_row_d?(
      n, 0.5, row(5), row(4), row(2), row(3), row(0), row(7))
    // The squares that Adam divides by are not negative.
    for i in 0..<n { row(17)[i] = row(17)[i].magnitude }
    variant.adam_update_d?(
      n, 0.125, 0.75, 0.875, 0.0625, 0.25, 0.5, 4, 8, row(15), row(16), row(17), row(18))
    return returned
  }
}

internal import CVectorMath

// The twin of Double+Packing.swift: the same text with another type letter.

extension Float {
  public static var panelWidth: Int { Int(PACKED_WIDTH_F) }

  public static func packPanels(
    _ panels: Range<Int>, terms: Int, columns: Int, b: UnsafePointer<Float>, termStep: Int,
    columnStep: Int, into packed: UnsafeMutablePointer<Float>
  ) {
    pack_panels_f(
      panels.lowerBound, panels.count, terms, columns, b, termStep, columnStep, packed)
  }

  public static func packedProduct(
    rows: Int, columns: Int, terms: Int, a: UnsafePointer<Float>, lda: Int,
    packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, c: UnsafeMutablePointer<Float>,
    ldc: Int, adds: Bool
  ) {
    packed_product_f(rows, columns, terms, a, lda, packed, bias, c, ldc, adds ? 1 : 0)
  }
}

internal import CVectorMath

// The twin of Float+Packing.swift: the same text with another type letter.

extension Double {
  public static var panelWidth: Int { Int(PACKED_WIDTH_D) }

  public static func packPanels(
    _ panels: Range<Int>, terms: Int, columns: Int, b: UnsafePointer<Double>, termStep: Int,
    columnStep: Int, into packed: UnsafeMutablePointer<Double>
  ) {
    pack_panels_d(
      panels.lowerBound, panels.count, terms, columns, b, termStep, columnStep, packed)
  }

  public static func packedProduct(
    rows: Int, columns: Int, terms: Int, a: UnsafePointer<Double>, lda: Int,
    packed: UnsafePointer<Double>, bias: UnsafePointer<Double>?, c: UnsafeMutablePointer<Double>,
    ldc: Int, adds: Bool
  ) {
    packed_product_d(rows, columns, terms, a, lda, packed, bias, c, ldc, adds ? 1 : 0)
  }
}

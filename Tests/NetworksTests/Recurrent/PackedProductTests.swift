import Tensors
import Testing

/// Products with packed matrices against sums that are written down.
@Suite struct PackedProductTests {
  @Test(arguments: 1...14)
  func productsAreTheirSums(rows: Int) throws {
    for (terms, columns) in [(1, 1), (3, 5), (8, 16), (300, 33), (517, 40)] {
      try check(rows, terms, columns, Double.self)
      try check(rows, terms, columns, Float.self)
    }
  }

  private func check<Element: Scalar>(
    _ rows: Int, _ terms: Int, _ columns: Int, _ type: Element.Type
  ) throws {
    let random = RandomSource(seed: UInt64(rows + 100 * terms))
    let a = random.normal([rows, terms], as: Element.self)
    let b = random.normal([terms, columns], as: Element.self)
    let bias = random.normal([columns], as: Element.self)
    let start = random.normal([rows, columns], as: Element.self)
    let product = Tensor.matrixProduct(a, b)
    let panels = (columns + Element.panelWidth - 1) / Element.panelWidth
    for (isTransposed, adds) in [(false, false), (true, true)] {
      let source = isTransposed ? b.transposed() : b
      let packed = Tensor<Element>(uninitialized: [panels * terms * Element.panelWidth]) { target in
        source.withUnsafeElements { source in
          guard let target = target.baseAddress, let source = source.baseAddress else { return }
          Element.packPanels(
            0..<panels, terms: terms, columns: columns, b: source,
            termStep: isTransposed ? 1 : columns, columnStep: isTransposed ? terms : 1,
            into: target)
        }
      }
      var found = start
      found.withUnsafeMutableElements { c in
        a.withUnsafeElements { a in
          packed.withUnsafeElements { packed in
            bias.withUnsafeElements { bias in
              guard let a = a.baseAddress, let c = c.baseAddress, let packed = packed.baseAddress
              else { return }
              Element.packedProduct(
                rows: rows, columns: columns, terms: terms, a: a, lda: terms, packed: packed,
                bias: adds ? bias.baseAddress : nil, c: c, ldc: columns, adds: adds)
            }
          }
        }
      }
      // Normal numbers: sums of `terms` products below 25 each, rounded `terms` times in any order.
      let bound = 2 * Element(terms + 2) * Element.epsilon * Element(25 * (terms + 2))
      for row in 0..<rows {
        for column in 0..<columns {
          let extra = adds ? start[row, column] + bias[column] : 0
          #expect(abs(found[row, column] - (product[row, column] + extra)) <= bound)
        }
      }
    }
  }
}

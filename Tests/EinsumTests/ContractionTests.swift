import Tensors
import Testing

@testable import Einsum

@Suite struct ContractionTests {
  @Test func printsAsSubscripts() {
    let product = Contraction(
      operands: [[0, 1], [1, 2]], output: [0, 2], sizes: [2, 3, 4], names: ["i", "j", "k"])
    #expect(product.text == "ij,jk->ik")
    #expect(product.shape(product.output) == [2, 4])
    #expect(ContractionPath([[2, 0], [0, 1]]).text == "(0,2),(0,1)")
  }
}

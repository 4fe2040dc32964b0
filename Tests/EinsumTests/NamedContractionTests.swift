import TestSupport
import Tensors
import Testing

@testable import Einsum

/// The contractions that have names, in sizes that reach every path of the kernels.
@Suite("Execution: contractions by name", .serialized)
struct NamedContractionTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let shapes: [Shape]
    var testDescription: String { "\(name): \(text) \(shapes)" }

    init(_ name: String, _ text: String, _ shapes: Shape...) {
      (self.name, self.text, self.shapes) = (name, text, shapes)
    }
  }

  static let vectorsAndMatrices = [
    Example("inner", "i,i->", [1000], [1000]),
    Example("inner, long", "i,i->", [300_001], [300_001]),
    Example("inner of matrices", "ij,ij->", [37, 41], [37, 41]),
    Example("inner of a transpose", "ij,ji->", [37, 41], [41, 37]),
    Example("outer", "i,j->ij", [130], [70]),
    Example("outer, transposed", "i,j->ji", [130], [70]),
    Example("outer of matrices", "ij,kl->ikjl", [7, 9], [8, 5]),
    Example("matrix–vector", "ij,j->i", [65, 129], [129]),
    Example("transposed matrix–vector", "ji,j->i", [65, 129], [65]),
    Example("vector–matrix", "i,ij->j", [65], [65, 129]),
    Example("matrix–diagonal", "ij,jj->i", [65, 33], [33, 33]),
    Example("diagonal–matrix", "ii,ij->j", [33, 33], [33, 65]),
    Example("matrix", "ij,jk->ik", [65, 33], [33, 47]),
    Example("matrix, transposed result", "ij,jk->ki", [65, 33], [33, 47]),
    Example("left transposed", "ji,jk->ik", [33, 65], [33, 47]),
    Example("right transposed", "ij,kj->ik", [65, 33], [47, 33]),
    Example("both transposed", "ji,kj->ik", [33, 65], [47, 33]),
    Example("both transposed, transposed result", "ji,kj->ki", [33, 65], [47, 33]),
    Example("batched", "bij,bjk->bik", [7, 13, 11], [7, 11, 17]),
    Example("batched, left transposed", "bji,bjk->bik", [7, 11, 13], [7, 11, 17]),
    Example("batched, right transposed", "bij,bkj->bik", [7, 13, 11], [7, 17, 11]),
    Example("batch in the middle", "ibj,jbk->ibk", [13, 7, 11], [11, 7, 17]),
    Example("batch at the end", "ijb,jkb->ikb", [13, 11, 7], [11, 17, 7]),
    Example("batch broadcast", "...ij,...jk->...ik", [5, 1, 9, 8], [6, 8, 7]),
    Example("small batches", "bij,bjk->bik", [3000, 3, 3], [3000, 3, 3]),
    Example("gemm, two rows", "aij,bjk->abik", [2, 5, 6], [3, 6, 7]),
    Example("gemm, two sums", "iab,abk->ik", [9, 5, 6], [5, 6, 7]),
    Example("gemm, sums in another order", "iab,bak->ik", [9, 5, 6], [6, 5, 7]),
    Example("gemm, loops left over", "aibj,cjdk->abcdik", [3, 4, 2, 5], [2, 5, 3, 6]),
    Example(
      "gemm, loops over all kinds", "xaibjy,xcjydk->axbcidk", [2, 3, 4, 2, 5, 3],
      [2, 2, 5, 3, 3, 4]),
    Example("Hadamard", "ij,ij->ij", [201, 303], [201, 303]),
    Example("Hadamard with a transpose", "ij,ji->ij", [65, 33], [33, 65]),
    Example("Hadamard of three", "ij,ij,ij->ij", [31, 17], [31, 17], [31, 17]),
    Example("scaled rows", "i,ij->ij", [65], [65, 33]),
    Example("scaled columns", "ij,j->ij", [65, 33], [33]),
    Example("bilinear", "i,ij,j->", [31], [31, 37], [37]),
    Example("bilinear, batched", "bi,oij,bj->bo", [5, 7], [6, 7, 8], [5, 8]),
    Example("quadratic", "bi,ij,bj->b", [9, 11], [11, 11], [9, 11]),
    Example("scalars", ",,->", [], [], []),
    Example("a scalar and a matrix", ",ij->ji", [], [65, 33]),
    Example("size 1 everywhere", "ij,jk->ik", [1, 1], [1, 1]),
    Example("an empty sum", "ij,jk->ik", [3, 0], [0, 4]),
    Example("an empty result", "ij,jk->ik", [0, 3], [3, 4]),
  ]

  static let singles = [
    Example("trace", "ii->", [301, 301]),
    Example("trace of blocks", "aibi->ab", [5, 7, 6, 7]),
    Example("diagonal", "ii->i", [301, 301]),
    Example("diagonal of three", "iii->i", [23, 23, 23]),
    Example("batched diagonal", "bii->ib", [9, 31, 31]),
    Example("diagonal written", "i->ii", [101]),
    Example("diagonal written thrice", "ij->jij", [7, 9]),
    Example("diagonal to diagonal", "ii->ii", [33, 33]),
    Example("product on a diagonal", "ij,jk->iki", [5, 6], [6, 7]),
    Example("row sums", "ij->i", [301, 203]),
    Example("column sums", "ij->j", [301, 203]),
    Example("column sums, wide", "ij->j", [17, 5001]),
    Example("middle sums", "ijk->ik", [65, 33, 17]),
    Example("outer sums", "ijk->j", [65, 33, 17]),
    Example("sums into a transpose", "ijk->ki", [65, 33, 17]),
    Example("sum of a few long rows", "ij->i", [2, 250_001]),
    Example("sum of a few long columns", "ij->j", [250_001, 2]),
    Example("strided sum", "aib->i", [129, 65, 31]),
    Example("sum of a diagonal's rows", "iij->j", [65, 65, 33]),
    Example("large sum", "i->", [1_000_003]),
    Example("large sum of blocks", "ijk->", [101, 99, 101]),
    Example("copy", "ij->ij", [65, 33]),
    Example("transpose", "ij->ji", [200, 300]),
    Example("transpose, odd", "ij->ji", [257, 129]),
    Example("transpose, thin", "ij->ji", [3, 5001]),
    Example("transpose, powers of two", "ij->ji", [256, 256]),
    Example("batched transpose", "bij->bji", [5, 65, 33]),
    Example("transpose kji", "ijk->kji", [65, 33, 17]),
    Example("transpose kij", "ijk->kij", [65, 33, 17]),
    Example("transpose jki", "ijk->jki", [65, 33, 17]),
    Example("transpose jik", "ijk->jik", [65, 33, 17]),
    Example("transpose of four", "ijkl->lkji", [19, 17, 13, 11]),
    Example("transpose of four in pairs", "ijkl->klij", [19, 17, 13, 11]),
    Example("transpose of four, last stays", "ijkl->kjil", [19, 17, 13, 11]),
    Example("transpose of four, middle", "ijkl->ikjl", [19, 17, 13, 11]),
  ]

  static let networks = [
    // Four contractions of multi-head attention.
    Example("projections to heads", "btm,hmd->bhtd", [2, 17, 24], [3, 24, 8]),
    Example("attention scores", "bhqd,bhkd->bhqk", [2, 3, 17, 8], [2, 3, 19, 8]),
    Example("attention values", "bhqk,bhkd->bhqd", [2, 3, 17, 19], [2, 3, 19, 8]),
    Example("heads to the output", "bhqd,hdm->bqm", [2, 3, 17, 8], [3, 8, 24]),
    Example("attention, heads last", "bqhd,bkhd->bhqk", [2, 17, 3, 8], [2, 19, 3, 8]),
    Example("chain of three", "ij,jk,kl->il", [31, 7], [7, 29], [29, 13]),
    Example("chain of five", "ab,bc,cd,de,ef->af", [5, 6], [6, 7], [7, 6], [6, 5], [5, 8]),
    Example("chain of tensors", "aib,bjc,ckd->aijkd", [3, 4, 5], [5, 4, 6], [6, 4, 3]),
    Example("ring of tensors", "aib,bjc,cka->ijk", [5, 4, 6], [6, 5, 7], [7, 3, 5]),
    Example(
      "FORMULAS' five", "ea,fb,abcd,gc,hd->efgh", [4, 5], [5, 4], [5, 4, 6, 3], [4, 6], [5, 3]),
    Example("a label of three", "ai,bi,ci->abc", [7, 11], [8, 11], [9, 11]),
    Example("Khatri–Rao", "ir,jr->ijr", [17, 9], [13, 9]),
    Example("disconnected", "ab,cd,ef->ace", [5, 6], [7, 8], [4, 3]),
    Example("four dimensions", "abij,ijcd->abcd", [5, 6, 7, 8], [7, 8, 4, 3]),
    Example("four dimensions, mixed", "iajb,cjdi->abcd", [7, 5, 8, 6], [4, 8, 3, 7]),
  ]

  private func check<Element: Scalar>(_ example: Example, _ type: Element.Type) throws {
    var generator = SeededGenerator(seed: 11)
    let check = try EvaluationCheck(example.text, example.shapes)
    let operands = EvaluationCheck.operands(example.shapes, as: type, using: &generator)
    let threads = BLAS.threads
    defer { BLAS.setThreads(threads) }
    for count in [1, 2, 3] {
      BLAS.setThreads(count)
      let outcome = try check.outcome(operands)
      #expect(outcome.isSound && outcome.peak == outcome.predicted, "\(count) threads: \(outcome)")
    }
  }

  @Test(arguments: vectorsAndMatrices + singles + networks)
  func equalTheDefinition(example: Example) throws {
    try check(example, Double.self)
    try check(example, Float.self)
  }

  @Test func blockedSumsKeepTheirPrecision() throws {
    // A running sum in single precision ends percents off.
    let count = 1 << 20
    let check = try EvaluationCheck("i->", [[count]])
    let values = Tensor<Float>(repeating: 0.1, [count])
    let plan = try check.resolved.contraction.plan(elementBytes: 4)
    let sum = try ExecutionPlan(plan).evaluated([values]).elements[0]
    let exact = Double(count) * Double(Float(0.1))
    #expect(abs(Double(sum) - exact) <= 4 * exact * Double(Float.ulpOfOne) * 1024)
  }

  @Test func sumsDoNotDependOnThreads() throws {
    var generator = SeededGenerator(seed: 12)
    let threads = BLAS.threads
    defer { BLAS.setThreads(threads) }
    for example in Self.singles {
      let check = try EvaluationCheck(example.text, example.shapes)
      let operands = EvaluationCheck.operands(example.shapes, as: Float.self, using: &generator)
      let execution = ExecutionPlan(try check.resolved.contraction.plan())
      var results: [Tensor<Float>] = []
      for count in [1, 2, 4] {
        BLAS.setThreads(count)
        results.append(try execution.evaluated(operands))
      }
      #expect(results.allSatisfy { $0 == results[0] }, "\(example.name)")
    }
  }

  @Test func refusesWhatDoesNotFit() throws {
    let check = try EvaluationCheck("ij,jk->ik", [[8, 9], [9, 7]])
    var generator = SeededGenerator(seed: 13)
    let operands = EvaluationCheck.operands([[8, 9], [9, 7]], as: Double.self, using: &generator)
    let execution = ExecutionPlan(try check.resolved.contraction.plan())
    let peak = execution.peakBytes(elementBytes: 8)
    let enough = MemoryBudget(limit: peak)
    _ = try execution.evaluated(operands, budget: enough)
    #expect(enough.peak == peak && enough.current == 0)
    let short = MemoryBudget(limit: peak - 1)
    #expect(throws: NumericalError.self) { try execution.evaluated(operands, budget: short) }
    #expect(short.current == 0)
  }
}

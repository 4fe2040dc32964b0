import Einsum
import Tensors

/// A contraction with its name and the shapes of its operands.
struct EinsumCase {
  let name: String
  let equation: String
  let shapes: [Shape]

  init(_ name: String, _ equation: String, _ shapes: [Shape]) {
    (self.name, self.equation, self.shapes) = (name, equation, shapes)
  }

  /// Reads, resolves and plans: all that comes before the choice of kernels.
  func planned(
    elementBytes: Int
  ) throws(BenchError) -> (resolved: ResolvedContraction, plan: ContractionPlan) {
    let resolved: ResolvedContraction
    do throws(SubscriptError) {
      resolved = try Subscripts(parsing: equation).resolved(shapes: shapes)
    } catch {
      throw .contraction("\(equation): \(error)")
    }
    do throws(PlanningError) {
      return (resolved, try resolved.contraction.plan(elementBytes: elementBytes))
    } catch {
      throw .contraction("\(equation): \(error)")
    }
  }

  /// The result, planning included.
  func evaluated<Element: Scalar>(
    _ operands: [Tensor<Element>], budget: MemoryBudget = .unlimited()
  ) throws(BenchError) -> Tensor<Element> {
    let (resolved, plan) = try planned(elementBytes: MemoryLayout<Element>.stride)
    let result = try numerically { () throws(NumericalError) in
      try ExecutionPlan(plan).evaluated(
        zip(operands, resolved.operandShapes).map { $0.reshaped($1) }, budget: budget)
    }
    return resolved.output(from: result)
  }

  /// The suite of BENCHMARKS.md.
  static let suite = [
    EinsumCase("matmul", "ik,kj->ij", [[1024, 1024], [1024, 1024]]),
    EinsumCase("matmul-t", "ik,jk->ij", [[1024, 1024], [1024, 1024]]),
    EinsumCase("bmm", "bik,bkj->bij", [[64, 128, 128], [64, 128, 128]]),
    EinsumCase("scores", "bhqd,bhkd->bhqk", [[2, 8, 512, 64], [2, 8, 512, 64]]),
    EinsumCase("apply", "bhqk,bhkv->bhqv", [[2, 8, 512, 512], [2, 8, 512, 64]]),
    EinsumCase("heads", "bqhv,hvd->bqd", [[2, 512, 8, 64], [8, 64, 512]]),
    EinsumCase("contract3", "ikm,mjl->ijl", [[64, 64, 64], [64, 64, 64]]),
    EinsumCase("chain3", "ijk,jkl,lmn->imn", [[40, 40, 40], [40, 40, 40], [40, 40, 40]]),
    EinsumCase("outer", "i,j->ij", [[2048], [2048]]),
    EinsumCase("hadamard", "ij,ij->ij", [[2048, 2048], [2048, 2048]]),
    EinsumCase("trace", "ii->", [[4096, 4096]]),
    EinsumCase("transpose", "ijkl->lkji", [[64, 64, 64, 64]]),
    EinsumCase("row-sum", "ij->i", [[4096, 4096]]),
    EinsumCase("col-sum", "ij->j", [[4096, 4096]]),
    EinsumCase("bilinear", "ni,oij,nj->no", [[512, 128], [64, 128, 128], [512, 128]]),
    EinsumCase(
      "mps", "ab,bcd,def,fgh,hi->acegi",
      [[16, 32], [32, 16, 32], [32, 16, 32], [32, 16, 32], [32, 16]]),
    EinsumCase("ccsd-ladder", "abcd,cdij->abij", [[32, 32, 32, 32], [32, 32, 32, 32]]),
    EinsumCase("permuted", "aebf,dfce->abcd", [[32, 32, 32, 32], [32, 32, 32, 32]]),
  ]
}

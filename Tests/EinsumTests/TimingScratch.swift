import Tensors
import Testing
import Glibc
@testable import Einsum
private func now() -> Double { var t = timespec(); clock_gettime(CLOCK_MONOTONIC, &t); return Double(t.tv_sec)+Double(t.tv_nsec)*1e-9 }
private func run<E: Scalar>(_ name: String, _ eq: String, _ shapes: [[Int]], _ path: [[Int]], as: E.Type) {
  let parts = eq.split(separator: ">"); let ins = parts[0].dropLast().split(separator: ",").map(String.init); let out = parts.count > 1 ? String(parts[1]) : ""
  let names = Array(Set(ins.joined())).sorted().map(String.init)
  let id = { (c: Character) in names.firstIndex(of: String(c))! }
  var sizes = [Int](repeating: 1, count: names.count)
  for (s, sh) in zip(ins, shapes) { for (c, n) in zip(s, sh) { sizes[id(c)] = n } }
  let con = Contraction(operands: ins.map { $0.map(id) }, output: out.map(id), sizes: sizes, names: names)
  let xs = shapes.enumerated().map { RandomSource(seed: UInt64($0.offset)).normal(Shape($0.element), as: E.self) }
  var best = 1e9
  for _ in 0..<15 { let t = now(); let r = try! ExecutionPlan(ContractionPlan(con, path: ContractionPath(path))).evaluated(xs); best = min(best, now() - t); if r.count < 0 { print(r) } }
  print("TIME \(name) \(E.dtypeName) \(best * 1e3) ms")
}
@Suite struct TimingScratch {
  @Test func times() {
    BLAS.setThreads(2)
    func both(_ n: String, _ e: String, _ s: [[Int]], _ p: [[Int]] = [[0, 1]]) { run(n, e, s, p, as: Float.self); run(n, e, s, p, as: Double.self) }
    both("matmul", "ik,kj->ij", [[1024,1024],[1024,1024]])
    both("matmul-t", "ik,jk->ij", [[1024,1024],[1024,1024]])
    both("bmm", "bik,bkj->bij", [[64,128,128],[64,128,128]])
    both("scores", "bhqd,bhkd->bhqk", [[2,8,512,64],[2,8,512,64]])
    both("apply", "bhqk,bhkv->bhqv", [[2,8,512,512],[2,8,512,64]])
    both("heads", "bqhv,hvd->bqd", [[2,512,8,64],[8,64,512]])
    both("contract3", "ikm,mjl->ijl", [[64,64,64],[64,64,64]])
    both("chain3", "ijk,jkl,lmn->imn", [[40,40,40],[40,40,40],[40,40,40]], [[0,1],[0,1]])
    both("outer", "i,j->ij", [[2048],[2048]])
    both("hadamard", "ij,ij->ij", [[2048,2048],[2048,2048]])
    both("trace", "ii->", [[4096,4096]], [[0]])
    both("transpose", "ijkl->lkji", [[64,64,64,64]], [[0]])
    both("row-sum", "ij->i", [[4096,4096]], [[0]])
    both("col-sum", "ij->j", [[4096,4096]], [[0]])
    both("bilinear", "ni,oij,nj->no", [[512,128],[64,128,128],[512,128]], [[0,1],[0,1]])
    both("mps", "ab,bcd,def,fgh,hi->acegi", [[16,32],[32,16,32],[32,16,32],[32,16,32],[32,16]], [[0,1],[2,3],[0,1],[0,1]])
    both("ccsd", "abcd,cdij->abij", [[32,32,32,32],[32,32,32,32]])
    both("permuted", "aebf,dfce->abcd", [[32,32,32,32],[32,32,32,32]])
  }
}

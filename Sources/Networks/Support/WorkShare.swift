import Synchronization
import Tensors

/// Loops over uneven work whose items need memory to work in.
enum WorkShare {
  /// The threads that `forEach` uses for so many items.
  static func workers(_ count: Int) -> Int { max(1, min(BLAS.threads, count)) }

  /// Visits every index of `0..<count` once, in order of their start, on all threads; each thread
  /// has `workspace` elements of its own, not initialised, on a boundary of 128 bytes.
  static func forEach<Element: Scalar>(
    _ count: Int, workspace: Int,
    _ body: (_ index: Int, _ memory: UnsafeMutablePointer<Element>) -> Void
  ) {
    let next = Atomic(0)
    Parallel.forEachItem(workers(count)) { _ in
      let memory = UnsafeMutableRawPointer.allocate(
        byteCount: max(1, workspace) * MemoryLayout<Element>.stride, alignment: 128)
      defer { memory.deallocate() }
      let elements = memory.bindMemory(to: Element.self, capacity: workspace)
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index, elements)
      }
    }
  }
}

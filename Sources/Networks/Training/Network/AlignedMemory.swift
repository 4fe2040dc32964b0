/// Elements of all zero bits on a boundary of 128 bytes, for as long as this lives.
final class AlignedMemory<Element> {
  let elements: UnsafeMutablePointer<Element>
  private let memory: UnsafeMutableRawPointer

  init(_ count: Int) {
    let bytes = max(1, count) * MemoryLayout<Element>.stride
    memory = .allocate(byteCount: bytes, alignment: 128)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    elements = memory.bindMemory(to: Element.self, capacity: max(1, count))
  }

  deinit { memory.deallocate() }
}

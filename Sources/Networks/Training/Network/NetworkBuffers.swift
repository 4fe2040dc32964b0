import Tensors

/// The numbers of one batch of at most B rows on their way through a network.
final class NetworkBuffers<Element: Scalar> {
  /// Those of a hidden layer, [B, units] unless said otherwise.
  struct Hidden {
    /// What the next layer reads; the sums stand here before.
    let output: UnsafeMutablePointer<Element>
    /// What gelu is of, then its slope; nil for other activations.
    let argument: UnsafeMutablePointer<Element>?
    /// x̂ of layer normalisation, and 1/√(σ² + ε) [B].
    let norm: (normalized: UnsafeMutablePointer<Element>, inverses: UnsafeMutablePointer<Element>)?
    /// Of dropout.
    let mask: UnsafeMutablePointer<UInt8>?
    /// The adjoint of the sums; nil where nothing is learnt.
    let adjoint: UnsafeMutablePointer<Element>?
    /// The adjoints of g and b of each thread [threads, 2, units].
    let normAdjoints: UnsafeMutablePointer<Element>?
  }

  /// The gathered inputs [B, D]; nil where nothing is learnt.
  let inputs: UnsafeMutablePointer<Element>?
  let hidden: [Hidden]
  /// The outputs [B, C], then their adjoint.
  let outputs: UnsafeMutablePointer<Element>
  private let memory: AlignedMemory<Element>
  private let masks: AlignedMemory<UInt8>

  init(
    _ architecture: MLPArchitecture, rows: Int, threads: Int, hasDropout: Bool, learns: Bool
  ) {
    let plan = Plan(
      architecture, rows: rows, threads: threads, hasDropout: hasDropout, learns: learns)
    memory = AlignedMemory(plan.elements)
    masks = AlignedMemory(plan.maskBytes)
    var (next, nextMask) = (memory.elements, masks.elements)
    func take(_ count: Int) -> UnsafeMutablePointer<Element> {
      defer { next += Plan.padded(count) }
      return next
    }
    inputs = learns ? take(rows * architecture.inputs) : nil
    hidden = architecture.hidden.map { units in
      let count = rows * units
      let mask = nextMask
      if hasDropout { nextMask += count }
      return Hidden(
        output: take(count), argument: architecture.activation == .gelu ? take(count) : nil,
        norm: architecture.layerNorm ? (take(count), take(rows)) : nil,
        mask: hasDropout ? mask : nil, adjoint: learns ? take(count) : nil,
        normAdjoints: learns && architecture.layerNorm ? take(threads * 2 * units) : nil)
    }
    outputs = take(rows * architecture.outputs)
  }

  /// What the buffers of a network take.
  static func byteCount(
    _ architecture: MLPArchitecture, rows: Int, threads: Int, hasDropout: Bool, learns: Bool
  ) -> Int {
    let plan = Plan(
      architecture, rows: rows, threads: threads, hasDropout: hasDropout, learns: learns)
    return plan.elements * MemoryLayout<Element>.stride + plan.maskBytes
  }

  private struct Plan {
    let elements: Int
    let maskBytes: Int

    init(
      _ architecture: MLPArchitecture, rows: Int, threads: Int, hasDropout: Bool, learns: Bool
    ) {
      let arrays =
        1 + (architecture.activation == .gelu ? 1 : 0) + (architecture.layerNorm ? 1 : 0)
        + (learns ? 1 : 0)
      var elements =
        Self.padded(rows * architecture.outputs)
        + (learns ? Self.padded(rows * architecture.inputs) : 0)
      for units in architecture.hidden {
        elements += arrays * Self.padded(rows * units)
        if architecture.layerNorm {
          elements += Self.padded(rows) + (learns ? Self.padded(threads * 2 * units) : 0)
        }
      }
      self.elements = elements
      maskBytes = hasDropout ? rows * architecture.hidden.reduce(0, +) : 0
    }

    /// To whole cache lines.
    static func padded(_ count: Int) -> Int { (count + 31) / 32 * 32 }
  }
}

import Tensors

/// Where the parameters stand in flat memory: one after the other, each on a boundary of 16 elements,
/// with zeros between.
struct MLPLayout: Sendable {
  /// A layer's sizes and the offsets of what it learns.
  struct Layer: Sendable {
    let inputs: Int
    let outputs: Int
    let weight: Int
    let bias: Int
    /// Of layer normalisation: g and b; nil without.
    let norm: (scale: Int, shift: Int)?
  }

  /// One parameter.
  struct Part: Sendable {
    let offset: Int
    let shape: Shape
    /// Whether weight decay holds for it: matrices, not biases and norms.
    var decays: Bool { shape.rank == 2 }
  }

  let layers: [Layer]
  let parts: [Part]
  /// The elements of all, padding included.
  let count: Int

  init(_ architecture: MLPArchitecture) {
    var parts: [Part] = []
    var end = 0
    for (_, shape) in architecture.parameters {
      parts.append(Part(offset: end, shape: shape))
      end += (shape.count + 15) / 16 * 16
    }
    self.parts = parts
    count = end
    let each = architecture.layerNorm ? 4 : 2
    let sizes = [architecture.inputs] + architecture.hidden + [architecture.outputs]
    layers = (0..<sizes.count - 1).map { layer in
      let first = layer * each
      let isNormed = architecture.layerNorm && layer < architecture.hidden.count
      return Layer(
        inputs: sizes[layer], outputs: sizes[layer + 1], weight: parts[first].offset,
        bias: parts[first + 1].offset,
        norm: isNormed ? (parts[first + 2].offset, parts[first + 3].offset) : nil)
    }
  }

  /// The parameters as tensors.
  func tensors<Element: Scalar>(_ memory: UnsafePointer<Element>) -> [Tensor<Element>] {
    parts.map { part in
      Tensor(uninitialized: part.shape) { target in
        _ = target.initialize(
          from: UnsafeBufferPointer(start: memory + part.offset, count: part.shape.count))
      }
    }
  }

  /// Tensors of the parameters' shapes into flat memory.
  func store<Element: Scalar>(
    _ tensors: [Tensor<Element>], into memory: UnsafeMutablePointer<Element>
  ) {
    for (part, tensor) in zip(parts, tensors) {
      tensor.withUnsafeElements { source in
        guard let source = source.baseAddress else { return }
        (memory + part.offset).update(from: source, count: part.shape.count)
      }
    }
  }
}

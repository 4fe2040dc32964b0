import Tensors

/// Parameters, their gradient and what the optimiser keeps, in flat memory.
final class ParameterMemory<Element: Scalar> {
  /// Parameters that are updated at a time, all of one tensor: they stay in the first-level cache.
  struct Block {
    let offset: Int
    let count: Int
    let decays: Bool
  }

  let layout: MLPLayout
  let blocks: [Block]
  /// The squared norms of the blocks' gradients.
  let squares: UnsafeMutablePointer<Double>
  let parameters: UnsafeMutablePointer<Element>
  let gradient: UnsafeMutablePointer<Element>
  let moments: (UnsafeMutablePointer<Element>?, UnsafeMutablePointer<Element>?)
  private let names: [String]
  private let momentNames: [String]
  private let memory: AlignedMemory<Element>
  private let squaresMemory: AlignedMemory<Double>

  private static var blockSize: Int { 2048 }

  init(_ architecture: MLPArchitecture, _ optimizer: Optimizer) {
    layout = MLPLayout(architecture)
    let count = layout.count
    momentNames = optimizer.moments
    names = architecture.parameters.map(\.name)
    memory = AlignedMemory(count * (2 + momentNames.count))
    parameters = memory.elements
    gradient = memory.elements + count
    moments = (
      momentNames.count > 0 ? memory.elements + 2 * count : nil,
      momentNames.count > 1 ? memory.elements + 3 * count : nil
    )
    blocks = layout.parts.flatMap { part in
      stride(from: 0, to: part.shape.count, by: Self.blockSize).map { start in
        Block(
          offset: part.offset + start, count: min(Self.blockSize, part.shape.count - start),
          decays: part.decays)
      }
    }
    squaresMemory = AlignedMemory(blocks.count)
    squares = squaresMemory.elements
  }

  /// What this takes, and what the tensors of a state take.
  static func byteCounts(
    _ architecture: MLPArchitecture, _ optimizer: Optimizer
  ) -> (memory: Int, state: Int) {
    let bytes = MLPLayout(architecture).count * MemoryLayout<Element>.stride
    let kept = optimizer.moments.count
    return (bytes * (2 + kept), bytes * (1 + kept))
  }

  /// Takes over a state.
  func store(_ state: TrainingState<Element>) {
    layout.store(state.parameters, into: parameters)
    let size = layout.parts.count
    for (place, target) in [moments.0, moments.1].enumerated() {
      guard let target else { continue }
      layout.store(
        state.moments[place * size..<(place + 1) * size].map(\.tensor), into: target)
    }
  }

  /// The parameters as tensors.
  var parameterTensors: [Tensor<Element>] { layout.tensors(parameters) }

  /// The gradient as tensors.
  var gradientTensors: [Tensor<Element>] { layout.tensors(gradient) }

  /// What the optimiser keeps, as tensors.
  var momentTensors: [TrainingState<Element>.Named] {
    zip(momentNames, [moments.0, moments.1]).flatMap { moment, memory in
      memory.map { memory in
        zip(names, layout.tensors(memory)).map {
          TrainingState<Element>.Named("optimizer.\(moment).\($0)", $1)
        }
      } ?? []
    }
  }

  /// A block's share of the gradient's squared norm.
  func measure(_ block: Int) {
    let part = blocks[block]
    let g = gradient + part.offset
    squares[block] = Double(Element.vectorDot(part.count, g, g))
  }

  /// The norm of the whole gradient, after all blocks are measured.
  var gradientNorm: Double {
    var sum = 0.0
    for block in blocks.indices { sum += squares[block] }
    return sum.squareRoot()
  }
}

import Tensors

/// The cell of a recurrent network, with PyTorch's order of gates.
public enum RecurrentCell: String, CaseIterable, Sendable {
  /// Long short-term memory, gates i, f, g, o (Hochreiter & Schmidhuber 1997, forget gate by Gers,
  /// Schmidhuber & Cummins 2000): c' = f⊙c + i⊙g, h' = o⊙tanh c'.
  case lstm
  /// Gated recurrent unit, gates r, z, n (Cho et al. 2014, arXiv:1406.1078) as PyTorch and cuDNN have
  /// it: the reset gate multiplies the product, n = tanh(n_x + r⊙(h·Wᵀ + b)), h' = (1−z)⊙n + z⊙h.
  case gru
  /// The same, the reset gate before the product: n = tanh(n_x + (r⊙h)·Wᵀ), as in the paper.
  case gruResetBefore

  /// How many blocks of H rows the weights [gates·H, I + H] have.
  public var gates: Int { self == .lstm ? 4 : 3 }

  /// How many blocks of H numbers the bias has: for the reset after the product n has two, that of
  /// the input's part and that of the recurrent part.
  public var biases: Int { self == .gruResetBefore ? 3 : 4 }

  /// The product that a step cannot do without the last one's result, gate by gate.
  var recurrentBlocks: [RecurrentBlock] {
    switch self {
    case .lstm: (0..<4).map { RecurrentBlock(gate: $0, target: $0, bias: $0, adds: true) }
    case .gru:
      (0..<3).map {
        $0 < 2
          ? RecurrentBlock(gate: $0, target: $0, bias: $0, adds: true)
          : RecurrentBlock(gate: 2, target: 3, bias: 3, adds: false)
      }
    case .gruResetBefore: (0..<3).map { RecurrentBlock(gate: $0, target: $0, bias: $0, adds: true) }
    }
  }

  /// Parts of a step between which all units have to be known: the product of n waits for all of r⊙h.
  var forwardPhases: Int { self == .gruResetBefore ? 2 : 1 }
  /// The same on the way back, where the products wait for all gates.
  var backwardPhases: Int { self == .gruResetBefore ? 3 : 2 }
}

/// One gate's part of h·W_hᵀ: which rows of W, where its sums go among the four blocks that are kept
/// for every step, and which block of the bias belongs to it.
struct RecurrentBlock {
  let gate, target, bias: Int
  /// Whether the input's part is there already.
  let adds: Bool
}

/// How a recurrent network is computed; the results agree to rounding.
public enum RecurrentAlgorithm: String, CaseIterable, Sendable {
  /// The input's part of all steps is one product, a step one product with weights that were packed
  /// once and one pass over the gates; on the way back the weights' gradients are single products over
  /// all steps.
  case fused
  /// One gate after the other, a product for each and for every step, elementwise passes between them:
  /// what the formulas say, to compare with.
  case gates
}

/// The sizes of one layer: x is [B, T, I], its states are [B, H].
public struct RecurrentSizes: Hashable, Sendable {
  public let batch, steps, inputs, units: Int

  public init(batch: Int, steps: Int, inputs: Int, units: Int) {
    (self.batch, self.steps, self.inputs, self.units) = (batch, steps, inputs, units)
  }

  /// Multiplications and additions of the forward pass' products, 2·B·T·gates·H·(I + H).
  public func operations(_ cell: RecurrentCell) -> Int {
    2 * batch * steps * cell.gates * units * (inputs + units)
  }

  /// The elements that a forward pass takes besides operands and results: four blocks for every step
  /// and what is kept of the weights and states; `recording` keeps c of every step.
  public func extraElements(_ cell: RecurrentCell, recording: Bool) -> Int {
    let states = cell == .lstm ? batch * (recording ? steps : 1) * units : 0
    return batch * steps * 4 * units + states + cell.gates * units * (units + 16)
  }

  /// How far the rows of the batch lie apart among those of [B, T, n].
  var rows: Int { batch * steps }
}

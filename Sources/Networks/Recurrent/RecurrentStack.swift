public import Tensors

/// Recurrent layers one above the other: each reads the outputs of the one below.
public struct RecurrentStack<Element: Scalar>: Sendable {
  /// One layer's W [gates·H, I + H] and b [biases·H].
  public struct Weights: Sendable {
    public var matrix, bias: Tensor<Element>

    public init(_ matrix: Tensor<Element>, _ bias: Tensor<Element>) {
      (self.matrix, self.bias) = (matrix, bias)
    }
  }

  /// The states of L layers; c is an LSTM's, nil for a GRU.
  public struct State: Sendable {
    /// [L, B, H].
    public var h: Tensor<Element>
    /// [L, B, H].
    public var c: Tensor<Element>?

    public init(h: Tensor<Element>, c: Tensor<Element>? = nil) { (self.h, self.c) = (h, c) }
  }

  public let cell: RecurrentCell
  public let layers: [Weights]
  public let algorithm: RecurrentAlgorithm

  /// A stack of layers, the lowest first.
  public init(
    _ cell: RecurrentCell, _ layers: [Weights], algorithm: RecurrentAlgorithm = .fused
  ) {
    (self.cell, self.layers, self.algorithm) = (cell, layers, algorithm)
  }

  /// The forward pass.
  ///
  /// - Parameters:
  ///   - x: the inputs [B, T, I].
  ///   - state: the states before the first step.
  ///   - recording: whether `RecurrentTrace.pulled` will be called.
  ///   - budget: asked for `RecurrentSizes.extraElements` of one layer at a time, of all when
  ///     `recording`, for the duration of the call.
  /// - Throws: `NumericalError.shape` for operands that do not fit, `.memory`.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func forward(
    _ x: Tensor<Element>, state: State, recording: Bool, budget: MemoryBudget = .unlimited()
  ) throws(NumericalError) -> RecurrentTrace<Element> {
    guard !layers.isEmpty, state.h.shape.rank == 3, state.h.shape[0] == layers.count,
      state.c.map({ $0.shape == state.h.shape }) ?? true, (state.c != nil) == (cell == .lstm)
    else {
      let c = state.c.map { ", c0 \($0.shape)" } ?? ""
      throw .shape(
        "\(layers.count) layers of \(cell.rawValue) with h0 \(state.h.shape)\(c): h0 [L, B, H]"
          + (cell == .lstm ? " and c0 [L, B, H] fit" : " fits, without c0"))
    }
    var passes: [RecurrentPass<Element>] = []
    var (outputs, reserved) = (x, 0)
    var (h, c): ([Tensor<Element>], [Tensor<Element>]) = ([], [])
    defer { budget.release(reserved) }
    for (index, layer) in layers.enumerated() {
      let operands = try RecurrentOperands(
        cell, x: outputs, h: state.h.matrix(index), c: state.c?.matrix(index),
        weights: layer.matrix, bias: layer.bias)
      let bytes =
        operands.sizes.extraElements(cell, recording: recording) * MemoryLayout<Element>.stride
      try budget.reserve(bytes, for: "layer \(index) of \(cell.rawValue)")
      reserved += bytes
      let pass = RecurrentPass(operands, algorithm, recording: recording)
      outputs = pass.outputs
      h.append(pass.h)
      if let state = pass.c { c.append(state) }
      if recording {
        passes.append(pass)
      } else {
        budget.release(bytes)
        reserved -= bytes
      }
    }
    return RecurrentTrace(
      outputs: outputs, state: State(h: .stacked(h), c: cell == .lstm ? .stacked(c) : nil),
      passes: passes)
  }
}

/// What a stack gave, and the way back.
public struct RecurrentTrace<Element: Scalar> {
  /// The adjoints of everything that went into a stack.
  public struct Adjoints {
    /// [B, T, I]; nil if it was not wanted.
    public var x: Tensor<Element>?
    public var state: RecurrentStack<Element>.State
    public var layers: [RecurrentStack<Element>.Weights]
  }

  /// The uppermost layer's outputs [B, T, H].
  public let outputs: Tensor<Element>
  /// The states after the last step.
  public let state: RecurrentStack<Element>.State
  fileprivate let passes: [RecurrentPass<Element>]

  fileprivate init(
    outputs: Tensor<Element>, state: RecurrentStack<Element>.State, passes: [RecurrentPass<Element>]
  ) {
    (self.outputs, self.state, self.passes) = (outputs, state, passes)
  }

  /// The way back through all layers; a pass that was not recorded traps.
  ///
  /// - Parameters:
  ///   - outputs: the adjoint of the outputs [B, T, H]; nil is zero.
  ///   - state: that of the last states; nil is zero.
  ///   - needsInput: whether that of x is wanted.
  /// - Throws: `NumericalError.shape` for adjoints of other shapes.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func pulled(
    outputs: Tensor<Element>?, state: RecurrentStack<Element>.State? = nil, needsInput: Bool
  ) throws(NumericalError) -> Adjoints {
    precondition(!passes.isEmpty, "the forward pass was not recorded")
    guard outputs.map({ $0.shape == self.outputs.shape }) ?? true,
      state.map({ $0.h.shape == self.state.h.shape && $0.c?.shape == self.state.c?.shape }) ?? true
    else {
      throw .shape("adjoints of other shapes than outputs \(self.outputs.shape) and their states")
    }
    var output = outputs
    var (h, c): ([Tensor<Element>], [Tensor<Element>]) = ([], [])
    var weights: [RecurrentStack<Element>.Weights] = []
    for (index, pass) in passes.enumerated().reversed() {
      var needed = [Bool](repeating: true, count: self.state.c == nil ? 4 : 5)
      needed[0] = index > 0 || needsInput
      let adjoints = pass.pulled(
        output: output, h: state?.h.matrix(index), c: state?.c?.matrix(index), needed: needed)
      output = adjoints[0]
      if let adjoint = adjoints[1] { h.insert(adjoint, at: 0) }
      if adjoints.count == 5, let adjoint = adjoints[2] { c.insert(adjoint, at: 0) }
      if let matrix = adjoints[adjoints.count - 2], let bias = adjoints[adjoints.count - 1] {
        weights.insert(RecurrentStack<Element>.Weights(matrix, bias), at: 0)
      }
    }
    return Adjoints(
      x: output,
      state: RecurrentStack<Element>.State(h: .stacked(h), c: c.isEmpty ? nil : .stacked(c)),
      layers: weights)
  }
}

extension Tensor {
  /// One matrix of a stack [L, m, n].
  fileprivate func matrix(_ index: Int) -> Tensor {
    let count = shape[1] * shape[2]
    return Tensor([shape[1], shape[2]], Array(elements[index * count..<(index + 1) * count]))
  }

  /// Matrices of one shape as a stack.
  fileprivate static func stacked(_ matrices: [Tensor]) -> Tensor {
    Tensor([matrices.count, matrices[0].rows, matrices[0].columns], matrices.flatMap(\.elements))
  }
}

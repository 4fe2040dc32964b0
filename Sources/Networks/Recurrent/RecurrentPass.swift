import Tensors

/// One layer's forward pass by kernels, and what the way back needs of it.
struct RecurrentPass<Element: Scalar> {
  typealias Pointer = UnsafePointer<Element>

  let operands: RecurrentOperands<Tensor<Element>>
  let algorithm: RecurrentAlgorithm
  /// [B, T, H].
  let outputs: Tensor<Element>
  /// What is kept of every step; c of the last one alone if the way back is not wanted.
  private let gates, cells: Tensor<Element>
  private let keepsCells: Bool

  init(
    _ operands: RecurrentOperands<Tensor<Element>>, _ algorithm: RecurrentAlgorithm,
    recording: Bool
  ) {
    let (cell, sizes) = (operands.cell, operands.sizes)
    let states = Shape([sizes.batch, recording ? sizes.steps : 1, sizes.units])
    var gates = Tensor<Element>.zeros([0])
    var cells = Tensor<Element>.zeros([0])
    let outputs = Tensor<Element>(uninitialized: [sizes.batch, sizes.steps, sizes.units]) {
      outputs in
      cells = Tensor(uninitialized: cell == .lstm ? states : [0]) { cells in
        gates = Tensor(uninitialized: [sizes.batch, sizes.steps, 4, sizes.units]) { gates in
          guard let outputs = outputs.baseAddress, let gates = gates.baseAddress else { return }
          Self.run(
            operands, algorithm, gates: gates, outputs: outputs,
            cells: cell == .lstm ? cells.baseAddress : nil, keepsCells: recording)
        }
      }
    }
    (self.operands, self.algorithm, self.outputs) = (operands, algorithm, outputs)
    (self.gates, self.cells, keepsCells) = (gates, cells, recording)
  }

  /// h after the last step, [B, H].
  var h: Tensor<Element> { last(of: outputs) }
  /// c after the last step; an LSTM's.
  var c: Tensor<Element>? { operands.cell == .lstm ? last(of: cells) : nil }

  private func last(of states: Tensor<Element>) -> Tensor<Element> {
    let (batch, steps, units) = (states.shape[0], states.shape[1], states.shape[2])
    return states.withUnsafeElements { source in
      Tensor(uninitialized: [batch, units]) { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        for row in 0..<batch {
          (target + row * units).initialize(
            from: source + ((row + 1) * steps - 1) * units, count: units)
        }
      }
    }
  }

  /// Calls `body` with the operands' addresses.
  private static func withOperands(
    _ operands: RecurrentOperands<Tensor<Element>>,
    _ body: (_ x: Pointer, _ weights: Pointer, _ bias: Pointer, _ h: Pointer, _ c: Pointer?) -> Void
  ) {
    operands.x.withUnsafeElements { x in
      operands.weights.withUnsafeElements { weights in
        operands.bias.withUnsafeElements { bias in
          operands.h.withUnsafeElements { h in
            (operands.c ?? operands.h).withUnsafeElements { c in
              guard let x = x.baseAddress, let weights = weights.baseAddress,
                let bias = bias.baseAddress, let h = h.baseAddress
              else { return }
              body(x, weights, bias, h, operands.c == nil ? nil : c.baseAddress)
            }
          }
        }
      }
    }
  }

  private static func run(
    _ operands: RecurrentOperands<Tensor<Element>>, _ algorithm: RecurrentAlgorithm,
    gates: UnsafeMutablePointer<Element>, outputs: UnsafeMutablePointer<Element>,
    cells: UnsafeMutablePointer<Element>?, keepsCells: Bool
  ) {
    let (cell, sizes) = (operands.cell, operands.sizes)
    withOperands(operands) { x, weights, bias, h, c in
      func pass(packed: Pointer?) -> RecurrentForward<Element> {
        RecurrentForward(
          cell: cell, sizes: sizes, x: x, weights: weights, bias: bias, h0: h, c0: c,
          packed: packed, gates: gates, outputs: outputs, cells: cells, keepsCells: keepsCells)
      }
      switch algorithm {
      case .gates:
        let pass = pass(packed: nil)
        for t in 0..<sizes.steps { pass.stepGateByGate(t) }
      case .fused:
        Element.gemm(
          transposeA: false, transposeB: true, m: sizes.rows, n: cell.gates * sizes.units,
          k: sizes.inputs, alpha: 1, a: x, lda: sizes.inputs, b: weights,
          ldb: sizes.inputs + sizes.units, beta: 0, c: gates, ldc: 4 * sizes.units)
        PackedGates.forward(cell, sizes, weights).withUnsafeElements { packed in
          let pass = pass(packed: packed.baseAddress)
          RecurrentSchedule.run(
            sizes, 0..<sizes.steps, phases: cell.forwardPhases, Element.self
          ) { pass.step($0, phase: $1, rows: $2, units: $3) }
        }
      }
    }
  }
}

extension RecurrentPass {
  /// The adjoints of x, h0, c0 (an LSTM's), W and b; nil where not needed.
  ///
  /// - Parameters:
  ///   - output: ȳ [B, T, H]; nil is zero, as below.
  ///   - h: h̄ [B, H].
  ///   - c: c̄ [B, H].
  ///   - needed: which operands' are wanted, in that order.
  func pulled(
    output: Tensor<Element>?, h: Tensor<Element>?, c: Tensor<Element>?, needed: [Bool]
  ) -> [Tensor<Element>?] {
    let (cell, sizes) = (operands.cell, operands.sizes)
    var hAdjoint = h ?? .zeros([sizes.batch, sizes.units])
    var cAdjoint = c ?? .zeros([sizes.batch, sizes.units])
    let (needsWeights, needsBias) = (needed[needed.count - 2], needed[needed.count - 1])
    var results = (x: Tensor<Element>?.none, weights: Tensor<Element>?.none)
    var biasAdjoint: Tensor<Element>?
    // Written step by step and read only by what follows.
    _ = Tensor<Element>(uninitialized: gates.shape) { sums in
      Self.withOperands(operands) { x, weights, bias, h0, c0 in
        // The kernels read what the forward pass kept and write nothing of it.
        gates.withUnsafeElements { gates in
          cells.withUnsafeElements { cells in
            outputs.withUnsafeElements { outputs in
              guard let gates = gates.baseAddress, let outputs = outputs.baseAddress,
                let sums = sums.baseAddress
              else { return }
              let forward = RecurrentForward(
                cell: cell, sizes: sizes, x: x, weights: weights, bias: bias, h0: h0, c0: c0,
                packed: nil, gates: UnsafeMutablePointer(mutating: gates),
                outputs: UnsafeMutablePointer(mutating: outputs),
                cells: UnsafeMutablePointer(mutating: cells.baseAddress), keepsCells: keepsCells)
              hAdjoint.withUnsafeMutableElements { h in
                cAdjoint.withUnsafeMutableElements { c in
                  withOptional(output) { output in
                    guard let h = h.baseAddress else { return }
                    func pass(packed: Pointer?) -> RecurrentBackward<Element> {
                      RecurrentBackward(
                        forward: forward, packed: packed, outputAdjoint: output, h: h,
                        c: cell == .lstm ? c.baseAddress : nil, sums: sums)
                    }
                    switch algorithm {
                    case .fused:
                      PackedGates.backward(cell.adjointGroups, sizes, weights).withUnsafeElements {
                        let pass = pass(packed: $0.baseAddress)
                        RecurrentSchedule.run(
                          sizes, (0..<sizes.steps).reversed(), phases: cell.backwardPhases,
                          Element.self
                        ) { pass.step($0, phase: $1, rows: $2, units: $3) }
                      }
                      results = pass(packed: nil).products(x: needed[0], weights: needsWeights)
                    case .gates:
                      results = pass(packed: nil).gateByGate(x: needed[0], weights: needsWeights)
                    }
                    biasAdjoint = needsBias ? pass(packed: nil).biasAdjoint() : nil
                  }
                }
              }
            }
          }
        }
      }
    }
    let states = cell == .lstm ? [hAdjoint, cAdjoint] : [hAdjoint]
    return [results.x] + states + [results.weights, biasAdjoint]
  }

  private func withOptional(_ tensor: Tensor<Element>?, _ body: (Pointer?) -> Void) {
    guard let tensor else { return body(nil) }
    tensor.withUnsafeElements { body($0.baseAddress) }
  }
}

extension RecurrentBackward {
  typealias Adjoints = (x: Tensor<Element>?, weights: Tensor<Element>?)

  /// x̄ and W̄ by single products over all steps.
  func products(x needsX: Bool, weights needsWeights: Bool) -> Adjoints {
    let rows = Rows(count: sizes.rows, first: 0, step: 1)
    return adjoints(needsX, needsWeights) { x, weights in
      if let x { inputAdjoint(rows, gates: 0..<cell.gates, into: x, adds: false) }
      guard let weights else { return }
      previousStates().withUnsafeElements { states in
        guard let states = states.baseAddress else { return }
        for group in cell.adjointGroups {
          weightAdjoint(
            rows, group, states: states, stateStep: sizes.units, into: weights, adds: false)
        }
      }
    }
  }

  /// The whole way back, a product for every gate and step.
  func gateByGate(x needsX: Bool, weights needsWeights: Bool) -> Adjoints {
    adjoints(needsX, needsWeights) { x, weights in
      for t in (0..<sizes.steps).reversed() {
        for phase in 0..<cell.backwardPhases {
          step(t, phase: phase, rows: 0..<sizes.batch, units: 0..<sizes.units)
        }
        let rows = Rows(count: sizes.batch, first: t, step: sizes.steps)
        for group in cell.adjointGroups {
          for (index, gate) in group.gates.enumerated() {
            let one = AdjointGroup(gates: gate..<gate + 1, block: group.block + index)
            if let x { inputAdjoint(rows, gates: one.gates, into: x, adds: gate > 0) }
            guard let weights else { continue }
            weightAdjoint(
              rows, one, states: forward.state(0, before: t),
              stateStep: forward.stateStep(before: t), into: weights, adds: t < sizes.steps - 1)
          }
        }
      }
    }
  }

  private func adjoints(
    _ needsX: Bool, _ needsWeights: Bool,
    _ body: (_ x: MutablePointer?, _ weights: MutablePointer?) -> Void
  ) -> Adjoints {
    let rows = needsX ? Shape([sizes.batch, sizes.steps, sizes.inputs]) : [0]
    let columns = sizes.inputs + sizes.units
    let matrix = needsWeights ? Shape([cell.gates * sizes.units, columns]) : [0]
    var weights = Tensor<Element>.zeros([0])
    let x = Tensor<Element>(uninitialized: rows) { x in
      weights = Tensor(uninitialized: matrix) { weights in
        body(needsX ? x.baseAddress : nil, needsWeights ? weights.baseAddress : nil)
      }
    }
    return (needsX ? x : nil, needsWeights ? weights : nil)
  }
}

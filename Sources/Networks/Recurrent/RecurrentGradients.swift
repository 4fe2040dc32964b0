import Tensors

/// What follows from the sums' adjoints: x̄ = s̄·W_x, W̄ = s̄ᵀ·[x, h], b̄ = Σ s̄, for some rows of
/// [B·T] that lie equally far apart: all of them, or those of one step.
extension RecurrentBackward {
  /// Rows of [B·T, n]: how many, the first, and the distance between them.
  struct Rows {
    let count, first, step: Int
  }

  /// x̄ of some rows, gates taken together.
  func inputAdjoint(_ rows: Rows, gates: Range<Int>, into x: MutablePointer, adds: Bool) {
    let (units, row) = (sizes.units, sizes.inputs + sizes.units)
    Element.gemm(
      transposeA: false, transposeB: false, m: rows.count, n: sizes.inputs,
      k: gates.count * units, alpha: 1,
      a: sums + rows.first * 4 * units + gates.lowerBound * units, lda: rows.step * 4 * units,
      b: forward.weights + gates.lowerBound * units * row, ldb: row, beta: adds ? 1 : 0,
      c: x + rows.first * sizes.inputs, ldc: rows.step * sizes.inputs)
  }

  /// W̄ of some gates over some rows; `states` are h before each of them, `stateStep` apart.
  func weightAdjoint(
    _ rows: Rows, _ group: AdjointGroup, states: Pointer, stateStep: Int,
    into weights: MutablePointer, adds: Bool
  ) {
    let (units, row) = (sizes.units, sizes.inputs + sizes.units)
    let target = weights + group.gates.lowerBound * units * row
    let place = Pointer(sums) + rows.first * 4 * units
    // n has r⊙h where the other gates have h.
    let usesReset = cell == .gruResetBefore && group.gates.lowerBound == 2
    Element.gemm(
      transposeA: true, transposeB: false, m: group.gates.count * units, n: sizes.inputs,
      k: rows.count, alpha: 1, a: place + group.gates.lowerBound * units,
      lda: rows.step * 4 * units, b: forward.x + rows.first * sizes.inputs,
      ldb: rows.step * sizes.inputs, beta: adds ? 1 : 0, c: target, ldc: row)
    Element.gemm(
      transposeA: true, transposeB: false, m: group.gates.count * units, n: units,
      k: rows.count, alpha: 1, a: place + group.block * units, lda: rows.step * 4 * units,
      b: usesReset ? Pointer(forward.gates) + (rows.first * 4 + 3) * units : states,
      ldb: usesReset ? rows.step * 4 * units : stateStep, beta: adds ? 1 : 0,
      c: target + sizes.inputs, ldc: row)
  }

  /// b̄.
  func biasAdjoint() -> Tensor<Element> {
    let width = cell.biases * sizes.units
    return Tensor(uninitialized: [width]) { buffer in
      guard let target = buffer.baseAddress else { return }
      target.initialize(repeating: 0, count: width)
      Parallel.forEachRange(width, grain: 128) { columns in
        for row in 0..<sizes.rows {
          Element.vectorAdd(
            columns.count, Pointer(sums) + row * 4 * sizes.units + columns.lowerBound,
            to: target + columns.lowerBound)
        }
      }
    }
  }

  /// h before every step, [B·T, H].
  func previousStates() -> Tensor<Element> {
    Tensor(uninitialized: [sizes.rows, sizes.units]) { buffer in
      guard let target = buffer.baseAddress else { return }
      let units = sizes.units
      for row in 0..<sizes.batch {
        let place = target + row * sizes.steps * units
        place.initialize(from: forward.state(row, before: 0), count: units)
        guard sizes.steps > 1 else { continue }
        (place + units).initialize(
          from: forward.state(row, before: 1), count: (sizes.steps - 1) * units)
      }
    }
  }
}

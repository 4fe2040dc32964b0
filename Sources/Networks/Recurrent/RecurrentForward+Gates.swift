import Tensors

/// One gate at a time: two products, the bias and the activation in passes of their own.
extension RecurrentForward {
  func stepGateByGate(_ t: Int) {
    for block in cell.recurrentBlocks {
      if cell == .gruResetBefore, block.gate == 2 { multiplyReset(t) }
      sums(block, t)
    }
    switch cell {
    case .lstm: lstmStates(t)
    case .gru, .gruResetBefore: gruStates(t)
    }
  }

  private var distance: Int { sizes.steps * 4 * sizes.units }

  private func place(_ row: Int, _ t: Int, block: Int) -> MutablePointer {
    gates + ((row * sizes.steps + t) * 4 + block) * sizes.units
  }

  private func sums(_ block: RecurrentBlock, _ t: Int) {
    let (units, row) = (sizes.units, sizes.inputs + sizes.units)
    let weights = self.weights + block.gate * units * row
    let usesReset = cell == .gruResetBefore && block.gate == 2
    Element.gemm(
      transposeA: false, transposeB: true, m: sizes.batch, n: units, k: sizes.inputs, alpha: 1,
      a: x + t * sizes.inputs, lda: sizes.steps * sizes.inputs, b: weights, ldb: row, beta: 0,
      c: place(0, t, block: block.gate), ldc: distance)
    Element.gemm(
      transposeA: false, transposeB: true, m: sizes.batch, n: units, k: units, alpha: 1,
      a: usesReset ? Pointer(place(0, t, block: 3)) : state(0, before: t),
      lda: usesReset ? distance : stateStep(before: t), b: weights + sizes.inputs, ldb: row,
      beta: block.adds ? 1 : 0, c: place(0, t, block: block.target), ldc: distance)
    for row in 0..<sizes.batch {
      let sums = place(row, t, block: block.gate)
      Element.vectorAdd(units, bias + block.gate * units, to: sums)
      if !block.adds {
        let recurrent = place(row, t, block: block.target)
        Element.vectorAdd(units, bias + block.bias * units, to: recurrent)
        Element.vectorAdd(units, recurrent, times: place(row, t, block: 0), to: sums)
      }
      if block.gate == 2 {
        Element.vectorTanh(units, sums, into: sums)
      } else {
        Element.vectorSigmoid(units, sums, into: sums)
      }
    }
  }

  private func multiplyReset(_ t: Int) {
    for row in 0..<sizes.batch {
      Element.vectorMultiply(
        sizes.units, state(row, before: t), by: place(row, t, block: 0),
        into: place(row, t, block: 3), streams: false)
    }
  }

  private func lstmStates(_ t: Int) {
    let units = sizes.units
    for row in 0..<sizes.batch {
      guard let c = cell(row, before: t), let newC = cell(row, t) else { return }
      let output = outputs + (row * sizes.steps + t) * units
      Element.vectorMultiply(units, c, by: place(row, t, block: 1), into: newC, streams: false)
      Element.vectorAdd(
        units, place(row, t, block: 0), times: place(row, t, block: 2), to: newC)
      output.initialize(from: newC, count: units)
      Element.vectorTanh(units, output, into: output)
      Element.vectorMultiply(
        units, output, by: place(row, t, block: 3), into: output, streams: false)
    }
  }

  /// h' = n + z⊙(h − n)
  private func gruStates(_ t: Int) {
    let units = sizes.units
    for row in 0..<sizes.batch {
      let output = outputs + (row * sizes.steps + t) * units
      let n = place(row, t, block: 2)
      output.initialize(from: state(row, before: t), count: units)
      Element.vectorAdd(units, n, times: -1, to: output)
      Element.vectorMultiply(
        units, output, by: place(row, t, block: 1), into: output, streams: false)
      Element.vectorAdd(units, n, to: output)
    }
  }
}

import Tensors

/// Gates whose sums' adjoints stand side by side and go back to h through their weights together.
struct AdjointGroup {
  let gates: Range<Int>
  /// The block of the adjoints where they begin.
  let block: Int
}

extension RecurrentCell {
  /// The n of a GRU goes its own way: its recurrent part has another adjoint than the input's, or
  /// leads to r⊙h.
  var adjointGroups: [AdjointGroup] {
    switch self {
    case .lstm: [AdjointGroup(gates: 0..<4, block: 0)]
    case .gru: [AdjointGroup(gates: 0..<2, block: 0), AdjointGroup(gates: 2..<3, block: 3)]
    case .gruResetBefore:
      [AdjointGroup(gates: 0..<2, block: 0), AdjointGroup(gates: 2..<3, block: 2)]
    }
  }
}

/// The way back through time: from the adjoints of the outputs and last states to those of all sums,
/// from which everything else follows by products over all steps.
struct RecurrentBackward<Element: Scalar> {
  typealias Pointer = UnsafePointer<Element>
  typealias MutablePointer = UnsafeMutablePointer<Element>

  let forward: RecurrentForward<Element>
  /// W_h of the adjoint groups; without it products go to BLAS, gate by gate.
  let packed: Pointer?
  /// ȳ [B, T, H]; nil is zero.
  let outputAdjoint: Pointer?
  /// h̄ and c̄ [B, H] after the step, and when it is done before it.
  let h: MutablePointer
  let c: MutablePointer?
  /// The sums' adjoints, [B, T, 4, H] as `forward.gates`; of n with the reset before, the fourth block
  /// is that of r⊙h.
  let sums: MutablePointer

  var cell: RecurrentCell { forward.cell }
  var sizes: RecurrentSizes { forward.sizes }

  /// One part of step t: some rows of the batch, some units.
  func step(_ t: Int, phase: Int, rows: Range<Int>, units: Range<Int>) {
    if phase == 0 {
      for row in rows { gates(row, t, units) }
    } else if cell == .gruResetBefore, phase == 1 {
      multiply(cell.adjointGroups[1], t, rows, units, into: sums + 3 * sizes.units, adds: false)
      for row in rows { reset(row, t, units) }
    } else {
      let groups = cell == .gruResetBefore ? cell.adjointGroups.dropLast() : cell.adjointGroups[...]
      for group in groups { multiply(group, t, rows, units, into: nil, adds: cell != .lstm) }
    }
  }

  /// From the states' adjoints to the sums'.
  private func gates(_ row: Int, _ t: Int, _ units: Range<Int>) {
    let (all, first) = (sizes.units, units.lowerBound)
    let place = row * sizes.steps + t
    let gates = Pointer(forward.gates) + place * 4 * all + first
    let sums = self.sums + place * 4 * all + first
    let output = outputAdjoint.map { $0 + place * all + first }
    let (h, before) = (self.h + row * all + first, forward.state(row, before: t) + first)
    switch cell {
    case .lstm:
      guard let c, let newC = forward.cell(row, t), let oldC = forward.cell(row, before: t)
      else { return }
      Element.lstmStepBack(
        units.count, units: all, gates, c: oldC + first, newC: Pointer(newC) + first,
        output: output, h: Pointer(h), cAdjoint: c + row * all + first, sums: sums)
    case .gru:
      Element.gruStepBack(
        units.count, units: all, gates, h: before, output: output, adjoint: h, sums: sums)
    case .gruResetBefore:
      Element.gruUpdateBack(
        units.count, units: all, gates, h: before, output: output, adjoint: h, sums: sums)
    }
  }

  private func reset(_ row: Int, _ t: Int, _ units: Range<Int>) {
    let (all, first) = (sizes.units, units.lowerBound)
    let place = (row * sizes.steps + t) * 4 * all + first
    Element.gruResetBack(
      units.count, units: all, Pointer(forward.gates) + place,
      h: forward.state(row, before: t) + first, adjoint: h + row * all + first,
      sums: sums + place)
  }

  /// The adjoints of a group times its weights, to h̄ or to a block of the sums.
  private func multiply(
    _ group: AdjointGroup, _ t: Int, _ rows: Range<Int>, _ units: Range<Int>,
    into block: MutablePointer?, adds: Bool
  ) {
    let (all, first) = (sizes.units, units.lowerBound)
    let place = (rows.lowerBound * sizes.steps + t) * 4 * all
    let left = Pointer(sums) + place + group.block * all
    let step = sizes.steps * 4 * all
    let target = block.map { $0 + place + first } ?? h + rows.lowerBound * all + first
    let targetStep = block == nil ? all : step
    guard let packed else {
      let row = sizes.inputs + all
      for (index, gate) in group.gates.enumerated() {
        Element.gemm(
          transposeA: false, transposeB: false, m: rows.count, n: all, k: all, alpha: 1,
          a: left + index * all, lda: step, b: forward.weights + gate * all * row + sizes.inputs,
          ldb: row, beta: adds || index > 0 ? 1 : 0, c: target, ldc: targetStep)
      }
      return
    }
    let terms = group.gates.count * all
    let start = group.gates.lowerBound * all * PackedGates.width(of: all, Element.self)
    Element.packedProduct(
      rows: rows.count, columns: units.count, terms: terms, a: left, lda: step,
      packed: packed + start + first * terms, bias: nil, c: target, ldc: targetStep, adds: adds)
  }
}

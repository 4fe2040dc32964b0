import Tensors

/// The memory that one layer's pass works in, all row-major: operands, results and what is kept of
/// every step.
struct RecurrentForward<Element: Scalar> {
  typealias Pointer = UnsafePointer<Element>
  typealias MutablePointer = UnsafeMutablePointer<Element>

  let cell: RecurrentCell
  let sizes: RecurrentSizes
  /// x [B, T, I], W [gates·H, I + H], h0 and c0 [B, H].
  let x, weights, bias, h0: Pointer
  let c0: Pointer?
  /// W_h, every gate packed by itself; without it products go to BLAS, gate by gate.
  let packed: Pointer?
  /// What is kept of every step, [B, T, 4, H]: i, f, g, o; r, z, n and n's recurrent sum; or r, z, n
  /// and r⊙h.
  let gates: MutablePointer
  /// [B, T, H].
  let outputs: MutablePointer
  /// c of every step [B, T, H], or of the last [B, H].
  let cells: MutablePointer?
  let keepsCells: Bool

  /// One part of step t: some rows of the batch, some units.
  func step(_ t: Int, phase: Int, rows: Range<Int>, units: Range<Int>) {
    multiply(t, phase, rows, units)
    let (count, all, first) = (units.count, sizes.units, units.lowerBound)
    for row in rows {
      let gates = self.gates + (row * sizes.steps + t) * 4 * all + first
      let output = outputs + (row * sizes.steps + t) * all + first
      let h = state(row, before: t) + first
      switch cell {
      case .lstm:
        guard let newC = cell(row, t), let c = cell(row, before: t) else { continue }
        Element.lstmStep(
          count, units: all, gates, c: c + first, newC: newC + first, newH: output)
      case .gru:
        // The recurrent part of n has a bias of its own.
        Element.vectorAdd(count, bias + 2 * all + first, to: gates + 2 * all)
        Element.gruStep(count, units: all, gates, h: h, newH: output)
      case .gruResetBefore:
        if phase == 0 {
          Element.gruReset(count, units: all, gates, h: h)
        } else {
          Element.gruUpdate(count, units: all, gates, h: h, newH: output)
        }
      }
    }
  }

  /// The products of the gates that a phase begins with, added to the input's part.
  private func multiply(_ t: Int, _ phase: Int, _ rows: Range<Int>, _ units: Range<Int>) {
    for block in cell.recurrentBlocks {
      let usesReset = cell == .gruResetBefore && block.gate == 2
      guard usesReset == (phase == 1) else { continue }
      multiply(block, t, usesReset, rows, units)
    }
  }

  private func multiply(
    _ block: RecurrentBlock, _ t: Int, _ usesReset: Bool, _ rows: Range<Int>, _ units: Range<Int>
  ) {
    guard let packed else { return }
    let (all, row) = (sizes.units, rows.lowerBound)
    let place = gates + (row * sizes.steps + t) * 4 * all
    let left = usesReset ? UnsafePointer(place + 3 * all) : state(row, before: t)
    Element.packedProduct(
      rows: rows.count, columns: units.count, terms: all, a: left,
      lda: usesReset ? sizes.steps * 4 * all : stateStep(before: t),
      packed: packed + (block.gate * PackedGates.width(of: all, Element.self) + units.lowerBound)
        * all,
      bias: bias + block.bias * all + units.lowerBound,
      c: place + block.target * all + units.lowerBound, ldc: sizes.steps * 4 * all,
      adds: block.adds)
  }

  /// h before a step of one row of the batch, and how far the next row's is.
  func state(_ row: Int, before t: Int) -> Pointer {
    t == 0 ? h0 + row * sizes.units : Pointer(outputs) + (row * sizes.steps + t - 1) * sizes.units
  }
  func stateStep(before t: Int) -> Int { t == 0 ? sizes.units : sizes.steps * sizes.units }

  /// c after and before a step.
  func cell(_ row: Int, _ t: Int) -> MutablePointer? {
    cells.map { $0 + (keepsCells ? row * sizes.steps + t : row) * sizes.units }
  }
  func cell(_ row: Int, before t: Int) -> Pointer? {
    t == 0 ? c0.map { $0 + row * sizes.units } : cell(row, t - 1).map { Pointer($0) }
  }
}

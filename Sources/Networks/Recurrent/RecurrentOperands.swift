import Gradients
import Tensors

/// The operands of one layer, whose shapes fit.
struct RecurrentOperands<V: TensorValue> {
  let cell: RecurrentCell
  let sizes: RecurrentSizes
  let x, h, weights, bias: V
  /// Only an LSTM has one.
  let c: V?

  /// - Throws: `NumericalError.shape` for operands that do not fit, with their shapes.
  init(
    _ cell: RecurrentCell, x: V, h: V, c: V?, weights: V, bias: V
  ) throws(NumericalError) {
    let (x0, w0) = (x.shape, weights.shape)
    let units = h.shape.rank == 2 ? h.shape[1] : 0
    guard x0.rank == 3, x0.count > 0, units > 0, h.shape == [x0[0], units],
      c.map({ $0.shape == h.shape }) ?? true, w0 == [cell.gates * units, x0[2] + units],
      bias.shape == [cell.biases * units]
    else {
      let state = c.map { ", c0 \($0.shape)" } ?? ""
      throw .shape(
        "\(cell == .lstm ? "lstm" : "gru") of x \(x0), h0 \(h.shape)\(state), W \(w0) and b "
          + "\(bias.shape): x [B, T, I], h0 [B, H]\(c == nil ? "" : ", c0 [B, H]"), "
          + "W [\(cell.gates)H, I + H] and b [\(cell.biases)H] fit, no size 0")
    }
    (self.cell, self.x, self.h, self.c) = (cell, x, h, c)
    (self.weights, self.bias) = (weights, bias)
    sizes = RecurrentSizes(batch: x0[0], steps: x0[1], inputs: x0[2], units: units)
  }
}

/// The definition: one step after the other, by slices.
extension RecurrentOperands {
  /// The outputs [B, T, H], h and, for an LSTM, c [B, H].
  func evaluated() throws(NumericalError) -> [V] {
    let (batch, units) = (sizes.batch, sizes.units)
    var (h, c) = (self.h, self.c)
    var outputs: [V] = []
    for step in 0..<sizes.steps {
      let input = try x.sliced([
        AxisSlice(start: 0, count: batch), AxisSlice(start: step, count: 1),
        AxisSlice(start: 0, count: sizes.inputs),
      ]).reshaped([batch, sizes.inputs])
      switch cell {
      case .lstm:
        let (i, f) = (try gate(0, input, h).sigmoid(), try gate(1, input, h).sigmoid())
        let (g, o) = (try gate(2, input, h).tanh(), try gate(3, input, h).sigmoid())
        let next = (c.map { f * $0 } ?? f) + i * g
        (h, c) = (o * next.tanh(), next)
      case .gru, .gruResetBefore:
        let (r, z) = (try gate(0, input, h).sigmoid(), try gate(1, input, h).sigmoid())
        let n: V
        if cell == .gru {
          let recurrent = try part(h, 2, from: sizes.inputs) + self.bias(3)
          n = (try part(input, 2, from: 0) + self.bias(2) + r * recurrent).tanh()
        } else {
          n = try gate(2, input, r * h).tanh()
        }
        h = n + z * (h - n)
      }
      outputs.append(h.reshaped([batch, 1, units]))
    }
    let results = [try V.concatenated(outputs, axis: 1), h]
    return c.map { results + [$0] } ?? results
  }

  private func gate(_ index: Int, _ input: V, _ state: V) throws(NumericalError) -> V {
    try part(input, index, from: 0) + part(state, index, from: sizes.inputs) + bias(index)
  }

  /// The product with one gate's weights of the input or of the state.
  private func part(_ operand: V, _ gate: Int, from column: Int) throws(NumericalError) -> V {
    let rows = try weights.sliced([
      AxisSlice(start: gate * sizes.units, count: sizes.units),
      AxisSlice(start: column, count: operand.shape[1]),
    ])
    return operand.matrixProduct(rows.transposed())
  }

  private func bias(_ block: Int) throws(NumericalError) -> V {
    try bias.sliced([AxisSlice(start: block * sizes.units, count: sizes.units)])
  }
}

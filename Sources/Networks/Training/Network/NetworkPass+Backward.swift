import Tensors

extension NetworkPass {
  /// The adjoints of all sums for a thread's rows, last layer first: ā = z̄·W of the layer behind, then
  /// z̄ = f′(z) ⊙ m ⊙ ā, and back through the normalisation.
  func sumAdjoints(
    _ batch: NetworkBatch<Element>, _ thread: Int, _ parameters: UnsafePointer<Element>,
    _ dropout: DropoutMask?
  ) {
    let rows = rows(batch.rows, thread)
    for layer in architecture.hidden.indices.reversed() {
      let behind = layout.layers[layer + 1]
      let width = behind.inputs
      guard let adjoint = buffers.hidden[layer].adjoint,
        let source = layer + 1 < architecture.hidden.count
          ? buffers.hidden[layer + 1].adjoint : buffers.outputs
      else { return }
      if !rows.isEmpty {
        Element.gemm(
          transposeA: false, transposeB: false, m: rows.count, n: width, k: behind.outputs,
          alpha: 1, a: source + rows.lowerBound * behind.outputs, lda: behind.outputs,
          b: parameters + behind.weight, ldb: width, beta: 0,
          c: adjoint + rows.lowerBound * width, ldc: width)
      }
      if let sums = buffers.hidden[layer].normAdjoints {
        (sums + thread * 2 * width).update(repeating: 0, count: 2 * width)
      }
      for row in rows { pullRow(row, layer, thread, parameters, adjoint + row * width, dropout) }
    }
  }

  /// From the adjoint of a row of a hidden layer's output to that of its sums, in place.
  private func pullRow(
    _ row: Int, _ layer: Int, _ thread: Int, _ parameters: UnsafePointer<Element>,
    _ g: UnsafeMutablePointer<Element>, _ dropout: DropoutMask?
  ) {
    let width = layout.layers[layer].outputs
    let buffer = buffers.hidden[layer]
    let place = row * width
    var keep: Element = 1
    if let dropout, let mask = buffer.mask {
      TrainingKernels.mask(width, mask + place, times: Element(dropout.factor), g)
      keep = Element(1 - dropout.share)
    }
    switch architecture.activation {
    case .none: break
    case .relu: TrainingKernels.reluSlope(width, buffer.output + place, g)
    case .tanh: TrainingKernels.tanhSlope(width, keep: keep, buffer.output + place, g)
    case .sigmoid: TrainingKernels.sigmoidSlope(width, keep: keep, buffer.output + place, g)
    case .gelu:
      guard let argument = buffer.argument.map({ $0 + place }) else { return }
      Element.vectorGELUSlope(width, argument, into: argument)
      Element.vectorMultiply(width, g, by: argument, into: g, streams: false)
    }
    guard let norm = buffer.norm, let learnt = layout.layers[layer].norm,
      let sums = buffer.normAdjoints.map({ $0 + thread * 2 * width })
    else { return }
    Element.layerNormRowCotangent(
      width, r: norm.inverses[row], g, normalized: norm.normalized + place,
      scale: parameters + learnt.scale, x: g, addingToScale: sums, addingToShift: sums + width)
  }

  /// W̄ = z̄ᵀ·a, b̄ = Σ z̄ over the rows, and the sums of the threads for normalisations.
  func parameterAdjoints(
    _ batch: NetworkBatch<Element>, _ thread: Int, _ gradient: UnsafeMutablePointer<Element>
  ) {
    for (layer, sizes) in layout.layers.enumerated() {
      guard
        let adjoint = layer < architecture.hidden.count
          ? buffers.hidden[layer].adjoint : buffers.outputs
      else { return }
      let input = inputs(of: layer, batch)
      let isLast = thread == threads - 1
      if let units = columns(sizes.outputs, thread) {
        weightAdjoint(sizes, units, 0..<sizes.inputs, batch.rows, adjoint, input, gradient)
        vectorAdjoints(layer, units, batch.rows, adjoint, gradient)
      } else {
        // Too few units: by inputs, or all by one thread.
        let split = columns(sizes.inputs, thread)
        if let split {
          weightAdjoint(sizes, 0..<sizes.outputs, split, batch.rows, adjoint, input, gradient)
        } else if isLast {
          weightAdjoint(
            sizes, 0..<sizes.outputs, 0..<sizes.inputs, batch.rows, adjoint, input, gradient)
        }
        if isLast { vectorAdjoints(layer, 0..<sizes.outputs, batch.rows, adjoint, gradient) }
      }
    }
  }

  private func weightAdjoint(
    _ sizes: MLPLayout.Layer, _ units: Range<Int>, _ inputs: Range<Int>, _ rows: Int,
    _ adjoint: UnsafePointer<Element>, _ input: UnsafePointer<Element>,
    _ gradient: UnsafeMutablePointer<Element>
  ) {
    Element.gemm(
      transposeA: true, transposeB: false, m: units.count, n: inputs.count, k: rows, alpha: 1,
      a: adjoint + units.lowerBound, lda: sizes.outputs, b: input + inputs.lowerBound,
      ldb: sizes.inputs, beta: 0,
      c: gradient + sizes.weight + units.lowerBound * sizes.inputs + inputs.lowerBound,
      ldc: sizes.inputs)
  }

  /// The adjoints of what a layer learns beside its weights, for some units.
  private func vectorAdjoints(
    _ layer: Int, _ units: Range<Int>, _ rows: Int, _ adjoint: UnsafePointer<Element>,
    _ gradient: UnsafeMutablePointer<Element>
  ) {
    let sizes = layout.layers[layer]
    let width = sizes.outputs
    let bias = gradient + sizes.bias + units.lowerBound
    bias.update(repeating: 0, count: units.count)
    for row in 0..<rows {
      Element.vectorAdd(units.count, adjoint + row * width + units.lowerBound, to: bias)
    }
    guard let norm = sizes.norm, let sums = buffers.hidden[layer].normAdjoints else { return }
    let scale = gradient + norm.scale + units.lowerBound
    let shift = gradient + norm.shift + units.lowerBound
    scale.update(repeating: 0, count: units.count)
    shift.update(repeating: 0, count: units.count)
    for thread in 0..<threads {
      let part = sums + thread * 2 * width + units.lowerBound
      Element.vectorAdd(units.count, part, to: scale)
      Element.vectorAdd(units.count, part + width, to: shift)
    }
  }
}

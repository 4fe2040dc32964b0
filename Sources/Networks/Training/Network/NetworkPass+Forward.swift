import Tensors

extension NetworkPass {
  /// z = a·Wᵀ + b, and f(z) unless the sums are normalised first.
  func sums(
    _ layer: Int, _ batch: NetworkBatch<Element>, _ thread: Int,
    _ parameters: UnsafePointer<Element>, _ dropout: DropoutMask?
  ) {
    let sizes = layout.layers[layer]
    let width = sizes.outputs
    let columns = columns(width, thread)
    let rows = columns == nil ? rows(batch.rows, thread) : 0..<batch.rows
    let units = columns ?? 0..<width
    guard !rows.isEmpty else { return }
    let buffer = buffers.hidden[layer]
    let isNormed = sizes.norm != nil
    let target = isNormed ? buffer.output : buffer.argument ?? buffer.output
    Element.gemm(
      transposeA: false, transposeB: true, m: rows.count, n: units.count, k: sizes.inputs,
      alpha: 1, a: inputs(of: layer, batch) + rows.lowerBound * sizes.inputs, lda: sizes.inputs,
      b: parameters + sizes.weight + units.lowerBound * sizes.inputs, ldb: sizes.inputs, beta: 0,
      c: target + rows.lowerBound * width + units.lowerBound, ldc: width)
    let bias = parameters + sizes.bias + units.lowerBound
    for row in rows {
      let place = row * width + units.lowerBound
      guard !isNormed else {
        Element.vectorAdd(units.count, bias, to: target + place)
        continue
      }
      if architecture.activation == .relu {
        TrainingKernels.relu(units.count, adding: bias, to: target + place)
      } else {
        Element.vectorAdd(units.count, bias, to: target + place)
        activate(units.count, target + place, into: buffer.output + place)
      }
      if let dropout { drop(dropout, layer, batch.step, row, units) }
    }
  }

  /// f(LN z).
  func normalize(
    _ layer: Int, _ batch: NetworkBatch<Element>, _ thread: Int,
    _ parameters: UnsafePointer<Element>, _ dropout: DropoutMask?
  ) {
    let sizes = layout.layers[layer]
    let buffer = buffers.hidden[layer]
    guard let learnt = sizes.norm, let norm = buffer.norm else { return }
    let width = sizes.outputs
    for row in rows(batch.rows, thread) {
      let place = row * width
      let argument = (buffer.argument ?? buffer.output) + place
      norm.inverses[row] = Element.layerNormRow(
        width, epsilon: Element(MLPArchitecture.normEpsilon), buffer.output + place,
        scale: parameters + learnt.scale, shift: parameters + learnt.shift,
        normalized: norm.normalized + place, into: argument)
      activate(width, argument, into: buffer.output + place)
      if let dropout { drop(dropout, layer, batch.step, row, 0..<width) }
    }
  }

  /// y = f(z), which may stand in the same place.
  private func activate(
    _ count: Int, _ z: UnsafeMutablePointer<Element>, into y: UnsafeMutablePointer<Element>
  ) {
    switch architecture.activation {
    case .none: break
    case .relu: TrainingKernels.relu(count, to: z)
    case .gelu: Element.vectorGELU(count, z, into: y)
    case .tanh: Element.vectorTanh(count, z, into: y)
    case .sigmoid: Element.vectorSigmoid(count, z, into: y)
    }
  }

  private func drop(
    _ dropout: DropoutMask, _ layer: Int, _ step: Int, _ row: Int, _ units: Range<Int>
  ) {
    let width = layout.layers[layer].outputs
    let place = row * width + units.lowerBound
    guard let mask = buffers.hidden[layer].mask else { return }
    dropout.draw(
      layer: layer, step: step, row: row, units: units, of: width, into: mask + place)
    TrainingKernels.mask(
      units.count, mask + place, times: Element(dropout.factor),
      buffers.hidden[layer].output + place)
  }

  /// The outputs and their loss. With targets, softmax z or z − t takes their place; where something is
  /// learnt, their adjoint.
  func outputs(
    _ batch: NetworkBatch<Element>, _ thread: Int, _ parameters: UnsafePointer<Element>,
    adjoins: Bool
  ) -> Tally {
    let last = layout.layers.count - 1
    let sizes = layout.layers[last]
    let rows = rows(batch.rows, thread)
    guard !rows.isEmpty else { return Tally() }
    Element.gemm(
      transposeA: false, transposeB: true, m: rows.count, n: sizes.outputs, k: sizes.inputs,
      alpha: 1, a: inputs(of: last, batch) + rows.lowerBound * sizes.inputs, lda: sizes.inputs,
      b: parameters + sizes.weight, ldb: sizes.inputs, beta: 0,
      c: buffers.outputs + rows.lowerBound * sizes.outputs, ldc: sizes.outputs)
    var tally = Tally()
    for row in rows {
      let output = buffers.outputs + row * sizes.outputs
      Element.vectorAdd(sizes.outputs, parameters + sizes.bias, to: output)
      switch batch.targets {
      case .none: break
      case .labels(let labels):
        judge(
          output, label: Int(labels[batch.sample(row)]), rows: adjoins ? batch.rows : nil, &tally)
      case .values(let values):
        judge(
          output, values: values + batch.sample(row) * sizes.outputs,
          rows: adjoins ? batch.rows : nil, &tally)
      }
    }
    return tally
  }

  /// log Σ exp z − z[label], and softmax z, or (softmax z − t)/B for B rows.
  private func judge(
    _ z: UnsafeMutablePointer<Element>, label: Int, rows: Int?, _ tally: inout Tally
  ) {
    let count = architecture.outputs
    let right = z[label]
    if right == Element.vectorMaximum(count, z), isFirst(right, label, z) { tally.correct += 1 }
    let logarithm = Element.softmaxRow(count, z, into: z)
    tally.loss += Double(logarithm - right)
    guard let rows else { return }
    z[label] -= 1
    Element.vectorMultiply(count, z, by: 1 / Element(rows), into: z, streams: false)
  }

  /// Whether no other place before it has the same number: the first of equal ones is the answer.
  private func isFirst(
    _ value: Element, _ place: Int, _ z: UnsafeMutablePointer<Element>
  ) -> Bool {
    !(0..<place).contains { z[$0] == value }
  }

  /// Σ (z − t)²/C, and z − t, or 2(z − t)/(B·C) for B rows.
  private func judge(
    _ z: UnsafeMutablePointer<Element>, values: UnsafePointer<Element>, rows: Int?,
    _ tally: inout Tally
  ) {
    let count = architecture.outputs
    Element.vectorAdd(count, values, times: -1, to: z)
    tally.loss += Double(Element.vectorDot(count, z, z)) / Double(count)
    guard let rows else { return }
    Element.vectorMultiply(
      count, z, by: 2 / (Element(rows) * Element(count)), into: z, streams: false)
  }
}

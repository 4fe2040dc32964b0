import Tensors

/// How the steps of a layer are split over the threads.
enum RecurrentSchedule {
  /// The rows of the batch that fill a tile of `packedProduct`: so many make a thread independent.
  private static let rowsOfTile = 6
  /// The multiplications of a step that are worth a second thread, about 2 µs of them.
  private static let leastWork = 1 << 16

  /// Calls `body` for every step in order, each phase for all rows and units before the next.
  ///
  /// Rows of the batch do not need one another: where there are enough, every thread takes some through
  /// all steps. Where there are few, the units are split, so that every thread reads its own part of the
  /// weights, which stays in its cache, and the threads meet after every phase.
  static func run<Steps: Collection<Int>, Element: Scalar>(
    _ sizes: RecurrentSizes, _ steps: Steps, phases: Int, _ type: Element.Type,
    _ body: (_ t: Int, _ phase: Int, _ rows: Range<Int>, _ units: Range<Int>) -> Void
  ) {
    if sizes.batch / rowsOfTile >= BLAS.threads {
      Parallel.forEachRange(sizes.batch) { rows in
        for t in steps {
          for phase in 0..<phases { body(t, phase, rows, 0..<sizes.units) }
        }
      }
      return
    }
    let width = Element.panelWidth
    let panels = (sizes.units + width - 1) / width
    let work = 4 * sizes.batch * sizes.units * width
    let order = Array(steps)
    Parallel.forEachStep(
      order.count * phases, count: panels, grain: max(1, leastWork / work)
    ) { step, panels in
      body(
        order[step / phases], step % phases, 0..<sizes.batch,
        panels.lowerBound * width..<min(panels.upperBound * width, sizes.units))
    }
  }
}

/// W_h in panels for `packedProduct`.
enum PackedGates {
  /// The columns of a packed matrix of so many, whole panels.
  static func width<Element: Scalar>(of columns: Int, _ type: Element.Type) -> Int {
    (columns + Element.panelWidth - 1) / Element.panelWidth * Element.panelWidth
  }

  /// W_h,gᵀ for every gate g, one behind the other: what h is multiplied by.
  static func forward<Element: Scalar>(
    _ cell: RecurrentCell, _ sizes: RecurrentSizes, _ weights: UnsafePointer<Element>
  ) -> Tensor<Element> {
    let (units, row) = (sizes.units, sizes.inputs + sizes.units)
    return packed(
      (0..<cell.gates).map {
        Part(
          weights: weights + $0 * units * row + sizes.inputs, terms: units, termStep: 1,
          columnStep: row)
      }, columns: units)
  }

  /// W_h of some gates on top of one another: what the sums' adjoints are multiplied by.
  static func backward<Element: Scalar>(
    _ groups: [AdjointGroup], _ sizes: RecurrentSizes, _ weights: UnsafePointer<Element>
  ) -> Tensor<Element> {
    let (units, row) = (sizes.units, sizes.inputs + sizes.units)
    return packed(
      groups.map {
        Part(
          weights: weights + $0.gates.lowerBound * units * row + sizes.inputs,
          terms: $0.gates.count * units, termStep: row, columnStep: 1)
      }, columns: units)
  }

  /// A matrix to be packed.
  private struct Part<Element: Scalar> {
    let weights: UnsafePointer<Element>
    let terms, termStep, columnStep: Int
  }

  private static func packed<Element: Scalar>(
    _ parts: [Part<Element>], columns: Int
  ) -> Tensor<Element> {
    let width = width(of: columns, Element.self)
    let terms = parts.reduce(0) { $0 + $1.terms }
    return Tensor(uninitialized: [terms * width]) { buffer in
      guard var place = buffer.baseAddress else { return }
      for part in parts {
        let target = place
        // 4096 elements take a microsecond or two.
        let grain = max(1, 4096 / (part.terms * Element.panelWidth))
        Parallel.forEachRange(width / Element.panelWidth, grain: grain) { panels in
          Element.packPanels(
            panels, terms: part.terms, columns: columns, b: part.weights,
            termStep: part.termStep, columnStep: part.columnStep, into: target)
        }
        place += part.terms * width
      }
    }
  }
}

public import Tensors

extension Subscripts {
  /// Gives every axis of the operands its label.
  ///
  /// As in NumPy, the axes of the ellipses are aligned at their right ends, and an axis of size 1
  /// meets any size of the same label in another operand: it is broadcast. Within one operand the
  /// sizes of a label must be equal. An explicit output must have an ellipsis if those of the
  /// operands stand for any axis.
  ///
  /// - Parameter names: what the operands are called in messages, such as their files; may be empty.
  /// - Throws: `SubscriptError` with the place of the first disagreement.
  public func resolved(
    shapes: [Shape], names: [String] = []
  ) throws(SubscriptError) -> ResolvedContraction {
    precondition(names.isEmpty || names.count == shapes.count, "names for some operands only")
    var resolution = Resolution(subscripts: self, names: names)
    try resolution.label(shapes)
    try resolution.unifySizes(shapes)
    return try resolution.canonical(shapes)
  }
}

/// The state of resolving: what is known of each label so far.
private struct Resolution {
  /// What tells axes apart: a letter, or the place in the ellipsis counted from the right.
  enum Label: Hashable {
    case letter(Unicode.Scalar)
    case ellipsisAxis(Int)
  }

  /// An axis of an operand and the position of the item that names it.
  struct Axis {
    let label: Label
    let position: Int
  }

  let subscripts: Subscripts
  let names: [String]
  /// The axes of each operand.
  var axes: [[Axis]] = []
  /// The most axes that an ellipsis stands for, and the operand where it does.
  var longestEllipsis = 0
  var longestEllipsisOperand = 0
  /// The size of each label and the operand that it comes from.
  var sizes: [Label: (size: Int, operand: Int)] = [:]

  init(subscripts: Subscripts, names: [String]) {
    self.subscripts = subscripts
    self.names = names
  }

  /// Counts operands and axes and fills `axes`.
  mutating func label(_ shapes: [Shape]) throws(SubscriptError) {
    let terms = subscripts.operands
    guard terms.count == shapes.count else {
      let extra = terms.count > shapes.count
      throw error(
        "the subscripts have \(counted(terms.count, "operand")) but "
          + (shapes.count == 1 ? "1 array is given" : "\(shapes.count) arrays are given"),
        at: extra ? terms[shapes.count].position : terms[terms.count - 1].position,
        operand: extra ? shapes.count : nil)
    }
    for (operand, (term, shape)) in zip(terms, shapes).enumerated() {
      let extra = shape.rank - term.labelCount
      guard extra == 0 || (extra > 0 && term.ellipsisPosition != nil) else {
        throw error(
          "\(name(operand)) has \(counted(shape.rank, "axis", "axes")) but "
            + counted(term.labelCount, "label"),
          at: term.position, operand: operand)
      }
      axes.append(
        term.items.flatMap { item in
          guard let letter = item.label else {
            return (0..<extra).reversed().map {
              Axis(label: .ellipsisAxis($0), position: item.position)
            }
          }
          return [Axis(label: .letter(letter), position: item.position)]
        })
      if extra > longestEllipsis { (longestEllipsis, longestEllipsisOperand) = (extra, operand) }
    }
  }

  /// Finds the size of each label and fills `sizes`.
  mutating func unifySizes(_ shapes: [Shape]) throws(SubscriptError) {
    for (operand, shape) in shapes.enumerated() {
      var own: [Label: Int] = [:]
      for (axis, size) in zip(axes[operand], shape.dimensions) {
        if let other = own.updateValue(size, forKey: axis.label), other != size {
          throw error(
            "\(words(axis.label)) is both \(other) and \(size) in \(name(operand))",
            at: axis.position, operand: operand)
        }
        guard let known = sizes[axis.label], known.size != 1 else {
          sizes[axis.label] = (size, operand)
          continue
        }
        guard size == known.size || size == 1 else {
          throw error(
            "\(words(axis.label)) is \(known.size) in \(name(known.operand)) but \(size) in "
              + name(operand),
            at: axis.position, operand: operand)
        }
      }
    }
  }

  /// Numbers the labels, without the axes that are broadcast.
  func canonical(_ shapes: [Shape]) throws(SubscriptError) -> ResolvedContraction {
    var numbers: [Label: Int] = [:]
    var labels: [Label] = []
    var operands: [[Int]] = []
    var operandShapes: [Shape] = []
    for (axes, shape) in zip(axes, shapes) {
      let kept = zip(axes, shape.dimensions).filter { $1 == size($0.label) }
      operandShapes.append(Shape(kept.map(\.1)))
      operands.append(
        kept.map { axis, _ in
          if let number = numbers[axis.label] { return number }
          numbers[axis.label] = labels.count
          labels.append(axis.label)
          return labels.count - 1
        })
    }
    let output = try outputLabels()
    let outputShape: Shape
    do { outputShape = try Shape(checking: output.map(size)) } catch {
      throw self.error(
        "the result has more elements than can be counted",
        at: subscripts.explicitOutput?.position)
    }
    var distinct: Set<Label> = []
    return ResolvedContraction(
      contraction: Contraction(
        operands: operands,
        output: output.filter { distinct.insert($0).inserted }.map { numbers[$0, default: 0] },
        sizes: labels.map(size), names: labels.map(shortName)),
      operandShapes: operandShapes, outputLabels: output.map { numbers[$0, default: 0] },
      outputShape: outputShape)
  }

  /// The label of each axis of the output.
  private func outputLabels() throws(SubscriptError) -> [Label] {
    let items = subscripts.output
    if let output = subscripts.explicitOutput, output.ellipsisPosition == nil, longestEllipsis > 0 {
      throw error(
        "the ellipsis of \(name(longestEllipsisOperand)) stands for "
          + "\(counted(longestEllipsis, "axis", "axes")) but the output has no '...'",
        at: output.position, operand: longestEllipsisOperand)
    }
    return items.flatMap { item in
      item.label.map { [.letter($0)] }
        ?? (0..<longestEllipsis).reversed().map { .ellipsisAxis($0) }
    }
  }

  private func size(_ label: Label) -> Int { sizes[label, default: (1, 0)].size }
}

// Words.
extension Resolution {
  private func error(
    _ message: String, at position: Int?, operand: Int? = nil
  ) -> SubscriptError {
    SubscriptError(text: subscripts.text, position: position, message: message, operand: operand)
  }

  /// `operand 0 (A.npy)`.
  private func name(_ operand: Int) -> String {
    names.isEmpty ? "operand \(operand)" : "operand \(operand) (\(names[operand]))"
  }

  /// The label in a message.
  private func words(_ label: Label) -> String {
    switch label {
    case .letter(let letter): "label \(letter.quoted)"
    case .ellipsisAxis(let axis): "ellipsis axis \(axis + 1) from the right"
    }
  }

  /// The label in the contraction's text. Subscript digits are no letters, so none clashes.
  private func shortName(_ label: Label) -> String {
    switch label {
    case .letter(let letter): return String(letter)
    case .ellipsisAxis(let axis):
      let zero: UInt32 = 0x2080
      let digits = String(longestEllipsis - 1 - axis).utf8.compactMap {
        Unicode.Scalar(zero + UInt32($0 - UInt8(ascii: "0")))
      }
      return digits.map(String.init).joined()
    }
  }

  private func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
  }
}

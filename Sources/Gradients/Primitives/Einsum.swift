public import Einsum
import Tensors

extension Contraction {
  /// The result for tensors, of any precision; a failure to get memory traps.
  func evaluated<Element: Scalar>(_ operands: [Tensor<Element>]) -> Tensor<Element> {
    do {
      return try PlanCache.shared.plan(for: self).evaluated(operands)
    } catch {
      preconditionFailure("\(text): \(error)")
    }
  }
}

/// A contraction: linear in each operand. ẏ is the sum over the operands of the contraction with that
/// operand's tangent in its place; the adjoint of one operand is the contraction of ȳ with all others,
/// its labels for output.
struct EinsumProduct: Primitive {
  /// Labels of sizes as the operands have them; none of size 1 where others are larger.
  let contraction: Contraction

  var name: String { contraction.text }

  func shapes(of inputs: [Shape]) throws(NumericalError) -> [Shape] {
    let expected = contraction.operands.map { contraction.shape($0) }
    guard inputs == expected else {
      throw .shape("operands of \(inputs) for \(contraction.text) of \(expected)")
    }
    return [contraction.shape(contraction.output)]
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  func values<Element: Scalar>(
    of inputs: [Tensor<Element>]
  ) throws(NumericalError) -> [Tensor<Element>] {
    [contraction.evaluated(inputs)]
  }

  /// A further label numbers the stack.
  func stacked(over operands: StackedOperands) -> StackedCall<Self>? {
    let label = contraction.sizes.count
    let whole = Contraction(
      operands: zip(contraction.operands, operands.areStacked).map { $1 ? [label] + $0 : $0 },
      output: [label] + contraction.output, sizes: contraction.sizes + [operands.count],
      names: contraction.names + ["#"])
    return StackedCall(EinsumProduct(contraction: whole), of: operands)
  }

  func tangents<V: TensorValue>(
    inputs: [V], outputs: [V], tangents: [V?]
  ) throws(NumericalError) -> [V?] {
    var sum: V?
    for (place, tangent) in tangents.enumerated() {
      guard let tangent else { continue }
      var operands = inputs
      operands[place] = tangent
      let term = V.einsum(contraction, operands)
      sum = sum.map { $0 + term } ?? term
    }
    return [sum]
  }

  func cotangents<V: TensorValue>(
    inputs: [V], outputs: [V], adjoints: [V?], needed: [Bool]
  ) throws(NumericalError) -> [V?] {
    guard let adjoint = adjoints[0] else { return inputs.map { _ in nil } }
    return inputs.indices.map { place in
      needed[place] ? pulled(adjoint, to: place, inputs) : nil
    }
  }

  /// The adjoint of one operand. Labels that only this operand has are stretched; a diagonal is
  /// written where its labels repeat.
  private func pulled<V: TensorValue>(_ adjoint: V, to place: Int, _ inputs: [V]) -> V {
    var others = inputs
    others.remove(at: place)
    var labels = contraction.operands
    let own = labels.remove(at: place)
    var seen: Set<Int> = []
    let distinct = own.filter { seen.insert($0).inserted }
    let known = Set(labels.joined()).union(contraction.output)
    let found = distinct.filter(known.contains)
    let backward = Contraction(
      operands: [contraction.output] + labels, output: found, sizes: contraction.sizes,
      names: contraction.names)
    var result = V.einsum(backward, [adjoint] + others)
    if found.count < distinct.count {
      let stretched = Shape(distinct.map { known.contains($0) ? contraction.sizes[$0] : 1 })
      result = result.reshaped(stretched).broadcast(to: contraction.shape(distinct))
    }
    if distinct.count < own.count {
      // δ[i,i′]: ones on the diagonal of the repeated labels, zeros elsewhere.
      result = result.spread(from: distinct, to: own, of: contraction)
    }
    return result
  }
}

extension TensorValue {
  /// A contraction of values whose shapes are those of its labels.
  public static func einsum(_ contraction: Contraction, _ operands: [Self]) -> Self {
    total(EinsumProduct(contraction: contraction), operands)
  }

  /// Puts a value on the diagonal of repeated labels: products with identities.
  func spread(from labels: [Int], to own: [Int], of contraction: Contraction) -> Self {
    var sizes = contraction.sizes
    var names = contraction.names
    var seen: Set<Int> = []
    var output: [Int] = []
    var operands = [labels]
    var values = [self]
    for label in own {
      guard !seen.insert(label).inserted else {
        output.append(label)
        continue
      }
      // A further place of the label gets a name of its own, tied to the first by an identity.
      sizes.append(sizes[label])
      names.append("\(names[label])′\(sizes.count)")
      operands.append([label, sizes.count - 1])
      values.append(Self(constant: .identity(sizes[label])))
      output.append(sizes.count - 1)
    }
    return Self.einsum(
      Contraction(operands: operands, output: output, sizes: sizes, names: names), values)
  }
}

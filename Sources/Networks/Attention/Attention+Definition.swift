import Gradients
import Tensors

/// Attention as the formula says, for values that carry derivatives.
extension Attention {
  /// softmax(scale·QKᵀ + mask)·V, where what no query may see has the weight 0.
  func defined<V: TensorValue>(_ q: V, _ k: V, _ v: V, _ mask: V?) throws(NumericalError) -> V {
    let grouped: Shape = [batch, keyHeads, group, queryCount, keyCount]
    let queries = q.reshaped([batch, keyHeads, group, queryCount, width])
    let keys = k.reshaped([batch, keyHeads, 1, keyCount, width])
    let values = v.reshaped([batch, keyHeads, 1, keyCount, valueWidth])
    var scores = queries.matrixProduct(keys.transposed()) * V(scale)
    var visible = V(constant: visibility())
    if let mask {
      // −∞ + 1e300 is not positive; in single precision 1e300 is ∞, and their sum NaN is not either.
      visible = visible * (mask + V(1e300)).step().broadcast(to: self.scores).reshaped(grouped)
      scores = scores + mask.maximum(V(Self.hidden)).broadcast(to: self.scores).reshaped(grouped)
    }
    scores = scores + (V(1) - visible) * V(Self.hidden)
    let largest = try scores.extremum(over: [4], isMaximum: true).stoppingGradient()
    let weights = (scores - largest).exp() * visible
    let sums = weights.sum(over: [4], keepingAxes: true)
    // Of a query that sees no key all weights are 0, and so is their sum.
    return (weights / (sums + (V(1) - sums.step()))).matrixProduct(values).reshaped(output)
  }

  /// Smaller than any score, and yet a number: −∞ − −∞ would be none.
  private static var hidden: Double { -1e30 }

  /// 1 where a query sees a key, else 0: [Tq, Tk].
  private func visibility<Element: Scalar>() -> Tensor<Element> {
    var result = Tensor<Element>(repeating: 1, [1, 1, 1, queryCount, keyCount])
    guard isCausal else { return result }
    result.withUnsafeMutableElements { result in
      for i in 0..<queryCount {
        for j in max(0, i + keyCount - queryCount + 1)..<keyCount { result[i * keyCount + j] = 0 }
      }
    }
    return result
  }
}

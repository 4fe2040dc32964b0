import Glibc
import Networks
import Reporting
import Tensors

/// Samples with a network's outputs for them.
struct JudgedSamples<Element: Scalar> {
  private let targets: LabelledTargets<Element>
  /// [N, C]; logits for classes.
  private let outputs: Tensor<Element>
  private let classes: ClassMap?

  init(_ targets: LabelledTargets<Element>, _ outputs: Tensor<Element>, classes: ClassMap?) {
    (self.targets, self.outputs, self.classes) = (targets, outputs, classes)
  }

  var count: Int { outputs.rows }

  /// The class with the largest output and its softmax share.
  private func answer(_ sample: Int) -> (index: Int, probability: Double) {
    let logits = (0..<outputs.columns).map { Double(outputs[sample, $0]) }
    var best = 0
    for place in logits.indices where logits[place] > logits[best] { best = place }
    let sum = logits.reduce(0) { $0 + exp($1 - logits[best]) }
    return (best, 1 / sum)
  }

  // MARK: Predictions

  var predictionColumns: [Column] {
    guard classes == nil else {
      return [
        Column("target", header: "target", format: .text),
        Column("prediction", header: "prediction", format: .text),
        Column("probability", header: "probability", format: .fixed(4)),
      ]
    }
    let width = outputs.columns
    return ["target", "prediction"].flatMap { name in
      (0..<width).map { place in
        let key = width == 1 ? name : "\(name)_\(place)"
        return Column(key, header: key, format: .significant(6))
      }
    }
  }

  func predictionRows() -> [[Cell]] {
    switch targets {
    case .classes(let places, let map):
      return places.enumerated().map { sample, target in
        let answer = answer(sample)
        return [
          .text(map.labels[Int(target)]), .text(map.labels[answer.index]),
          .number(answer.probability),
        ]
      }
    case .values(let values):
      return (0..<values.rows).map { sample in
        (0..<values.columns).map { .number(Double(values[sample, $0])) }
          + (0..<outputs.columns).map { .number(Double(outputs[sample, $0])) }
      }
    }
  }

  // MARK: Confusion

  /// - Throws: `Failure.usage` for a regression.
  func confusionColumns() throws(Failure) -> [Column] {
    guard let classes else {
      throw .usage("--confusion is about classification, the model is a regression")
    }
    return [
      Column("class", header: "class", format: .text),
      Column("samples", header: "samples", format: .integer),
      Column("precision", header: "precision (%)", format: .percent(2)),
      Column("recall", header: "recall (%)", format: .percent(2)),
    ]
      + classes.labels.map { Column("predicted_\($0)", header: "as \($0)", format: .integer) }
  }

  /// Of each class how many samples were taken for which.
  func confusionRows() -> [[Cell]] {
    guard case .classes(let places, let map) = targets else { return [] }
    var counts = [[Int]](repeating: [Int](repeating: 0, count: map.count), count: map.count)
    for (sample, target) in places.enumerated() {
      counts[Int(target)][answer(sample).index] += 1
    }
    return map.labels.indices.map { place in
      let (right, all) = (counts[place][place], counts[place].reduce(0, +))
      let taken = counts.reduce(0) { $0 + $1[place] }
      return [
        .text(map.labels[place]), .integer(all),
        Cell(taken > 0 ? Double(right) / Double(taken) : nil),
        Cell(all > 0 ? Double(right) / Double(all) : nil),
      ] + counts[place].map(Cell.integer)
    }
  }
}

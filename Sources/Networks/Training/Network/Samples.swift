public import Tensors

/// Inputs with what a network should answer.
public struct Samples<Element: Scalar>: Sendable {
  /// What is right for each sample.
  public enum Targets: Sendable {
    /// Classes from 0: [N].
    case labels([Int32])
    /// Numbers: [N, C].
    case values(Tensor<Element>)
  }

  /// [N, D]
  public let inputs: Tensor<Element>
  public let targets: Targets

  /// - Parameters:
  ///   - inputs: [N, D].
  ///   - targets: N labels, or values [N, C].
  /// - Throws: `NumericalError.shape` where the counts differ.
  public init(inputs: Tensor<Element>, targets: Targets) throws(NumericalError) {
    guard inputs.shape.rank == 2 else {
      throw .shape("samples of shape \(inputs.shape): a matrix [N, D] is needed")
    }
    let count: Int
    switch targets {
    case .labels(let labels): count = labels.count
    case .values(let values):
      guard values.shape.rank == 2 else {
        throw .shape("targets of shape \(values.shape): a matrix [N, C] is needed")
      }
      count = values.rows
    }
    guard count == inputs.rows else {
      throw .shape("\(inputs.rows) samples with \(count) targets")
    }
    guard count <= Int(Int32.max) else { throw .tooLarge("\(count) samples: at most 2^31 - 1") }
    (self.inputs, self.targets) = (inputs, targets)
  }

  /// N
  public var count: Int { inputs.rows }

  /// - Throws: `NumericalError.shape` where a network cannot be trained or judged on them.
  func check(_ architecture: MLPArchitecture) throws(NumericalError) {
    guard count > 0 else { throw .shape("no samples") }
    guard inputs.columns == architecture.inputs else {
      throw .shape(
        "samples of \(inputs.columns) features for a network of \(architecture.inputs) inputs")
    }
    switch (targets, architecture.task) {
    case (.labels(let labels), .classification):
      if let wrong = labels.first(where: { $0 < 0 || $0 >= architecture.outputs }) {
        throw .shape("the label \(wrong) for a network of \(architecture.outputs) classes")
      }
    case (.values(let values), .regression):
      guard values.columns == architecture.outputs else {
        throw .shape(
          "\(values.columns) targets per sample for a network of \(architecture.outputs) outputs")
      }
    case (.labels, .regression): throw .shape("labels for a regression: values [N, C] are needed")
    case (.values, .classification): throw .shape("values for a classification: labels are needed")
    }
  }
}

import Gradients
import Reporting
import Tensors

/// The table of a reverse pass, as textbooks print it.
enum EvalTape {
  static let columns = [
    Column("step", header: "step", format: .text),
    Column("operation", header: "operation", format: .text),
    Column("shape", header: "shape", format: .text),
    Column("value", header: "value", format: .significant(6)),
    Column("derivatives", header: "local derivatives", format: .text),
    Column("adjoint", header: "adjoint", format: .significant(6)),
  ]

  /// A row; numbers stand where there is one, `-` where there are more.
  static func cells<Element: Scalar>(_ step: ReverseStep<Element>) -> [Cell] {
    [
      .text(step.name), .text(step.operation), .integers(step.value.shape.dimensions),
      Cell(number(step.value)),
      step.derivatives.isEmpty
        ? .missing
        : .text(
          step.derivatives.map {
            "∂\(step.name)/∂\($0.operand) = \(NumberText.significant(Double($0.value), digits: 6))"
          }.joined(separator: ", ")),
      Cell(number(step.adjoint)),
    ]
  }

  private static func number<Element: Scalar>(_ tensor: Tensor<Element>) -> Double? {
    tensor.count == 1 ? Double(tensor.elements[0]) : nil
  }
}

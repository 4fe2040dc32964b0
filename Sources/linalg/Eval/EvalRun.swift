import FileFormats
import Gradients
import JSONText
import Reporting
import Tensors

/// One run of `eval` in one precision: compute, write, print.
struct EvalRun<Element: Scalar> {
  let context: EvalContext
  var arguments: EvalCommand { context.arguments }

  init(_ context: EvalContext) { self.context = context }

  func execute() throws(Failure) {
    if arguments.tape { return try arguments.table.emit(try tapeReport()) }
    let (results, summary) = try Failure.numerics(nil) { () throws(NumericalError) in
      try answers()
    }
    var report = arguments.arithmetic.report(
      "eval", inputs: context.inputTexts, precision: context.precision,
      columns: results.count == 1 ? ResultTable.columns : ResultTable.namedColumns)
    let digits = arguments.table.digits?.value
    if results.count == 1 {
      ResultTable.fill(&report, with: results[0].tensor, digits: digits)
    } else {
      ResultTable.fill(&report, with: results, digits: digits)
    }
    report.summary = summary
    var outputs: [OutputFile] = []
    if let path = arguments.destination.output {
      let arrays = results.map { NamedArray($0.name, StoredArray($0.tensor)) }
      outputs.append(
        try Failure.naming(OutputFile.name(of: path)) { () throws(FormatError) in
          try OutputFile(
            path, arrays,
            format: FileFormat.forWriting(path, toStream: arrays.count == 1 ? .npy : .npz))
        })
      report.plainText = ""
    }
    try arguments.table.emit(
      report, outputs: outputs, noClobber: arguments.destination.noClobber)
  }

  /// What was asked, and how it was found where there was a choice.
  private func answers() throws(NumericalError) -> ([NamedTensor<Element>], JSONObject?) {
    let question = context.question
    let names = question.names
    let point = names.map { tensor($0) }
    let vectors = context.vectors.map { $0.tensor(as: Element.self) }
    func named(_ tensors: [Tensor<Element>]) -> [NamedTensor<Element>] {
      zip(names, tensors).map { NamedTensor(name: $0, tensor: $1) }
    }
    switch question.kind {
    case .value:
      let values = context.expression.usedNames.filter { context.inputs[$0] != nil }
      let results = try context.expression.evaluated(
        Dictionary(uniqueKeysWithValues: values.map { ($0, tensor($0)) }))
      return (
        zip(context.expression.resultNames, results).map { NamedTensor(name: $0, tensor: $1) }, nil
      )
    case .gradient: return (named(try function.valueAndGradient(at: point).gradient), nil)
    case .directional:
      let derivative = try function.valueAndDerivative(at: point, along: vectors).derivative
      return ([NamedTensor(name: "derivative", tensor: derivative)], nil)
    case .pullback:
      return (named(try function.valueAndPullback(at: point).pullback(vectors[0])), nil)
    case .hessianProduct:
      return (named(try function.gradientAndHessianProduct(at: point, along: vectors).product), nil)
    case .jacobian:
      let jacobian = try function.jacobian(
        at: point, mode: (arguments.mode ?? .auto).derivativeMode)
      return (
        named(jacobian.blocks),
        ["mode": .string(jacobian.mode.rawValue), "passes": .integer(jacobian.passes)]
      )
    case .hessian:
      var blocks: [Tensor<Element>] = []
      for index in names.indices { blocks.append(try function.hessian(at: point, by: index)) }
      return (named(blocks), ["passes": .integer(point.reduce(0) { $0 + $1.count })])
    }
  }

  /// The expression as a function of the inputs that the question is about.
  private var function: ExpressionFunction {
    let names = context.expression.usedNames.filter {
      context.inputs[$0] != nil && !context.question.names.contains($0)
    }
    return ExpressionFunction(
      context.expression, of: context.question.names,
      constants: Dictionary(
        uniqueKeysWithValues: names.map { ($0, context.input($0).tensor(as: Double.self)) }))
  }

  private func tensor(_ name: String) -> Tensor<Element> {
    context.input(name).tensor(as: Element.self)
  }

  /// The steps of the reverse pass.
  private func tapeReport() throws(Failure) -> Report {
    let names = context.expression.usedNames.filter { context.inputs[$0] != nil }
    let steps = try Failure.numerics(nil) { () throws(NumericalError) in
      try context.expression.reversePass(
        by: context.question.names,
        at: Dictionary(uniqueKeysWithValues: names.map { ($0, tensor($0)) }))
    }
    var report = arguments.arithmetic.report(
      "eval", inputs: context.inputTexts, precision: context.precision,
      columns: EvalTape.columns)
    for step in steps { report.append(EvalTape.cells(step)) }
    return report
  }
}

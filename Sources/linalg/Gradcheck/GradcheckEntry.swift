import Gradients
import Reporting
import Tensors

/// One row of the check: what was found of a parameter of an operation, an expression or a program.
struct GradcheckEntry {
  /// The operation, the expression or the program.
  let name: String
  let parameter: ParameterVerdict
  /// How many of its numbers were compared one by one, over all samples.
  let tested: Int
  /// The command that checks one number of this parameter alone.
  let reproduction: (String) -> String

  static let columns = [
    Column("name", header: "name", format: .text),
    Column("parameter", header: "parameter", format: .text),
    Column("shape", header: "shape", format: .text),
    Column("tested", header: "tested", format: .count),
    Column("oracle", header: "oracle", format: .text),
    Column("relative_error", header: "relative error", format: .estimate(2)),
    Column("error_bar", header: "error bar", format: .estimate(2)),
    Column("grade", header: "grade", format: .text),
    Column("verdict", header: "verdict", format: .text),
    Column("index", header: "index", format: .text),
  ]

  var cells: [Cell] {
    let isCompared = !parameter.oracles.isEmpty
    // At kinks alone there is no slope to be far from.
    let isMeasured = isCompared && !(parameter.relativeError.isNaN && parameter.verdict == .kink)
    return [
      .text(name), .text(parameter.name), .integers(parameter.shape.dimensions), .integer(tested),
      isCompared ? .text(parameter.oracles.joined(separator: ", ")) : .missing,
      isMeasured ? .number(parameter.relativeError) : .missing,
      isMeasured ? .number(parameter.errorBar) : .missing,
      isMeasured ? .text(parameter.grade.rawValue) : .missing,
      .text(parameter.verdict.rawValue.uppercased()),
      place.map { .index($0) } ?? .missing,
    ]
  }

  /// Where the most serious comparison was. Of what passes the largest error is noise, and so is its
  /// place among several.
  private var place: [Int]? {
    parameter.verdict == .pass && tested > 1 ? nil : parameter.worst?.index
  }

  /// Whether it makes the command fail.
  func fails(strict: Bool) -> Bool {
    switch parameter.verdict {
    case .pass: !parameter.isDecided
    case .kink, .inconclusive: strict || !parameter.isDecided
    case .fail, .nonfinite, .nondeterministic: true
    }
  }

  /// What was found, in one line; with the command to see it again.
  var sentence: String {
    let subject = "\(name) \(parameter.name)"
    let verdict = parameter.verdict.rawValue.uppercased()
    guard let worst = parameter.worst else {
      return parameter.verdict == .nondeterministic
        ? "\(verdict) \(subject): the same point gives different values"
        : "\(verdict) \(subject): the value is not finite"
    }
    func number(_ value: Double) -> String { NumberText.significant(value, digits: 8) }
    let place = worst.index.map { CoordinateName.text("", $0) } ?? " along a random direction"
    var text = "\(verdict) \(subject)\(place): \(worst.oracle) says \(number(worst.claimed)), "
    switch worst.numeric.kind {
    case .kink(let left, let right):
      text += "the slopes are \(number(left)) to the left and \(number(right)) to the right"
    case .notFinite: text += "the function is not finite near by"
    case .smooth:
      text +=
        "differences say \(number(worst.numeric.value)) ± "
        + NumberText.significant(worst.numeric.errorBar, digits: 2)
    }
    guard let index = worst.index else { return text }
    return text + "; " + reproduction(CoordinateName.text(parameter.name, index))
  }
}

/// A word as a shell reads it back.
func shellQuoted(_ word: String) -> String {
  let isPlain = word.unicodeScalars.allSatisfy {
    ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
      || "_-./=,:@%+".unicodeScalars.contains($0)
  }
  guard !isPlain || word.isEmpty else { return word }
  return "'"
    + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
    + "'"
}

import ArgumentParser
import Gradients

/// Which derivatives are checked.
enum CheckedOrder: String, ExpressibleByArgument, CaseIterable {
  case first = "1"
  case second = "2"

  var derivativeOrder: DerivativeOrder { self == .first ? .first : .second }
}

/// Whose annotations are printed.
enum AnnotationStyle: String, ExpressibleByArgument, CaseIterable {
  case github
}

/// One number of a parameter: `W1[0,3]`; of a scalar `x[]`.
struct CoordinateName: LimitedValue {
  static let expectation = "a parameter and an index such as W1[0,3]; x[] for a scalar"
  let parameter: String
  let index: [Int]

  init?(argument: String) {
    guard argument.hasSuffix("]"), let open = argument.lastIndex(of: "["),
      open != argument.startIndex
    else { return nil }
    let inner = argument[argument.index(after: open)...].dropLast()
    let words = inner.isEmpty ? [] : inner.split(separator: ",", omittingEmptySubsequences: false)
    let index = words.compactMap { Int($0.filter { $0 != " " }) }
    guard index.count == words.count, index.allSatisfy({ $0 >= 0 }) else { return nil }
    parameter = String(argument[..<open])
    self.index = index
  }

  /// The same as it is typed.
  static func text(_ parameter: String, _ index: [Int]) -> String {
    "\(parameter)[\(index.map(String.init).joined(separator: ","))]"
  }
}

/// A formula over named tensors, in Python's and NumPy's syntax: `0.5 * x.T @ A @ x`.
///
/// There are the operators `+ - * / @ **`, `.T`, indices and slices, lists of numbers, calls of
/// operations with keyword arguments, also written as methods, and `name = …;` before the value; a
/// tuple for a value gives several results. Reading it binds everything but the inputs: what is left
/// is a list of steps, which is evaluated without recursion for any kind of `TensorValue`.
public struct Expression: Sendable {
  /// The text that was read.
  public let text: String
  /// The names that inputs have to give, in the order in which they first occur.
  public let freeNames: [String]
  /// What the results are called: the names that they have in the text, else `result0`, ….
  public let resultNames: [String]
  let steps: [ExpressionStep]
  /// The slots of the results.
  let results: [Int]
  /// The number of slots that the steps fill.
  let slotCount: Int
  /// Names that statements bind, for suggestions.
  let boundNames: [String]
  /// The operations that it was read with.
  let operations: OperationTable

  /// The most Unicode scalars that a text may have.
  public static let lengthLimit = 65_536
  /// How deep brackets, signs and powers may be nested.
  public static let depthLimit = 200
  /// The most axes that a value may have, as in NumPy.
  public static let rankLimit = 64
  /// Names with a value of their own, unless an input or a statement gives them another.
  public static let predefined: [String: Double] = [
    "pi": .pi, "e": 2.718281828459045, "inf": .infinity,
  ]

  /// Reads an expression.
  ///
  /// - Throws: `ExpressionError` with the place of the first offence.
  public init(parsing text: String, operations: OperationTable) throws(ExpressionError) {
    var parser = try ExpressionParser(text)
    var binder = ExpressionBinder(text: text, tree: try parser.parse(), operations: operations)
    results = try binder.bind()
    resultNames = binder.resultNames(results.count)
    self.text = text
    self.operations = operations
    steps = binder.stepsWithLastUses(results: results)
    slotCount = binder.slotCount
    boundNames = binder.boundNames
    freeNames = binder.freeNames
  }

  /// All names that it reads from inputs, predefined ones among them.
  public var usedNames: [String] {
    steps.compactMap { if case .input(let name) = $0.action { name } else { nil } }
  }

  /// The number of results.
  public var resultCount: Int { results.count }

  /// Whether a text can be the name of an input.
  public static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first.startsName else { return false }
    return text.unicodeScalars.allSatisfy(\.continuesName) && constantWords[text] == nil
      && !unsupportedWords.contains(text)
  }

  /// Words that are constants.
  static let constantWords: [String: SyntaxTree.Node.Kind] = [
    "True": .boolean(true), "true": .boolean(true), "False": .boolean(false),
    "false": .boolean(false), "None": .none, "newaxis": .none,
  ]

  /// Python's words that have no meaning here.
  static let unsupportedWords: Set<String> = [
    "lambda", "if", "else", "for", "while", "and", "or", "not", "in", "is", "def", "import", "from",
    "return", "del", "class", "with", "assert", "yield", "await", "async", "try", "pass",
  ]

  /// Modules in front of operations, where these come from elsewhere.
  static let moduleWords: Set<String> = ["np", "numpy", "jnp", "math", "torch", "scipy"]
}

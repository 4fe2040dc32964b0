extension ContractionPath {
  /// A path from `(0,2),(0,1)`; spaces do not matter. Python's own writing is read as well: brackets
  /// around the list and `(0,)` for a step of one operand.
  ///
  /// - Throws: `PathError.syntax`, `.emptyStep` or `.repeatedPosition`.
  public init(parsing text: String) throws(PathError) {
    var reader = PathReader(text)
    self.init(try reader.steps())
    try checkSteps()
  }

  /// Checks the path against a number of operands.
  ///
  /// - Throws: `PathError` when a step names nothing, a position twice or one that is not there, and
  ///   when more than one operand, or an untouched single one, is left at the end.
  public func validate(operandCount: Int) throws(PathError) {
    try checkSteps()
    var present = operandCount
    for (index, step) in steps.enumerated() {
      for position in step where !(0..<present).contains(position) {
        throw .positionOutOfRange(step: index, position: position, operandCount: present)
      }
      present -= step.count - 1
    }
    guard present == 1, !steps.isEmpty else { throw .unfinished(operandsLeft: present) }
  }

  /// What is wrong with a step whatever the number of operands.
  private func checkSteps() throws(PathError) {
    for (index, step) in steps.enumerated() {
      guard !step.isEmpty else { throw .emptyStep(step: index) }
      for (position, next) in zip(step, step.dropFirst()) where position == next {
        throw .repeatedPosition(step: index, position: position)
      }
    }
  }
}

/// Reads a path's text character by character.
private struct PathReader {
  private let text: String
  private let characters: [Character]
  private var offset = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  mutating func steps() throws(PathError) -> [[Int]] {
    let hasBrackets = take("[")
    var steps = [try step()]
    while take(",") { steps.append(try step()) }
    if hasBrackets { try expect("]") }
    skipSpaces()
    guard offset == characters.count else {
      throw failure(hasBrackets ? "the end" : "',' or the end")
    }
    return steps
  }

  private mutating func step() throws(PathError) -> [Int] {
    try expect("(")
    if take(")") { return [] }
    var positions = [try position()]
    while take(",") {
      // Python writes one-tuples with a comma.
      if positions.count == 1, take(")") { return positions }
      positions.append(try position())
    }
    guard take(")") else { throw failure("',' or ')'") }
    return positions
  }

  private mutating func position() throws(PathError) -> Int {
    skipSpaces()
    let digits = characters[offset...].prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(String(digits)) else {
      throw failure(digits.isEmpty ? "a position" : "a smaller position")
    }
    offset += digits.count
    return number
  }

  private mutating func take(_ wanted: Character) -> Bool {
    skipSpaces()
    guard offset < characters.count, characters[offset] == wanted else { return false }
    offset += 1
    return true
  }

  private mutating func expect(_ wanted: Character) throws(PathError) {
    guard take(wanted) else { throw failure("'\(wanted)'") }
  }

  private mutating func skipSpaces() {
    while offset < characters.count, characters[offset].isWhitespace { offset += 1 }
  }

  private func failure(_ expected: String) -> PathError {
    .syntax(text: text, offset: offset, expected: expected)
  }
}

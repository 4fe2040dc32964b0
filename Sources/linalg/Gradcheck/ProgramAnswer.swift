import FileFormats
import Glibc
import JSONText
import Tensors

/// One answer of an external program: `{"id":1,"value":0.5,"gradient":{"theta":[1,2]}}`.
struct ProgramAnswer {
  private static let hint =
    "answer every request with one line, and print anything else on standard error"
  /// At most this many characters of a program's own error are repeated.
  private static let longestError = 300

  private let object: JSONObject
  private let line: [UInt8]
  private let step: ProgramStep

  /// Reads a line.
  ///
  /// - Throws: `Failure.program` for anything but an answer to the request `id`, and with the
  ///   program's own words when it answers with an error.
  init(_ line: [UInt8], id: Int, of step: ProgramStep) throws(Failure) {
    (self.line, self.step) = (line, step)
    object = try step.object(line, hint: Self.hint(for: line))
    let found = object["id"]
    // A program that did not understand the request cannot know its id.
    if let error = object["error"], error != .null, found == nil || Self.isNumber(found, id) {
      let text = error.stringValue ?? error.text()
      throw step.failure("the program says: \(TextQuote.short(text, longest: Self.longestError))")
    }
    guard let found else { throw failure("the answer has no id (expected \(id))", hint: Self.hint) }
    guard Self.isNumber(found, id) else {
      throw failure("the answer has another id (expected \(id))", hint: Self.hint)
    }
  }

  /// A member that is a number.
  func number(_ key: String) throws(Failure) -> Double {
    guard let value = try numberIfPresent(key) else { throw failure("the answer has no '\(key)'") }
    return value
  }

  /// A member that is a number, nil when there is none.
  func numberIfPresent(_ key: String) throws(Failure) -> Double? {
    guard let value = object[key] else { return nil }
    guard let number = Self.number(value) else { throw failure("the '\(key)' is not a number") }
    return number
  }

  /// The member `gradient`: an array for each parameter, and for nothing else.
  func gradient(
    of parameters: [(name: String, shape: Shape)], budget: MemoryBudget
  ) throws(Failure) -> [Tensor<Double>] {
    guard let member = object["gradient"] else { throw failure("the answer has no 'gradient'") }
    guard let gradient = member.objectValue else {
      throw failure("the 'gradient' is not an object of arrays by parameter")
    }
    let tensors = try parameters.map { (parameter) throws(Failure) in
      guard let value = gradient[parameter.name] else {
        throw failure("the gradient of \(ProgramStep.quoted(parameter.name)) is missing")
      }
      return try tensor(value, parameter.name, parameter.shape, budget)
    }
    guard gradient.count == parameters.count else {
      let names = Set(parameters.map(\.name))
      let other = gradient.members.first { !names.contains($0.key) }?.key ?? ""
      throw failure("there is a gradient of \(ProgramStep.quoted(other)), which is no parameter")
    }
    return tensors
  }

  private func tensor(
    _ value: JSONValue, _ name: String, _ shape: Shape, _ budget: MemoryBudget
  ) throws(Failure) -> Tensor<Double> {
    if let path = value.stringValue { return try tensor(inFile: path, name, shape, budget) }
    let subject = "the gradient of \(ProgramStep.quoted(name))"
    guard let elements = value.arrayValue else {
      throw failure("\(subject) is neither a list of numbers nor a path")
    }
    guard elements.count == shape.count else {
      throw failure(
        "\(subject) has \(elements.count) elements (expected \(shape.count), flat in row-major "
          + "order, for the shape \(shape))")
    }
    let numbers = try elements.enumerated().map { (position, element) throws(Failure) in
      guard let number = Self.number(element) else {
        throw failure("\(subject) has no number at position \(position)")
      }
      return number
    }
    return Tensor(shape, numbers)
  }

  /// An array in a `.npy` file, of the parameter's shape or flat.
  private func tensor(
    inFile path: String, _ name: String, _ shape: Shape, _ budget: MemoryBudget
  ) throws(Failure) -> Tensor<Double> {
    let subject = "the gradient of \(ProgramStep.quoted(name)) in \(TextQuote.short(path))"
    var status = stat()
    // A FIFO without a writer would wait for ever.
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw failure("\(subject): not a file")
    }
    // A path, even one that the command line would take for standard input.
    let input = InputPath(path: path == "-" ? "./-" : path)
    let array: StoredArray
    do {
      array = try LoadedFile.load(input, options: ReadOptions(format: .npy, budget: budget))
        .array()
    } catch {
      guard error.kind == .resourceLimit else { throw failure("\(subject): \(error.message)") }
      throw .file(path, error)
    }
    guard array.shape == shape || array.shape == [shape.count] else {
      throw failure("\(subject) has the shape \(array.shape) (expected \(shape))")
    }
    return array.tensor(as: Double.self).reshaped(shape)
  }

  /// A number, or the name of one that JSON lacks.
  private static func number(_ value: JSONValue) -> Double? {
    switch value.stringValue {
    case "nan": Double.nan
    case "inf": Double.infinity
    case "-inf": -Double.infinity
    default: value.numberValue
    }
  }

  /// Whether a value is a whole number; some languages write all numbers as fractions.
  private static func isNumber(_ value: JSONValue?, _ number: Int) -> Bool {
    value?.numberValue == Double(number)
  }

  private func failure(_ text: String, hint: String? = nil) -> Failure {
    step.failure(text, printed: line, hint: hint)
  }

  /// Python's `json` and others write what JSON does not have.
  private static func hint(for line: [UInt8]) -> String {
    let text = String(decoding: line, as: UTF8.self)
    return text.contains("NaN") || text.contains("Infinity")
      ? "numbers that are not finite are the strings \"nan\", \"inf\" and \"-inf\"" : hint
  }
}

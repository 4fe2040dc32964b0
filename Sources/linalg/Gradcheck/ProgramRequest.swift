import JSONText
import Tensors

/// One request to an external program: `{"id":1,"want":"value","at":{"theta":[0.5,1.0]}}`.
struct ProgramRequest {
  /// What the program is to compute.
  enum Want: String {
    case value, gradient, jvp
  }

  /// An array of more numbers than this goes as a file: writing and reading its digits would take
  /// longer than most functions.
  static let longestList = 10_000

  /// The line, without its line feed.
  let line: [UInt8]
  /// The files that the line names; they last as long as the request.
  private let files: [PassedFile]

  /// A request at a point, and along a direction for a derivative.
  ///
  /// - Throws: `Failure.file` when an array cannot be put into a file.
  init(
    id: Int, _ want: Want, of parameters: [(name: String, shape: Shape)],
    at point: [Tensor<Double>], along direction: [Tensor<Double>]? = nil
  ) throws(Failure) {
    var files: [PassedFile] = []
    var request: JSONObject = ["id": .integer(id), "want": .string(want.rawValue)]
    request.append("at", try Self.arrays(parameters, point, &files))
    if let direction { request.append("v", try Self.arrays(parameters, direction, &files)) }
    line = Array(JSONValue.object(request).text().utf8)
    self.files = files
  }

  private static func arrays(
    _ parameters: [(name: String, shape: Shape)], _ tensors: [Tensor<Double>],
    _ files: inout [PassedFile]
  ) throws(Failure) -> JSONValue {
    precondition(tensors.map(\.shape) == parameters.map(\.shape), "tensors of other shapes")
    var object = JSONObject()
    for (parameter, tensor) in zip(parameters, tensors) {
      if tensor.count > longestList {
        let file = try PassedFile(tensor)
        files.append(file)
        object.append(parameter.name, .string(file.path))
      } else {
        object.append(parameter.name, .array(tensor.elements.map(JSONValue.number)))
      }
    }
    return .object(object)
  }
}

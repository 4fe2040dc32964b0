import JSONText
import Tensors

/// One tensor as the header of a safetensors file describes it.
struct SafetensorsEntry {
  var name: String
  var dtype: DType
  var shape: Shape
  /// The bytes in the data part, from its start.
  var range: Range<Int>
}

/// The JSON header of a safetensors file.
///
/// Source: the format section of the README of github.com/huggingface/safetensors: an unsigned
/// 64-bit length, a JSON object, the data without holes.
struct SafetensorsHeader {
  /// The reference implementation's limit on the header, in bytes.
  static let longest = 100_000_000
  /// The header is padded with spaces to a multiple of this, so that the data is aligned.
  private static let alignment = 8
  private static let metadataKey = "__metadata__"

  /// The tensors by the place of their data.
  var entries: [SafetensorsEntry] = []
  var metadata: [String: String] = [:]

  /// Whether a file looks like one: a plausible length before an opening brace is no text.
  static func begins(_ file: ArraySlice<UInt8>) -> Bool {
    file.count > 9 && file[file.startIndex + 8] == UInt8(ascii: "{")
      && file.littleEndian(0, as: UInt64.self) <= UInt64(longest)
  }

  /// Where the data begins, from the start of the file.
  static func dataOffset(of file: ArraySlice<UInt8>) throws(FormatError) -> Int {
    guard file.count >= 8 else {
      throw .badData("the header is cut (found \(file.count) bytes, expected at least 8)")
    }
    let length = file.littleEndian(0, as: UInt64.self)
    guard length <= UInt64(longest) else {
      throw .badData("the header's length \(length) exceeds the limit of \(longest) bytes")
    }
    guard Int(length) <= file.count - 8 else {
      throw .badData(
        "the header is cut (found \(file.count - 8) bytes, its length field says \(length))")
    }
    return 8 + Int(length)
  }

  /// Parses the header of `file` and checks that the tensors fill the data without hole or
  /// overlap.
  init(_ file: ArraySlice<UInt8>) throws(FormatError) {
    let dataOffset = try Self.dataOffset(of: file)
    let text = file.dropFirst(8).prefix(dataOffset - 8)
    guard text.first == UInt8(ascii: "{") else {
      throw .badData("the header does not begin with '{'")
    }
    let document: JSONValue
    do {
      document = try JSONValue.parse(text)
    } catch {
      throw .badData("the header is not sound JSON: \(error)")
    }
    guard let object = document.objectValue else { throw .badData("the header is no object") }
    for member in object.members {
      if member.key == Self.metadataKey {
        metadata = try Self.metadata(member.value)
      } else {
        do {
          entries.append(try Self.entry(member.key, member.value))
        } catch {
          throw error.inside("tensor '\(TextQuote.short(member.key))'")
        }
      }
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    try checkCoverage(of: file.count - dataOffset)
  }

  private static func metadata(_ value: JSONValue) throws(FormatError) -> [String: String] {
    guard let object = value.objectValue else { throw .badData("'__metadata__' is no object") }
    var result: [String: String] = [:]
    for member in object.members {
      guard let text = member.value.stringValue else {
        throw .badData("the metadata '\(TextQuote.short(member.key))' is not a string")
      }
      result[member.key] = text
    }
    return result
  }

  private static func entry(
    _ name: String, _ value: JSONValue
  ) throws(FormatError) -> SafetensorsEntry {
    guard let object = value.objectValue else { throw .badData("its description is no object") }
    for member in object.members where !["dtype", "shape", "data_offsets"].contains(member.key) {
      throw .badData("the key '\(TextQuote.short(member.key))' is unknown")
    }
    guard let typeName = object["dtype"]?.stringValue else { throw .badData("'dtype' is missing") }
    guard let dtype = types[typeName] else {
      throw .badData("the dtype '\(TextQuote.short(typeName))' is not read")
    }
    let sizes = try integers(object["shape"], "shape")
    let offsets = try integers(object["data_offsets"], "data_offsets")
    let (shape, byteCount) = try Shape.read(sizes, dtype: dtype)
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw .badData("'data_offsets' \(offsets) is not a range")
    }
    guard offsets[1] - offsets[0] == byteCount else {
      throw .badData(
        "'data_offsets' spans \(offsets[1] - offsets[0]) bytes, the shape \(shape) of "
          + "\(dtype.name) needs \(byteCount)")
    }
    return SafetensorsEntry(
      name: name, dtype: dtype, shape: shape, range: offsets[0]..<offsets[1])
  }

  private static func integers(_ value: JSONValue?, _ key: String) throws(FormatError) -> [Int] {
    guard let elements = value?.arrayValue else { throw .badData("'\(key)' is missing") }
    var result: [Int] = []
    for element in elements {
      guard let integer = element.integerValue else {
        throw .badData("'\(key)' holds something else than integers")
      }
      result.append(integer)
    }
    return result
  }

  private func checkCoverage(of dataCount: Int) throws(FormatError) {
    var end = 0
    for entry in entries {
      let name = TextQuote.short(entry.name)
      guard entry.range.lowerBound >= end else {
        throw .badData("the data of tensor '\(name)' overlaps another tensor's")
      }
      guard entry.range.lowerBound == end else {
        throw .badData(
          "a hole of \(entry.range.lowerBound - end) bytes lies before tensor '\(name)'")
      }
      guard entry.range.upperBound <= dataCount else {
        throw .badData(
          "the data of tensor '\(name)' ends outside the file "
            + "(at \(entry.range.upperBound) of \(dataCount) bytes)")
      }
      end = entry.range.upperBound
    }
    guard end == dataCount else {
      throw .badData("\(dataCount - end) bytes follow the last tensor")
    }
  }

  // MARK: Writing

  /// A header over tensors that follow each other in the order given.
  ///
  /// - Throws: `FormatError.usage` for a name that stands twice or is the metadata's.
  init(
    _ tensors: some Sequence<(name: String, dtype: DType, shape: Shape)>,
    metadata: [String: String]
  ) throws(FormatError) {
    var names: Set<String> = [Self.metadataKey]
    var end = 0
    for tensor in tensors {
      guard names.insert(tensor.name).inserted else {
        throw FormatError(
          .usage,
          "a safetensors file cannot hold '\(TextQuote.short(tensor.name))' "
            + "(reserved or used twice)")
      }
      let start = end
      end += tensor.shape.count * tensor.dtype.byteSize
      entries.append(
        SafetensorsEntry(
          name: tensor.name, dtype: tensor.dtype, shape: tensor.shape, range: start..<end))
    }
    self.metadata = metadata
  }

  /// Length field and JSON, padded with spaces; metadata sorted by key, so that equal contents
  /// give equal files.
  var bytes: [UInt8] {
    var object = JSONObject()
    if !metadata.isEmpty {
      var pairs = JSONObject()
      for (key, text) in metadata.sorted(by: { $0.key < $1.key }) {
        pairs.append(key, .string(text))
      }
      object.append(Self.metadataKey, .object(pairs))
    }
    for entry in entries {
      let offsets = [entry.range.lowerBound, entry.range.upperBound]
      object.append(
        entry.name,
        .object([
          "dtype": .string(Self.name(of: entry.dtype)),
          "shape": .array(entry.shape.dimensions.map(JSONValue.integer)),
          "data_offsets": .array(offsets.map(JSONValue.integer)),
        ]))
    }
    var text = [UInt8](JSONValue.object(object).text().utf8)
    let padding = (Self.alignment - text.count % Self.alignment) % Self.alignment
    text += [UInt8](repeating: UInt8(ascii: " "), count: padding)
    var result: [UInt8] = []
    result.appendLittleEndian(UInt64(text.count))
    return result + text
  }

  private static func name(of dtype: DType) -> String {
    switch dtype {
    case .bool: "BOOL"
    case .bf16: "BF16"
    default: dtype.rawValue.uppercased()
    }
  }

  private static let types = Dictionary(
    uniqueKeysWithValues: DType.allCases.map { (name(of: $0), $0) })
}

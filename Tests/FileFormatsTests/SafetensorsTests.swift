import Tensors
import Testing

@testable import FileFormats

@Suite struct SafetensorsTests {
  private func file(_ header: String, data: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(UInt64(header.utf8.count))
    return bytes + [UInt8](header.utf8) + [UInt8](repeating: 7, count: data)
  }

  private func tensor(_ dtype: String, _ shape: String, _ start: Int, _ end: Int) -> String {
    "{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":[\(start),\(end)]}"
  }

  @Test func roundTrip() throws {
    var tensors: [NamedArray] = []
    for (number, dtype) in DType.allCases.enumerated() {
      for (index, shape) in sampleShapes.enumerated() {
        tensors.append(
          NamedArray("\(dtype.name).\(index)", .random(dtype, shape, seed: UInt64(number))))
      }
    }
    let file = SafetensorsFile(tensors: tensors, metadata: ["b": "é\n\"", "a": ""])
    let content = try file.encode()
    let back = try SafetensorsFile(content.joined[...])
    #expect(back.metadata == file.metadata)
    #expect(back.tensors.sorted { $0.name < $1.name } == tensors.sorted { $0.name < $1.name })
    for item in back.tensors { #expect(back[item.name] == item.array) }
    let planned = try SafetensorsFile.encodedByteCount(
      of: tensors.map { ($0.name, $0.array.dtype, $0.array.shape) }, metadata: file.metadata)
    #expect(planned == content.byteCount)
    #expect(try file.encode().joined == content.joined)
  }

  @Test func bytesOfASmallFile() throws {
    let content = try SafetensorsFile(
      tensors: [
        NamedArray("u", .init([UInt8]([1, 2, 3]), shape: [3])), NamedArray("s", .f64([1], [])),
      ],
      metadata: ["k": "v"]
    ).encode().joined
    let header =
      "{\"__metadata__\":{\"k\":\"v\"},\"s\":" + tensor("F64", "[]", 0, 8) + ",\"u\":"
      + tensor("U8", "[3]", 8, 11) + "}"
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    #expect(content == file(padded, data: 0) + [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 1, 2, 3])
  }

  @Test func unsoundFiles() {
    let cases: [(header: String, data: Int, words: String)] = [
      ("{\"a\":\(tensor("U8", "[2]", 0, 2)),\"b\":\(tensor("U8", "[2]", 1, 3))}", 3, "overlaps"),
      ("{\"a\":\(tensor("U8", "[2]", 0, 2)),\"b\":\(tensor("U8", "[2]", 3, 5))}", 5, "hole of 1"),
      ("{\"a\":\(tensor("U8", "[2]", 1, 3))}", 3, "hole of 1"),
      ("{\"a\":\(tensor("U8", "[2]", 0, 2)),\"a\":\(tensor("U8", "[0]", 2, 2))}", 2, "JSON"),
      ("{\"a\":\(tensor("U8", "[9]", 0, 9))}", 3, "outside the file"),
      ("{\"a\":\(tensor("U8", "[2]", 0, 2))}", 4, "2 bytes follow"),
      ("{\"a\":\(tensor("F32", "[2]", 0, 2))}", 2, "spans 2 bytes"),
      ("{\"a\":\(tensor("U8", "[2]", 2, 0))}", 2, "not a range"),
      ("{\"a\":\(tensor("U8", "[-1]", 0, 2))}", 2, "negative"),
      ("{\"a\":\(tensor("U8", "[1.0]", 0, 1))}", 1, "something else than integers"),
      ("{\"a\":\(tensor("U8", "[99999999999999999999]", 0, 1))}", 1, "integers"),
      ("{\"a\":\(tensor("F64", "[4294967296,4294967296]", 0, 1))}", 1, "more elements"),
      ("{\"a\":\(tensor("F8_E4M3", "[1]", 0, 1))}", 1, "'F8_E4M3' is not read"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1, "'data_offsets' is missing"),
      ("{\"a\":{\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "'dtype' is missing"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1],\"x\":1}}", 1, "unknown"),
      ("{\"a\":3}", 0, "no object"), ("{\"__metadata__\":{\"a\":1}}", 0, "not a string"),
      ("{\"__metadata__\":[]}", 0, "no object"), ("[]", 0, "begin with '{'"), ("{", 0, "JSON"),
      ("", 0, "begin with '{'"),
    ]
    for (header, data, words) in cases {
      expectFailure(.badData, words) { () throws(FormatError) in
        try SafetensorsFile(file(header, data: data)[...])
      }
    }
  }

  @Test func headerLength() {
    var huge = file("{}", data: 0)
    huge[3] = 0x7F
    expectFailure(.badData, "exceeds the limit") { () throws(FormatError) in
      try SafetensorsFile(huge[...])
    }
    expectFailure(.badData, "header is cut", "says 2") { () throws(FormatError) in
      try SafetensorsFile(file("{}", data: 0)[..<9])
    }
    expectFailure(.badData, "header is cut") { () throws(FormatError) in
      try SafetensorsFile([1, 2, 3])
    }
  }

  @Test func namesOfItsOwn() {
    let one = StoredArray.f64([1], [1])
    for names in [["a", "a"], ["__metadata__"]] {
      expectFailure(.usage, "'\(names[0])'") { () throws(FormatError) in
        try SafetensorsFile(tensors: names.map { NamedArray($0, one) }).encode()
      }
    }
    expectFailure(.usage, "no array 'b'", "(a)") { () throws(FormatError) in
      try SafetensorsFile(tensors: [NamedArray("a", one)]).array("b")
    }
  }

  @Test func damage() throws {
    let file = try SafetensorsFile(
      tensors: [
        NamedArray("a", .f64([1, 2], [2])), NamedArray("b", .init([UInt8]([1]), shape: [1])),
      ],
      metadata: ["x": "y"]
    ).encode().joined
    expectSurvivesDamage(file) { bytes throws(FormatError) in _ = try SafetensorsFile(bytes) }
  }
}

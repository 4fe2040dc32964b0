import JSONText
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
  @Test(
    "a document is read as what it says",
    arguments: [
      ("null", .null),
      (" \t\r\n true ", .bool(true)),
      ("false", .bool(false)),
      ("0", .integer(0)),
      ("-0", .integer(0)),
      ("-17", .integer(-17)),
      ("9223372036854775807", .integer(.max)),
      ("9223372036854775808", .number(9223372036854775808)),
      ("-9223372036854775809", .number(-9223372036854775808)),
      ("1.0", .number(1)),
      ("-0.0", .number(-0.0)),
      ("2e3", .number(2000)),
      ("2E+3", .number(2000)),
      ("25e-1", .number(2.5)),
      ("1e-400", .number(0)),
      ("\"\"", .string("")),
      (#""a\"\\\/\b\f\n\r\t\u00e9\u0000""#, .string("a\"\\/\u{8}\u{C}\n\r\té\0")),
      (#""\ud83d\ude00 σ₁""#, .string("😀 σ₁")),
      ("[]", .array([])),
      ("[1 , [ ] ,\"x\"]", .array([.integer(1), .array([]), .string("x")])),
      ("{}", .object([:])),
      (#"{"b":1,"a":{"b":null}}"#, .object(["b": .integer(1), "a": .object(["b": .null])])),
    ] as [(String, JSONValue)])
  func reads(text: String, expected: JSONValue) throws {
    #expect(try JSONValue.parse(text) == expected)
  }

  @Test(
    "what is not JSON is refused with its place",
    arguments: [
      ("", "line 1, column 1: the text ends where a value should follow"),
      ("  ", "line 1, column 3: the text ends where a value should follow"),
      ("nul", "line 1, column 4: the text ends where null should follow"),
      ("nulL", "line 1, column 4: found 'L', expected null"),
      ("NaN", "line 1, column 1: found 'N', expected a value"),
      ("Infinity", "line 1, column 1: found 'I', expected a value"),
      ("-Infinity", "line 1, column 2: found 'I', expected a digit"),
      ("+1", "line 1, column 1: found '+', expected a value"),
      (".5", "line 1, column 1: found '.', expected a value"),
      ("1.", "line 1, column 3: the text ends where a digit should follow"),
      ("1e", "line 1, column 3: the text ends where a digit should follow"),
      ("01", "line 1, column 1: a number has a leading zero"),
      ("-01", "line 1, column 2: a number has a leading zero"),
      ("1e400", "line 1, column 1: the number 1e400 is out of range"),
      ("[1, -1e999]", "line 1, column 5: the number -1e999 is out of range"),
      ("0x10", "line 1, column 2: found 'x' after the end of the document"),
      ("1 2", "line 1, column 3: found '2' after the end of the document"),
      ("[1,]", "line 1, column 4: found ']', expected a value"),
      ("[1 2]", "line 1, column 4: found '2', expected ',' or ']'"),
      ("[1", "line 1, column 3: the text ends where ',' or ']' should follow"),
      ("{\"a\":1,}", "line 1, column 8: found '}', expected a key in quotes"),
      ("{a:1}", "line 1, column 2: found 'a', expected a key in quotes"),
      ("{\"a\" 1}", "line 1, column 6: found '1', expected ':'"),
      (
        "{\n  \"é\": 1,\n  \"é\": 2\n}",
        "line 3, column 3: the key \"é\" stands twice in one object"
      ),
      (#"{"a":0,"\u0061":1}"#, "line 1, column 8: the key \"a\" stands twice in one object"),
      ("[\"éé\" x", "line 1, column 7: found 'x', expected ',' or ']'"),
      ("\"abc", "line 1, column 5: the text ends where '\"' should follow"),
      ("\"a\nb\"", "line 1, column 3: a string contains the control character U+000A unescaped"),
      (#""\x""#, "line 1, column 2: \\x is not an escape"),
      (#""\u12g4""#, "line 1, column 2: \\u without four hexadecimal digits is not an escape"),
      (#""\u12"#, "line 1, column 6: the text ends where a hexadecimal digit should follow"),
      (#""\ud800""#, "line 1, column 2: \\uD800 is half of a surrogate pair"),
      (#""\ud800\u0041""#, "line 1, column 2: \\uD800 is half of a surrogate pair"),
      (#""\udc00\ud800""#, "line 1, column 2: \\uDC00 is half of a surrogate pair"),
      ("\u{FEFF}1", "line 1, column 1: the document begins with a byte-order mark"),
    ])
  func refuses(text: String, message: String) {
    let error = #expect(throws: JSONError.self) { try JSONValue.parse(text) }
    #expect(error?.description == message)
  }

  @Test(
    "bytes that are not UTF-8 are refused",
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
      [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
      [0xE2, 0x82], [0xE2, 0x82, 0x22], [0xFF],
    ] as [[UInt8]])
  func refusesInvalidUTF8(bytes: [UInt8]) {
    let error = #expect(throws: JSONError.self) { try JSONValue.parse([0x22] + bytes + [0x22]) }
    #expect(error?.reason == .invalidUTF8(byte: bytes[0]))
    #expect(error?.column == 2)
  }

  @Test("every other control character is refused too", arguments: 0..<UInt8(0x20))
  func refusesControlCharacters(byte: UInt8) {
    let error = #expect(throws: JSONError.self) { try JSONValue.parse([0x22, byte, 0x22]) }
    #expect(error?.reason == .controlCharacter(byte))
  }

  @Test("nesting is followed to the limit and no further")
  func depthLimit() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSONValue.parse(nested(JSONValue.depthLimit))
    let error = #expect(throws: JSONError.self) {
      try JSONValue.parse(nested(JSONValue.depthLimit + 1))
    }
    #expect(error?.reason == .tooDeep(limit: 200))
    #expect(error?.column == 201)
    // A million brackets must not exhaust the stack either.
    #expect(throws: JSONError.self) { try JSONValue.parse(nested(1_000_000)) }
  }

  @Test("keys that differ in their scalars alone are two keys")
  func canonicallyEquivalentKeys() throws {
    let value = try JSONValue.parse(#"{"\u00e9":1,"e\u0301":2}"#)
    let object = try #require(value.objectValue)
    #expect(object.count == 2)
    #expect(object["\u{E9}"] == .integer(1))
    #expect(object["e\u{301}"] == .integer(2))
    #expect(object["e"] == nil)
  }

  @Test("a slice of a file is read in place")
  func slices() throws {
    let file = Array("8 bytes {\"a\":[0,4]} data".utf8)
    let value = try JSONValue.parse(file[8..<19])
    #expect(value.objectValue?["a"]?.arrayValue?.map(\.integerValue) == [0, 4])
  }

  @Test("accessors answer for their own kind only")
  func accessors() {
    #expect(JSONValue.integer(2).numberValue == 2)
    #expect(JSONValue.number(2).integerValue == nil)
    #expect(JSONValue.string("2").numberValue == nil)
    #expect(JSONValue.null.stringValue == nil)
    #expect(JSONValue.string("a").stringValue == "a")
    #expect(JSONValue.bool(true).arrayValue == nil)
    #expect(JSONValue.array([]).objectValue == nil)
  }
}

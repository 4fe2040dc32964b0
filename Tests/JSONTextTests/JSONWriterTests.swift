import JSONText
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
  @Test("compact text has no spaces and escapes what it must")
  func compact() {
    let value = JSONValue.object([
      "a\"\\/": .string("\u{8}\u{C}\n\r\t\0\u{1f}\u{7f}é😀"),
      "numbers": .array([.integer(-3), .number(3), .number(0.1), .number(1e300), .number(-0.0)]),
      "empty": .array([.object([:]), .array([])]),
      "rest": .array([.null, .bool(true), .bool(false)]),
    ])
    #expect(
      value.text()
        == #"{"a\"\\/":"\b\f\n\r\t\u0000\u001f"# + "\u{7f}é😀"
        + #"","numbers":[-3,3.0,0.1,1e+300,-0.0],"empty":[{},[]],"rest":[null,true,false]}"#)
  }

  @Test("pretty text breaks lines except in short arrays of scalars")
  func pretty() {
    let value = JSONValue.object([
      "shape": .array([.integer(512), .integer(512)]),
      "rows": .array([.object(["rank": .integer(1), "psnr": .null])]),
      "none": .object([:]),
    ])
    let expected = """
      {
        "shape": [512, 512],
        "rows": [
          {
            "rank": 1,
            "psnr": null
          }
        ],
        "none": {}
      }
      """
    #expect(value.text(.pretty) == expected)
  }

  @Test("an array beyond the width gets one line per element")
  func longArray() {
    let text = JSONValue.array((0..<30).map { .integer($0 * 1000) }).text(.pretty)
    #expect(text.hasPrefix("[\n  0,\n  1000,\n"))
    #expect(text.hasSuffix("\n  29000\n]"))
  }

  @Test("numbers that are not finite become strings")
  func nonFinite() {
    let value = JSONValue.array([.number(.nan), .number(.infinity), .number(-.infinity)])
    #expect(value.text() == #"["nan","inf","-inf"]"#)
    #expect(value.text(.pretty) == #"["nan", "inf", "-inf"]"#)
  }
}

@Suite("JSON there and back")
struct JSONRoundTripTests {
  @Test("random documents survive in both layouts", arguments: UInt64(0)..<300)
  func roundTrip(seed: UInt64) throws {
    var generator = DocumentGenerator(seed: seed)
    let document = generator.document()
    for layout in [JSONLayout.compact, .pretty] {
      let text = document.text(layout)
      let back = try JSONValue.parse(text)
      #expect(back == document)
      #expect(back.text(layout) == text)
    }
  }

  @Test("a container cut anywhere is refused", arguments: UInt64(0)..<20)
  func everyPrefix(seed: UInt64) {
    var generator = DocumentGenerator(seed: seed)
    let bytes = Array(JSONValue.array([generator.document()]).text(.pretty).utf8)
    for length in 0..<bytes.count {
      #expect(throws: JSONError.self) { try JSONValue.parse(bytes[..<length]) }
    }
  }

  @Test("a changed byte is refused or gives a document that survives", arguments: UInt64(0)..<20)
  func byteFlips(seed: UInt64) throws {
    var generator = DocumentGenerator(seed: seed)
    let bytes = Array(JSONValue.array([generator.document()]).text().utf8)
    for _ in 0..<500 {
      var changed = bytes
      changed[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
        in: 0...255, using: &generator)
      if let document = try? JSONValue.parse(changed) {
        #expect(try JSONValue.parse(document.text()) == document)
      }
    }
  }
}

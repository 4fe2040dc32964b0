import Tensors
import TestSupport
import Testing

@testable import linalg

/// Programs that keep to the protocol.
@Suite("External programs")
struct ExternalProgramTests {
  private let programs: ScriptedPrograms

  init() throws { programs = try ScriptedPrograms() }

  /// f = Σw² / 2 + Σb, so that the gradient gives w back bit by bit. Arrays may be files, which it
  /// reads without NumPy. It notes every request.
  private static let quadratic = """
    import json, struct, sys

    def array(value):
        if isinstance(value, list):
            return [float(x) for x in value]
        data = open(value, "rb").read()
        start = 10 + struct.unpack("<H", data[8:10])[0]
        return list(struct.unpack(f"<{(len(data) - start) // 8}d", data[start:]))

    def plain(x):
        return x if x - x == 0 else str(x)

    print('{"gradcheck":1,"parameters":{"w":[2,2],"b":[]},"jvp":true,"more":0}', flush=True)
    log = open(sys.argv[1], "w")
    for line in sys.stdin:
        log.write(line)
        log.flush()
        request = json.loads(line)
        w, b = (array(request["at"][name]) for name in "wb")
        answer = {"id": request["id"], "value": plain(sum(x * x for x in w) / 2 + sum(b))}
        if request["want"] == "gradient":
            answer["gradient"] = {"b": [1], "w": [plain(x) for x in w]}
        if request["want"] == "jvp":
            v, c = (array(request["v"][name]) for name in "wb")
            answer["jvp"] = sum(x * y for x, y in zip(w, v)) + sum(c)
        print(json.dumps(answer), flush=True)
    """

  private static let pythonIsMissing = Comment("python3 is missing")
  private static let hasPython = ScriptedPrograms.pythonPath != nil

  @Test(
    "values, gradients and derivatives come back exactly",
    .enabled(if: hasPython, pythonIsMissing))
  func conversation() throws {
    let command = try programs.python(Self.quadratic) + [programs.folder.path("log")]
    let program = try programs.start(command)
    #expect(program.parameters.map(\.name) == ["w", "b"])
    #expect(program.parameters.map(\.shape) == [[2, 2], []])
    #expect(program.hasJVP)

    let point = [Tensor([2, 2], [1, 2, 3, 4]), Tensor([], [0.5])]
    #expect(try program.value(at: point) == 15.5)
    let answer = try program.valueAndGradient(at: point)
    #expect(answer.value == 15.5)
    #expect(answer.gradient == [point[0], Tensor([], [1])])
    let direction = [Tensor([2, 2], [1, 0, -1, 0.5]), Tensor([], [2])]
    #expect(try program.derivative(at: point, along: direction) == 2)

    let hard = [0.1, -1e-300, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    #expect(
      try program.valueAndGradient(at: [Tensor([2, 2], hard), Tensor([], [0])]).gradient[0]
        .elements == hard)
    let strange = [.infinity, -.infinity, .nan, -0.0] as [Double]
    let (value, gradient) = try program.valueAndGradient(
      at: [Tensor([2, 2], strange), Tensor([], [0])])
    #expect(value?.isNaN == true)
    #expect(gradient[0].elements.description == strange.description)
    program.end()

    let log = String(decoding: try programs.folder.read("log"), as: UTF8.self)
    let lines = log.split(separator: "\n")
    let at = "\"at\":{\"w\":[1.0,2.0,3.0,4.0],\"b\":[0.5]}"
    #expect(lines[0] == "{\"id\":1,\"want\":\"value\",\(at)}")
    #expect(lines[1] == "{\"id\":2,\"want\":\"gradient\",\(at)}")
    #expect(
      lines[2] == "{\"id\":3,\"want\":\"jvp\",\(at),\"v\":{\"w\":[1.0,0.0,-1.0,0.5],\"b\":[2.0]}}")
    #expect(lines[4].contains("\"w\":[\"inf\",\"-inf\",\"nan\",-0.0]"))
  }

  @Test(
    "large arrays go as files and leave nothing behind", .enabled(if: hasPython, pythonIsMissing))
  func files() throws {
    let source = Self.quadratic.split(separator: "[2,2]", omittingEmptySubsequences: false)
      .joined(separator: "[10001]")
    let log = programs.folder.path("log")
    let program = try programs.start(try programs.python(source) + [log])
    let values = (0...10_000).map { Double($0) / 7 }
    let point = [Tensor([10_001], values), Tensor([], [0])]
    for _ in 0..<2 {
      #expect(try program.valueAndGradient(at: point).gradient[0].elements == values)
    }
    program.end()
    let lines = String(decoding: try programs.folder.read("log"), as: UTF8.self)
      .split(separator: "\n")
    for line in lines {
      let path = try #require(line.split(separator: "\"").first { $0.hasPrefix("/") })
      #expect(line.contains("\"w\":\"\(path)\",\"b\":[0.0]"))
      #expect(throws: FileFailure.self) { try PackageFiles.read(String(path)) }
    }
  }

  @Test("a gradient may be a file of the parameter's shape, or a flat one")
  func gradientFiles() throws {
    let greeting = "{\"gradcheck\":1,\"parameters\":{\"theta\":[1,2]}}"
    for (shape, dtype) in [("(1, 2)", "<f8"), ("(2,)", "<f8"), ("(1, 2)", "<i8")] {
      let numbers: [UInt64] =
        dtype == "<i8" ? [3, 4] : [(3.0 as Double).bitPattern, (4.0 as Double).bitPattern]
      let header = "{'descr': '\(dtype)', 'fortran_order': False, 'shape': \(shape), }\n"
      let bytes =
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        + numbers.flatMap { number in
          (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
      let path = try programs.folder.write(bytes, to: "g.npy")
      let command = try programs.answering(
        "{\"id\":#,\"gradient\":{\"theta\":\"\(path)\"}}", greeting: greeting)
      let program = try programs.start(command)
      let answer = try program.valueAndGradient(at: [Tensor([1, 2], [0, 0])])
      #expect(answer.value == nil)
      #expect(answer.gradient == [Tensor([1, 2], [3, 4])])
      #expect(try programs.folder.read("g.npy") == bytes, "the file is the program's own")
    }
  }

  @Test("a program's own error leaves it usable")
  func ownError() throws {
    let program = try programs.start(
      programs.shell(
        """
        say() { printf '%s\\n' "$1"; }
        say '{"gradcheck":1,"parameters":{"theta":[2]}}'
        read -r line; say '{"id":1,"error":"no value at\\nthis point"}'
        read -r line; say '{"id":2,"value":-1.5e-3,"error":null}'
        read -r line; say '{"error":"what?"}'
        read -r line
        """))
    let point = [Tensor<Double>([2], [3, 4])]
    let own = try #require(throws: Failure.self) { try program.value(at: point) }
    #expect(
      own.messages == ["sh: request 1 (value): the program says: no value at\\nthis point"])
    #expect(linalg.ExitStatus(own) == .badData)
    #expect(try program.value(at: point) == -0.0015)
    let second = try #require(throws: Failure.self) { try program.value(at: point) }
    #expect(second.messages == ["sh: request 3 (value): the program says: what?"])
  }

  @Test("the program goes when nobody holds it any more")
  func release() throws {
    var program: ExternalProgram? = try programs.start(try programs.answering(""))
    #expect(try programs.isRunning())
    #expect(program?.hasJVP == false)
    program = nil
    #expect(try !programs.isRunning())
  }
}

import Testing

@testable import Einsum

@Suite struct PathTextTests {
  @Test(arguments: [
    ("(0,2),(0,1)", "(0,2),(0,1)"), (" ( 2 , 0 ) , ( 1 , 0 ) ", "(0,2),(0,1)"), ("(0)", "(0)"),
    ("[(1, 2), (0, 1)]", "(1,2),(0,1)"), ("[(0,), (0, 1)]", "(0),(0,1)"), ("(3,1,2)", "(1,2,3)"),
  ])
  func readsPaths(text: String, path: String) throws {
    #expect(try ContractionPath(parsing: text).text == path)
    #expect(try ContractionPath(parsing: path).text == path)
  }

  @Test(arguments: [
    ("", 0, "'('"), ("0,1", 0, "'('"), ("(0,1", 4, "',' or ')'"), ("(0 1)", 3, "',' or ')'"),
    ("(a)", 1, "a position"), ("(0,-1)", 3, "a position"), ("(0,1)(0,1)", 5, "',' or the end"),
    ("(0,1),", 6, "'('"), ("[(0,1)", 6, "']'"), ("[(0,1)],", 7, "the end"),
    ("(0,1,)", 5, "a position"), ("(99999999999999999999)", 1, "a smaller position"),
    ("(²)", 1, "a position"), ("((0,1))", 1, "a position"),
  ])
  func refusesWhatIsNoPath(text: String, offset: Int, expected: String) {
    #expect(throws: PathError.syntax(text: text, offset: offset, expected: expected)) {
      try ContractionPath(parsing: text)
    }
  }

  @Test func refusesBadSteps() {
    #expect(throws: PathError.emptyStep(step: 1)) { try ContractionPath(parsing: "(0,1),()") }
    #expect(throws: PathError.repeatedPosition(step: 1, position: 2)) {
      try ContractionPath(parsing: "(0,1),(2,0,2)")
    }
  }

  @Test func validatesAgainstTheNumberOfOperands() throws {
    for (text, count) in [
      ("(0)", 1), ("(0),(0)", 1), ("(0,1)", 2), ("(0,1,2,3)", 4), ("(0,2),(0,1)", 3),
      ("(0),(0),(0,1)", 2), ("(0,1),(0)", 2),
    ] {
      try ContractionPath(parsing: text).validate(operandCount: count)
    }
    let wrong: [([[Int]], Int, PathError)] = [
      ([], 1, .unfinished(operandsLeft: 1)), ([], 3, .unfinished(operandsLeft: 3)),
      ([[0, 1]], 3, .unfinished(operandsLeft: 2)), ([[0], [0]], 2, .unfinished(operandsLeft: 2)),
      ([[0, 3]], 3, .positionOutOfRange(step: 0, position: 3, operandCount: 3)),
      ([[0, 1], [0, 2]], 3, .positionOutOfRange(step: 1, position: 2, operandCount: 2)),
      ([[0, 1], [0, 1]], 2, .positionOutOfRange(step: 1, position: 1, operandCount: 1)),
      ([[-1, 0]], 2, .positionOutOfRange(step: 0, position: -1, operandCount: 2)),
      ([[0, 0]], 2, .repeatedPosition(step: 0, position: 0)), ([[]], 1, .emptyStep(step: 0)),
    ]
    for (steps, count, error) in wrong {
      #expect(throws: error) { try ContractionPath(steps).validate(operandCount: count) }
    }
    let chain = Planning.chain(3, sizes: [2])
    #expect(throws: PlanningError.path(.unfinished(operandsLeft: 2))) {
      try chain.plan(strategy: .given(ContractionPath([[0, 1]])))
    }
  }

  @Test func saysWhatIsWrongInOneLine() {
    let lines: [(PathError, String)] = [
      (
        .syntax(text: "(0,1", offset: 4, expected: "',' or ')'"),
        "path '(0,1': expected ',' or ')' at character 4"
      ),
      (
        .unknownStrategy("fast"),
        "no path strategy is called 'fast' (auto, optimal, dp, greedy, or a path such as "
          + "'(0,2),(0,1)')"
      ),
      (.emptyStep(step: 2), "step 2 of the path names no operand"),
      (.repeatedPosition(step: 0, position: 1), "step 0 of the path names position 1 twice"),
      (
        .positionOutOfRange(step: 1, position: 2, operandCount: 2),
        "step 1 of the path names position 2, but only positions 0 to 1 are there"
      ),
      (
        .positionOutOfRange(step: 1, position: 2, operandCount: 1),
        "step 1 of the path names position 2, but only position 0 is there"
      ),
      (.unfinished(operandsLeft: 1), "the path has no step; a single operand needs (0)"),
      (
        .unfinished(operandsLeft: 2),
        "the path has too few steps: 2 operands are left at its end"
      ),
    ]
    for (error, line) in lines {
      #expect(error.description == line)
      #expect(PlanningError.path(error).description == line)
    }
    #expect(
      PlanningError.memory(smallestLimit: 96).description
        == "no order of this contraction fits into the memory limit; the smallest that would do is "
        + "96 bytes")
    #expect(
      PlanningError.tooManyOperands(count: 20, maximum: 16).description
        == "the optimal path of 20 operands takes too long to find (at most 16); use auto, dp or "
        + "greedy")
  }

  @Test func strategiesHaveNames() throws {
    for name in ["auto", "optimal", "dp", "greedy"] {
      let strategy = try #require(PathStrategy(name: name))
      #expect(strategy.name == name)
      #expect(try PathStrategy(parsing: name) == strategy)
    }
    let path = ContractionPath([[0, 2], [0, 1]])
    #expect(try PathStrategy(parsing: "(0,2),(1,0)") == .given(path))
    #expect(PathStrategy.given(path).name == "(0,2),(0,1)")
    for name in ["Auto", "optimum", "", "dp ", "dynamic"] {
      #expect(PathStrategy(name: name) == nil)
      #expect(throws: PathError.unknownStrategy(name)) { try PathStrategy(parsing: name) }
    }
  }
}

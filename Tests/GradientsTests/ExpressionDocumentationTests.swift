import Gradients
import TestSupport
import Testing

/// The page of `eval` names what the operation table has.
@Suite("Expressions: documentation")
struct ExpressionDocumentationTests {
  @Test("every operation stands in docs/eval.md with its arguments")
  func operations() throws {
    let page = String(
      decoding: try PackageFiles.read(PackageFiles.path("docs/eval.md")), as: UTF8.self)
    let lines = Set(page.split(separator: "\n"))
    for operation in OperationTable.standard.operations {
      let summary = operation.summary.replacing("|", with: "\\|")
      let line = "| `\(operation.signature)` | \(summary) |"
      let isThere = lines.contains(line[...])
      #expect(isThere, "\(line)")
    }
  }
}

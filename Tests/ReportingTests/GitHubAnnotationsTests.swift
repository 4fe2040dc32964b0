import Reporting
import Testing

@Suite("GitHub annotations")
struct GitHubAnnotationsTests {
  private typealias Annotation = GitHubAnnotations.Annotation

  @Test("a message with everything, with something and with nothing around it")
  func properties() {
    let text = GitHubAnnotations([
      Annotation(
        .error, title: "gradcheck", file: "loss.py", line: 12, message: "theta[0,3] is wrong"),
      Annotation(.warning, file: "loss.py", message: "too noisy"),
      Annotation(.warning, message: "a kink"),
    ]).text
    #expect(
      text == """
        ::error title=gradcheck,file=loss.py,line=12::theta[0,3] is wrong
        ::warning file=loss.py::too noisy
        ::warning::a kink

        """)
    #expect(GitHubAnnotations().text == "")
  }

  @Test(
    "what would end a line or a property is escaped",
    arguments: [
      ("100%", "100%25", "100%25"), ("a\nb\r\nc", "a%0Ab%0D%0Ac", "a%0Ab%0D%0Ac"),
      ("X[0,1]: 3, 4", "X[0,1]: 3, 4", "X[0%2C1]%3A 3%2C 4"), ("%0A", "%250A", "%250A"),
      ("::error::", "::error::", "%3A%3Aerror%3A%3A"), ("θ 🙂", "θ 🙂", "θ 🙂"),
    ])
  func escaping(text: String, data: String, property: String) {
    let annotation = Annotation(.error, title: text, file: text, message: text)
    #expect(
      GitHubAnnotations([annotation]).text
        == "::error title=\(property),file=\(property)::\(data)\n")
  }

  @Test("ten messages at most, errors first, then the number of the others")
  func limit() {
    let warnings = (0..<9).map { Annotation(.warning, message: "w\($0)") }
    let errors = (0..<3).map { Annotation(.error, message: "e\($0)") }
    let lines = GitHubAnnotations(warnings + errors).text.split(separator: "\n")
    #expect(lines.count == 11)
    #expect(Array(lines[..<4]) == ["::error::e0", "::error::e1", "::error::e2", "::warning::w0"])
    #expect(lines[9] == "::warning::w6")
    #expect(lines[10] == "::notice::2 more warnings")

    let ten = GitHubAnnotations(Array((errors + warnings)[..<10])).text
    #expect(ten.split(separator: "\n").count == 10)
    #expect(!ten.contains("notice"))

    let eleven = (0..<11).map { Annotation(.error, message: "e\($0)") }
    #expect(GitHubAnnotations(eleven).text.hasSuffix("\n::notice::1 more error\n"))
    #expect(
      GitHubAnnotations(eleven + warnings).text
        .hasSuffix("\n::notice::1 more error and 9 more warnings\n"))
  }
}

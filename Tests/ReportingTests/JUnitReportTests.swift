import Reporting
import Testing

@Suite("JUnit reports")
struct JUnitReportTests {
  @Test("outcomes, counts and times stand where CI systems look for them")
  func document() {
    let report = JUnitReport(suites: [
      .init(
        name: "operations",
        cases: [
          .init(name: "softmax", className: "gradcheck.f64", seconds: 0.0125, outcome: .passed),
          .init(
            name: "logdet", className: "gradcheck.f64",
            outcome: .failed(message: "X[0,1] is wrong", details: "claimed 1\nnumeric 2")),
          .init(
            name: "relu", className: "gradcheck.f32", outcome: .skipped(message: "too noisy")),
        ]),
      .init(name: "empty"),
    ])
    #expect(
      report.xml == """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites tests="3" failures="1" errors="0" skipped="1">
          <testsuite name="operations" tests="3" failures="1" errors="0" skipped="1">
            <testcase name="softmax" classname="gradcheck.f64" time="0.012500"/>
            <testcase name="logdet" classname="gradcheck.f64">
              <failure message="X[0,1] is wrong">claimed 1
        numeric 2</failure>
            </testcase>
            <testcase name="relu" classname="gradcheck.f32">
              <skipped message="too noisy"/>
            </testcase>
          </testsuite>
          <testsuite name="empty" tests="0" failures="0" errors="0" skipped="0">
          </testsuite>
        </testsuites>

        """)
    #expect(report.xml == report.xml)
  }

  @Test("a report without checks is a document too")
  func empty() {
    #expect(
      JUnitReport(suites: []).xml == """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites tests="0" failures="0" errors="0" skipped="0">
        </testsuites>

        """)
  }

  @Test(
    "texts are escaped in attributes and in content",
    arguments: [
      ("a<b> & \"c\"'", "a&lt;b&gt; &amp; &quot;c&quot;'", "a&lt;b&gt; &amp; &quot;c&quot;'"),
      ("]]> &amp;", "]]&gt; &amp;amp;", "]]&gt; &amp;amp;"),
      ("a\tb\nc\rd\r\ne", "a&#9;b&#10;c&#13;d&#13;&#10;e", "a\tb\nc&#13;d&#13;\ne"),
      (
        "\u{0}\u{1B}[31m\u{B}\u{FFFE}\u{FFFF}", "\u{FFFD}\u{FFFD}[31m\u{FFFD}\u{FFFD}\u{FFFD}",
        "\u{FFFD}\u{FFFD}[31m\u{FFFD}\u{FFFD}\u{FFFD}"
      ),
      ("θ̇ ∂f/∂x 🙂\u{7F}\u{85}", "θ̇ ∂f/∂x 🙂\u{7F}\u{85}", "θ̇ ∂f/∂x 🙂\u{7F}\u{85}"),
    ])
  func escaping(text: String, attribute: String, content: String) {
    let report = JUnitReport(suites: [
      .init(
        name: text,
        cases: [
          .init(
            name: text, className: text, outcome: .failed(message: text, details: text)),
          .init(name: "", className: "", outcome: .skipped(message: text)),
        ])
    ])
    #expect(report.xml.contains("<testsuite name=\"\(attribute)\" tests="))
    #expect(report.xml.contains("<testcase name=\"\(attribute)\" classname=\"\(attribute)\">"))
    #expect(report.xml.contains("<failure message=\"\(attribute)\">\(content)</failure>"))
    #expect(report.xml.contains("<skipped message=\"\(attribute)\"/>"))
  }
}

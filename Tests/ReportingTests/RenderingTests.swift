import JSONText
import Reporting
import Testing

@Suite("A report in every format")
struct RenderingTests {
  @Test("the table is aligned by display width")
  func table() {
    let expected = """
      rank  method          storage (%)  factors (B)  relative error    optimal error  PSNR (dB)  time (s)  shape    clipped
         1  exact                   0.4        8,200          0.3512           0.3512      15.25    0.0123  512x512  yes
       100  randomized, κ₂         39.1      820,000          0.0513  0.05100…0.05130          -    1.5000  scalar   no

      """
    #expect(sampleReport().rendered(as: .table) == expected)
  }

  @Test("notes follow where they have a place")
  func notes() {
    let report = sampleReport()
    #expect(
      report.renderedNotes(as: .table) == "note: the factors are larger\nnote: rank | 34\n")
    #expect(
      report.renderedNotes(as: .markdown) == "\n- the factors are larger\n- rank \\| 34\n")
    #expect(report.renderedNotes(as: .csv) == "")
    #expect(report.renderedNotes(as: .json) == "")
    #expect(oneColumn(.integer, []).renderedNotes(as: .markdown) == "")
  }
}

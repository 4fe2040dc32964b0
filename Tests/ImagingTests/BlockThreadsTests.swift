import Imaging
import Synchronization
import Tensors
import Testing

/// What may not depend on the number of threads. That number belongs to the process, where other
/// tests run: these have processes of their own.
@Suite struct BlockThreadsTests {
  private static let cases =
    BlockCase.all + [
      BlockCase(rows: 200, columns: 150, side: 32, stride: 6),
      BlockCase(rows: 260, columns: 260, side: 260, stride: 1),
    ]

  private static func results<Element: Scalar>(
    _ blocks: BlockCase, as type: Element.Type
  ) throws -> [DenoisedBlocks<Element>] {
    let matrix = blocks.matrix(as: type)
    return try [1, 2, 3].map { threads in
      BLAS.setThreads(threads)
      let result = try blocks.grid.denoise(matrix, sigma: 1, rule: .frobenius)
      #expect(BLAS.threads == threads)
      return result
    }
  }

  private static func compare<Element: Scalar>(
    _ results: [DenoisedBlocks<Element>], _ blocks: BlockCase
  ) {
    for result in results.dropFirst() {
      let isEqual = result.matrix == results[0].matrix
      #expect(isEqual, "\(blocks.testDescription)")
      #expect(result.ranks == results[0].ranks, "\(blocks.testDescription)")
      let isEqualSpectrum = result.meanSingularValues == results[0].meanSingularValues
      #expect(isEqualSpectrum, "\(blocks.testDescription)")
    }
  }

  @Test func theBitsAreTheSame() async {
    await #expect(processExitsWith: .success) {
      for blocks in Self.cases {
        Self.compare(try Self.results(blocks, as: Double.self), blocks)
        Self.compare(try Self.results(blocks, as: Float.self), blocks)
      }
    }
  }

  @Test func everyBandIsReported() async {
    await #expect(processExitsWith: .success) {
      for (blocks, threads) in Self.cases.flatMap({ blocks in [1, 3].map { (blocks, $0) } }) {
        BLAS.setThreads(threads)
        let matrix = blocks.matrix(as: Float.self)
        let count = Mutex(0)
        _ = try blocks.grid.denoise(matrix, sigma: 1, rule: .hard) {
          count.withLock { $0 += 1 }
        }
        let bands = blocks.grid.bandCount
        #expect(count.withLock { $0 } == bands, "\(blocks.testDescription)")
        #expect(bands >= 1 && bands <= blocks.grid.rowStarts.count)
      }
    }
  }
}

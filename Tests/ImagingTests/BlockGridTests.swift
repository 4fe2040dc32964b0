import TestSupport
import Testing

@testable import Imaging

@Suite struct BlockGridTests {
  @Test func startsOfKnownGrids() {
    // Regular starts, and a last block flush with the end where they miss it.
    let odd = BlockGrid(rows: 7, columns: 9, side: 3, stride: 2)
    #expect(odd.rowStarts == [0, 2, 4] && odd.columnStarts == [0, 2, 4, 6])
    #expect(odd.count == 12 && odd.side == 3)
    let usual = BlockGrid(rows: 40, columns: 33, side: 32, stride: 6)
    #expect(usual.rowStarts == [0, 6, 8] && usual.columnStarts == [0, 1])
    let tiles = BlockGrid(rows: 10, columns: 9, side: 3, stride: 3)
    #expect(tiles.rowStarts == [0, 3, 6, 7] && tiles.columnStarts == [0, 3, 6])
    let single = BlockGrid(rows: 4, columns: 2, side: 1, stride: 1)
    #expect(single.rowStarts == [0, 1, 2, 3] && single.columnStarts == [0, 1])
    for stride in [1, 7, 8] {
      let whole = BlockGrid(rows: 8, columns: 8, side: 8, stride: stride)
      #expect(whole.rowStarts == [0] && whole.columnStarts == [0] && whole.count == 1)
    }
  }

  @Test func everyElementIsCovered() {
    for (rows, columns) in (1...11).flatMap({ m in (1...11).map { (m, $0) } }) {
      for side in 1...min(rows, columns) {
        for stride in 1...side {
          let grid = BlockGrid(rows: rows, columns: columns, side: side, stride: stride)
          check(grid.rowStarts, rows, side, stride)
          check(grid.columnStarts, columns, side, stride)
          #expect(grid.count == grid.rowStarts.count * grid.columnStarts.count)
        }
      }
    }
  }

  /// From the first element to the last, no step longer than the stride, and as often as told.
  private func check(_ starts: [Int], _ length: Int, _ side: Int, _ stride: Int) {
    let comment: Comment = "\(starts) of \(length), side \(side), stride \(stride)"
    #expect(starts.first == 0 && starts.last == length - side, comment)
    #expect(zip(starts, starts.dropFirst()).allSatisfy { (1...stride) ~= $1 - $0 }, comment)
    let counts = (0..<length).map { i in starts.count { $0 <= i && i < $0 + side } }
    #expect(counts.allSatisfy { $0 >= 1 }, comment)
    #expect(BlockGrid.coverage(starts, side: side, length: length) == counts, comment)
  }

  @Test func blocksThatDoNotFitTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = BlockGrid(rows: 4, columns: 9, side: 5, stride: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = BlockGrid(rows: 4, columns: 9, side: 3, stride: 4)
    }
  }
}

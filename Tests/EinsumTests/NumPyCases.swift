import Testing

/// An equation, the shapes of its operands and the result as NumPy 2.4.6 computes it.
///
/// Element e of operand k is `(7e + 5k + 3) mod 11 − 5`. Labels beyond NumPy's 52 were replaced by
/// letters in the same order; what it refuses (a label repeated in the output) was written by hand
/// with loops.
struct NumPyCase: Sendable, CustomTestStringConvertible {
  let equation: String
  let shapes: [[Int]]
  let resultShape: [Int]
  let result: [Int]

  init(_ equation: String, _ shapes: [[Int]], _ resultShape: [Int], _ result: [Int]) {
    self.equation = equation
    self.shapes = shapes
    self.resultShape = resultShape
    self.result = result
  }

  var testDescription: String { "'\(equation)' \(shapes)" }

  static let all: [NumPyCase] = [
    NumPyCase("ij,jk->ik", [[2, 3], [3, 2]], [2, 2], [-33, 17, -29, 11]),
    NumPyCase("ij,jk", [[2, 3], [3, 4]], [2, 4], [-12, 27, 11, -16, -17, 23, 19, -18]),
    NumPyCase("ji,kj", [[3, 2], [2, 3]], [2, 2], [-27, 14, 18, 16]),
    NumPyCase("ij", [[2, 3]], [2, 3], [-2, 5, 1, -3, 4, 0]),
    NumPyCase("ji", [[2, 3]], [3, 2], [-2, -3, 5, 4, 1, 0]),
    NumPyCase("Ba", [[2, 3]], [2, 3], [-2, 5, 1, -3, 4, 0]),
    NumPyCase("aB", [[2, 3]], [3, 2], [-2, -3, 5, 4, 1, 0]),
    NumPyCase("bA,Ac", [[2, 3], [3, 2]], [2, 2], [-33, 17, -29, 11]),
    NumPyCase("zZaA", [[2, 1, 3, 2]], [2, 1, 3, 2], [-2, -4, 1, -1, 4, 2, 5, 3, -3, -5, 0, -2]),
    NumPyCase("ii", [[3, 3]], [], [1]),
    NumPyCase("ii->i", [[3, 3]], [3], [-2, 4, -1]),
    NumPyCase("iii->i", [[2, 2, 2]], [2], [-2, 3]),
    NumPyCase("iij->j", [[2, 2, 3]], [3], [-7, 7, -1]),
    NumPyCase("iji", [[2, 3, 2]], [3], [1, -4, 2]),
    NumPyCase("ij->", [[2, 3]], [], [5]),
    NumPyCase("ij->i", [[2, 3]], [2], [4, 1]),
    NumPyCase("ij->j", [[2, 3]], [3], [-5, 9, 1]),
    NumPyCase("i,i", [[4], [4]], [], [-22]),
    NumPyCase("i,j", [[2], [3]], [2, 3], [-6, 2, 10, 15, -5, -25]),
    NumPyCase("i,j->ji", [[2], [3]], [3, 2], [-6, 15, 2, -5, 10, -25]),
    NumPyCase("i,ij,j", [[2], [2, 3], [3]], [], [-44]),
    NumPyCase("i,ij,j->j", [[2], [2, 3], [3]], [3], [-12, -32, 0]),
    NumPyCase("ij,ij->ij", [[2, 3], [2, 3]], [2, 3], [-6, -5, -5, -6, -8, 0]),
    NumPyCase("ij,ij", [[2, 3], [2, 3]], [], [-30]),
    NumPyCase("ij,ji->", [[2, 3], [3, 2]], [], [-22]),
    NumPyCase(
      "bij,bjk->bik", [[2, 2, 3], [2, 3, 2]], [2, 2, 2], [-33, 17, -29, 11, 12, 9, 11, 9]),
    NumPyCase("ij,jk,kl->il", [[2, 2], [2, 4], [4, 2]], [2, 2], [188, -225, -106, 130]),
    NumPyCase(
      "ijkl->klij", [[1, 2, 3, 2]], [3, 2, 1, 2], [-2, -4, 5, 3, 1, -1, -3, -5, 4, 2, 0, -2]),
    NumPyCase("", [[]], [], [-2]),
    NumPyCase("->", [[]], [], [-2]),
    NumPyCase(",->", [[], []], [], [-6]),
    NumPyCase(",", [[], []], [], [-6]),
    NumPyCase(",i,", [[], [3], []], [3], [18, -6, -30]),
    NumPyCase("...", [[2, 2]], [2, 2], [-2, 5, 1, -3]),
    NumPyCase("...i", [[2, 3]], [2, 3], [-2, 5, 1, -3, 4, 0]),
    NumPyCase("i...", [[2, 3]], [3, 2], [-2, -3, 5, 4, 1, 0]),
    NumPyCase("b...a", [[2, 3, 2]], [3, 2, 2], [-2, -4, 5, 3, 1, -1, -3, -5, 4, 2, 0, -2]),
    NumPyCase(
      "...ij->...ji", [[2, 2, 3]], [2, 3, 2], [-2, -3, 5, 4, 1, 0, -4, -5, 3, 2, -1, -2]),
    NumPyCase("...ij,...jk->...ik", [[2, 1, 2], [2, 2, 2]], [2, 1, 2], [-31, 12, -5, 14]),
    NumPyCase("...i,...j->...ij", [[2, 2], [1, 2]], [2, 2, 2], [-6, 2, 15, -5, 3, -1, -9, 3]),
    NumPyCase("...i,...i->...", [[2, 2], [3, 1, 2]], [3, 2], [-11, 6, 20, -11, 29, -17]),
    NumPyCase("i...,...->i...", [[2, 3], [3]], [2, 3], [-6, -5, -5, -9, -4, 0]),
    NumPyCase("i...,...", [[3, 2], [2]], [2, 3], [-6, 3, 12, -5, 3, 0]),
    NumPyCase("ii...->i...", [[2, 2, 3]], [2, 3], [-2, 5, 1, -5, 2, -2]),
    NumPyCase("...,...->...", [[2, 1], [3]], [2, 3], [-6, 2, 10, 15, -5, -25]),
    NumPyCase("...,i->i...", [[2], [3]], [3, 2], [-6, 15, 2, -5, 10, -25]),
    NumPyCase("...->", [[]], [], [-2]),
    NumPyCase("...i->i", [[3]], [3], [-2, 5, 1]),
    NumPyCase("...,...", [[], [3]], [3], [-6, 2, 10]),
    NumPyCase(
      "...i,j...->ij...", [[2, 2], [2, 2]], [2, 2, 2], [-6, -1, 10, 2, 15, 3, -25, -6]),
    NumPyCase("ij,jk", [[2, 1], [3, 2]], [2, 2], [8, -12, -20, 30]),
    NumPyCase("ij,ij->ij", [[2, 1], [1, 3]], [2, 3], [-6, 2, 10, 15, -5, -25]),
    NumPyCase("ij,ij->j", [[2, 1], [1, 3]], [3], [9, -3, -15]),
    NumPyCase("ii,i->i", [[1, 1], [3]], [3], [-6, 2, 10]),
    NumPyCase("ij,jk->ik", [[2, 3], [1, 2]], [2, 2], [12, -4, 3, -1]),
    NumPyCase("i,i,i->i", [[1], [3], [1]], [3], [18, -6, -30]),
    NumPyCase("ij->ji", [[1, 3]], [3, 1], [-2, 5, 1]),
    NumPyCase("ij,jk->ik", [[2, 0], [0, 2]], [2, 2], [0, 0, 0, 0]),
    NumPyCase("ij,jk->ik", [[2, 1], [0, 2]], [2, 2], [0, 0, 0, 0]),
    NumPyCase("i->", [[0]], [], [0]),
    NumPyCase("i", [[0]], [0], []),
    NumPyCase("ij->i", [[2, 0]], [2], [0, 0]),
    NumPyCase("...i->...", [[0, 2]], [0], []),
    NumPyCase("αβ,βγ->αγ", [[2, 2], [2, 2]], [2, 2], [-31, 12, 18, -7]),
    NumPyCase("βα", [[2, 3]], [3, 2], [-2, -3, 5, 4, 1, 0]),
    NumPyCase("aαZ", [[2, 3, 2]], [2, 2, 3], [-2, 1, 4, -4, -1, 2, 5, -3, 0, 3, -5, -2]),
    NumPyCase("жя,яñ->ñж", [[2, 2], [2, 2]], [2, 2], [-31, 18, 12, -7]),
    NumPyCase(" i j , j k -> i k ", [[2, 2], [2, 2]], [2, 2], [-31, 12, 18, -7]),
    NumPyCase(
      "ea,fb,abcd,gc,hd->efgh", [[1, 2], [2, 2], [2, 2, 2, 2], [2, 2], [2, 2]], [1, 2, 2, 2],
      [894, -708, 1059, -960, -1572, 1194, -1824, 1545]),
    NumPyCase("i->ii", [[3]], [3, 3], [-2, 0, 0, 0, 5, 0, 0, 0, 1]),
    NumPyCase("ij,jk->iki", [[2, 2], [2, 2]], [2, 2, 2], [-31, 0, 12, 0, 0, 18, 0, -7]),
    NumPyCase("ii->ii", [[2, 2]], [2, 2], [-2, 0, 0, -3]),
    NumPyCase("i...->...ii", [[2, 3]], [3, 2, 2], [-2, 0, 0, -3, 5, 0, 0, 4, 1, 0, 0, 0]),
  ]
}

internal import RealModule
public import Tensors

extension Tensor {
  /// `e^A` of a square matrix [n, n] by scaling and squaring with Padé approximants (Higham 2005, "The
  /// scaling and squaring method for the matrix exponential revisited").
  ///
  /// Backward error of the order of ε for moderate norms; the squarings may lose digits of strongly
  /// non-normal matrices.
  /// - Throws: `NumericalError.notFinite`; `.tooLarge` where the result overflows.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func matrixExponential() throws(NumericalError) -> Tensor {
    precondition(rows == columns, "the exponential of a \(shape) matrix")
    try requireDecomposable()
    guard rows > 0 else { return self }
    let norm = largestColumnSum()
    let (degree, squarings) = PadeApproximant.choice(norm: Double(norm))
    let scale = Element(sign: .plus, exponent: Element.Exponent(-squarings), significand: 1)
    let scaled = squarings == 0 ? self : self * scale
    let (odd, even) = scaled.padeTerms(degree)
    // (V − U)·X = V + U.
    var result = try (even - odd).luDecomposition().solve(even + odd)
    for _ in 0..<squarings { result = Tensor.matrixProduct(result, result) }
    guard result.firstNonFinite() == nil else {
      throw .tooLarge("the exponential of a \(shape) matrix of norm \(norm) overflows")
    }
    return result
  }

  /// ‖A‖₁.
  private func largestColumnSum() -> Element {
    mapped { $0.magnitude }.sum(axis: 0).elements.max() ?? 0
  }

  /// The odd part U and the even part V of the numerator of the Padé approximant to e^A.
  private func padeTerms(_ degree: PadeApproximant) -> (odd: Tensor, even: Tensor) {
    let b = degree.coefficients.map { Element($0) }
    let n = rows
    let square = Tensor.matrixProduct(self, self)
    var powers = [Tensor.identity(n), square]
    // Degree 13 goes up to A⁶ and takes it twice.
    while 2 * powers.count < (degree == .thirteen ? 7 : degree.rawValue) {
      powers.append(Tensor.matrixProduct(powers[powers.count - 1], square))
    }
    func sum(_ places: [Int]) -> Tensor {
      places.enumerated().reduce(Tensor.zeros([n, n])) { $0 + powers[$1.offset] * b[$1.element] }
    }
    guard degree == .thirteen else {
      let count = powers.count
      return (
        Tensor.matrixProduct(self, sum((0..<count).map { 2 * $0 + 1 })),
        sum((0..<count).map { 2 * $0 })
      )
    }
    // A⁶ is taken out of the upper half, so that no higher power is needed.
    let sixth = powers[3]
    let upperOdd = powers[1] * b[9] + powers[2] * b[11] + sixth * b[13]
    let upperEven = powers[1] * b[8] + powers[2] * b[10] + sixth * b[12]
    return (
      Tensor.matrixProduct(self, Tensor.matrixProduct(sixth, upperOdd) + sum([1, 3, 5, 7])),
      Tensor.matrixProduct(sixth, upperEven) + sum([0, 2, 4, 6])
    )
  }
}

/// The diagonal Padé approximants to eˣ.
private enum PadeApproximant: Int, CaseIterable {
  case three = 3, five = 5, seven = 7, nine = 9, thirteen = 13

  /// The norm up to which the approximant's backward error is below 2⁻⁵³ (Higham 2005, table 2.3).
  private var reach: Double {
    switch self {
    case .three: 1.495585217958292e-2
    case .five: 2.539398330063230e-1
    case .seven: 9.504178996162932e-1
    case .nine: 2.097847961257068
    case .thirteen: 5.371920351148152
    }
  }

  /// The approximant for a norm, and how often the matrix is halved before.
  static func choice(norm: Double) -> (PadeApproximant, squarings: Int) {
    if let small = allCases.first(where: { norm <= $0.reach }) { return (small, 0) }
    return (.thirteen, Int(Double.log2(norm / thirteen.reach).rounded(.up)))
  }

  /// The numerator's coefficients from the constant up: (2m − j)!·m! / ((2m)!·(m − j)!·j!), times what
  /// makes them whole.
  var coefficients: [Double] {
    let m = rawValue
    var terms = [1.0]
    for j in 1...m { terms.append(terms[j - 1] * Double(m - j + 1) / Double((2 * m - j + 1) * j)) }
    return terms
  }
}

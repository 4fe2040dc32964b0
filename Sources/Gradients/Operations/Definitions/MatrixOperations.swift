import Tensors

/// Functions of matrices [.., m, n], one matrix after the other.
struct MatrixFunction: Operation {
  enum Kind: String, CaseIterable, Sendable {
    case trace, diagonal, tril, triu, det, slogdet, logdet, inv, cholesky, lu, qr, svd, svdvals
    case eigh, eigvalsh, expm
  }

  let kind: Kind

  var name: String { kind.rawValue }
  var parameters: [OperationParameter] { [.operand("A")] }

  var summary: String {
    switch kind {
    case .trace: "the sum of the diagonal of a square matrix"
    case .diagonal: "the diagonal of a square matrix"
    case .tril: "the lower triangle, zeros above"
    case .triu: "the upper triangle, zeros below"
    case .det: "the determinant; no derivative at a singular matrix"
    case .slogdet: "sign, logabs = slogdet(A): the sign and log |det A|"
    case .logdet: "log det A; NaN where the determinant is negative"
    case .inv: "the inverse"
    case .cholesky: "the lower triangle L with L @ L.T = (A + A.T)/2, positive definite"
    case .lu: "P, L, U = lu(A) with A = P @ L @ U, rows exchanged for size"
    case .qr: "Q, R = qr(A) of a matrix with no more columns than rows"
    case .svd: "U, s, Vt = svd(A), thin; derivatives need distinct singular values"
    case .svdvals: "the singular values, descending"
    case .eigh: "w, V = eigh(A) of (A + A.T)/2, ascending; V's derivative needs distinct ones"
    case .eigvalsh: "the eigenvalues of (A + A.T)/2, ascending"
    case .expm: "the matrix exponential"
    }
  }

  var results: [String] {
    switch kind {
    case .slogdet: ["sign", "logabs"]
    case .lu: ["P", "L", "U"]
    case .qr: ["Q", "R"]
    case .svd: ["U", "s", "Vt"]
    case .eigh: ["w", "V"]
    default: [name]
    }
  }

  var samples: [OperationSample] {
    switch kind {
    case .trace, .diagonal, .tril, .triu:
      [OperationSample([SampleOperand([3, 3])]), OperationSample([SampleOperand([2, 2, 2])])]
    case .det, .slogdet, .logdet, .inv, .lu:
      [
        OperationSample([SampleOperand([3, 3], .wellConditioned)]),
        OperationSample([SampleOperand([2, 2, 2], .wellConditioned)]),
      ]
    case .cholesky: [OperationSample([SampleOperand([4, 4], .positiveDefinite)])]
    case .qr:
      [OperationSample([SampleOperand([4, 3])]), OperationSample([SampleOperand([3, 3])])]
    case .svd, .svdvals:
      [
        OperationSample([SampleOperand([4, 3])]), OperationSample([SampleOperand([3, 4])]),
        OperationSample([SampleOperand([2, 3, 3])]),
      ]
    case .eigh, .eigvalsh:
      [OperationSample([SampleOperand([4, 4])]), OperationSample([SampleOperand([2, 2, 2])])]
    case .expm: [OperationSample([SampleOperand([3, 3])])]
    }
  }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let a = arguments[0]
    switch kind {
    case .trace, .diagonal:
      _ = try a.shape.squareSize(of: name)
      let diagonal = a.diagonals()
      return [kind == .diagonal ? diagonal : diagonal.sum(over: [diagonal.shape.rank - 1])]
    case .tril, .triu:
      let n = try a.shape.squareSize(of: name)
      return [a * V.triangleMask(n, isUpper: kind == .triu)]
    case .det: return [try a.determinant()]
    case .slogdet:
      let (sign, logarithm) = try a.signAndLogDeterminant()
      return [sign, logarithm]
    case .logdet:
      let (sign, logarithm) = try a.signAndLogDeterminant()
      // log of the sign is 0 or NaN; as a constant, so that derivatives stay those of log |det|.
      return [logarithm + sign.log().stoppingGradient() * sign.sign().abs()]
    case .inv: return [try a.inverse()]
    case .cholesky: return [try a.cholesky()]
    case .lu: return try V.apply(LU(), to: [a])
    case .qr:
      let (q, r) = try a.qr()
      return [q, r]
    case .svd: return try V.apply(SVD(), to: [a])
    case .svdvals: return try V.apply(SingularValues(), to: [a])
    case .eigh: return try V.apply(SymmetricEigen(), to: [a])
    case .eigvalsh: return try V.apply(SymmetricEigenvalues(), to: [a])
    case .expm: return [try a.matrixExponential()]
    }
  }
}

/// Systems of equations.
struct SolveOperation: Operation {
  let isLeastSquares: Bool

  var name: String { isLeastSquares ? "lstsq" : "solve" }
  var summary: String {
    isLeastSquares
      ? "the x that makes ‖A x − b‖ least; A has full column rank" : "the x with A @ x = b"
  }
  var parameters: [OperationParameter] { [.operand("A"), .operand("b")] }
  var samples: [OperationSample] {
    isLeastSquares
      ? [
        OperationSample([SampleOperand([5, 3]), SampleOperand([5])]),
        OperationSample([SampleOperand([4, 2]), SampleOperand([4, 2])]),
      ]
      : [
        OperationSample([SampleOperand([3, 3], .wellConditioned), SampleOperand([3])]),
        OperationSample([SampleOperand([2, 3, 3], .wellConditioned), SampleOperand([3, 2])]),
      ]
  }

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let (a, b) = (arguments[0], arguments[1])
    return [isLeastSquares ? try a.leastSquares(b) : try a.solve(b)]
  }
}

/// A vector as a diagonal matrix.
struct DiagonalMatrix: Operation {
  let name = "diag"
  let summary = "the diagonal matrix of a vector"
  let parameters: [OperationParameter] = [.operand("x")]
  let samples = [OperationSample([SampleOperand([3])])]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let x = arguments[0]
    guard let n = x.shape.dimensions.last else { throw .shape("diag of a scalar") }
    _ = try Shape(checking: x.shape.dimensions + [n])
    return [x.diagonalMatrices()]
  }
}

/// xᵀ·A·x.
struct QuadraticFormOperation: Operation {
  let name = "quadratic_form"
  let summary = "xᵀ A x of a vector and a square matrix"
  let parameters: [OperationParameter] = [.operand("x"), .operand("A")]
  let samples = [OperationSample([SampleOperand([4]), SampleOperand([4, 4])])]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let (x, a) = (arguments[0], arguments[1])
    guard x.shape.rank == 1, a.shape == [x.shape[0], x.shape[0]] else {
      throw .shape("quadratic_form of \(x.shape) and \(a.shape): a vector and its square matrix")
    }
    return [x.matrixProduct(a).matrixProduct(x)]
  }
}

/// The logarithm of the density of a normal distribution.
struct GaussianLogLikelihood: Operation {
  let name = "gaussian_log_likelihood"
  let summary = "−½((x−μ)ᵀ Σ⁻¹ (x−μ) + log det Σ + n log 2π) of vectors x, μ and a covariance Σ"
  let parameters: [OperationParameter] = [
    .operand("x"), .operand("mean"), .operand("covariance"),
  ]
  let samples = [
    OperationSample([
      SampleOperand([3]), SampleOperand([3]), SampleOperand([3, 3], .positiveDefinite),
    ])
  ]

  @specialized(where V == Tensor<Float>)
  @specialized(where V == Tensor<Double>)
  @specialized(where V == Traced<Tensor<Float>>)
  @specialized(where V == Traced<Tensor<Double>>)
  func evaluated<V: TensorValue>(
    _ arguments: OperationArguments<V>
  ) throws(NumericalError) -> [V] {
    let (x, mean, covariance) = (arguments[0], arguments[1], arguments[2])
    guard x.shape.rank == 1, mean.shape == x.shape,
      covariance.shape == [x.shape[0], x.shape[0]]
    else {
      throw .shape(
        "gaussian_log_likelihood of \(x.shape), \(mean.shape) and \(covariance.shape)")
    }
    // With Σ = L·Lᵀ both terms need L alone: ‖L⁻¹(x−μ)‖² and 2·Σ log Lᵢᵢ.
    let l = try covariance.cholesky()
    let z = try l.solve(x - mean, .lowerTriangle)
    let logarithms = l.diagonals().log().sum()
    let constant = Double(x.shape[0]) * Double.log(2 * Double.pi)
    return [V(-0.5) * ((z * z).sum() + V(constant)) - logarithms]
  }
}

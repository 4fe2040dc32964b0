public import Factorizations
public import FileFormats
public import Tensors

/// What a factor file stands for: decompositions and what they expand to.
public struct FactorExpansion<Element: Scalar>: Sendable {
  /// What the expanded matrices make up: the original picture's frame, or a matrix.
  public let subject: PictureOrMatrix
  /// One per matrix, all of one rank.
  public let decompositions: [SingularValueDecomposition<Element>]

  /// The common rank.
  public var rank: Int { decompositions[0].singularValues.count }

  /// Reads the factors.
  ///
  /// - Throws: `FormatError.badData` for a file that is no factor file or contradicts itself,
  ///   `.resourceLimit` when what it stands for does not fit the budget.
  public init(_ file: SafetensorsFile, budget: MemoryBudget) throws(FormatError) {
    guard file.metadata[FactorKey.format] == FactorKey.formatName else {
      throw FormatError(
        .badData, "no factor file (its metadata lack format = \(FactorKey.formatName))",
        hint: "svd-compress --factors writes one")
    }
    let factors = try Self.readFactors(file)
    let shape = try Self.affordableShape(factors, budget)
    decompositions = factors
    if file.metadata[FactorKey.layout] == nil {
      subject = .matrix(StoredArray(Tensor<Element>.zeros(shape)))
    } else {
      let (picture, mode) = try Self.frame(file)
      subject = .picture(picture, mode)
    }
    guard subject.matrixCount == factors.count, subject.matrixShape == shape else {
      throw FormatError(
        .badData,
        "the factors do not fit the picture (found \(factors.count) of \(shape), "
          + "expected \(subject.matrixCount) of \(subject.matrixShape))")
    }
  }

  /// The shape [m, n] of the matrices, if they fit in memory: small factors can stand for
  /// matrices of any size.
  private static func affordableShape(
    _ factors: [SingularValueDecomposition<Element>], _ budget: MemoryBudget
  ) throws(FormatError) -> Shape {
    let sizes = [factors[0].u.rows, factors[0].vt.columns]
    // The expanded matrix, its frame and what is written stand side by side.
    let (bytes, overflow) = sizes.reduce((3 * factors.count * 8, false)) { total, size in
      let (product, over) = total.0.multipliedReportingOverflow(by: size)
      return (product, total.1 || over)
    }
    guard !overflow else {
      throw FormatError(.resourceLimit, "the expanded matrix exceeds the address space")
    }
    try budget.allow(bytes, for: "the expanded matrix")
    return Shape(sizes)
  }

  private static func readFactors(
    _ file: SafetensorsFile
  ) throws(FormatError) -> [SingularValueDecomposition<Element>] {
    var result: [SingularValueDecomposition<Element>] = []
    while let u = file["c\(result.count).U"] {
      let name = "c\(result.count)"
      let s = try tensor("\(name).s", of: file)
      let vt = try tensor("\(name).Vt", of: file)
      guard u.shape.rank == 2, s.shape.rank == 1, vt.shape.rank == 2,
        u.shape[1] == s.shape[0], vt.shape[0] == s.shape[0], u.shape.count > 0, vt.shape.count > 0
      else {
        throw FormatError(
          .badData,
          "\(name): shapes do not fit (found U \(u.shape), s \(s.shape), Vt \(vt.shape); "
            + "expected m x k, k, k x n)")
      }
      if let first = result.first {
        guard u.shape == first.u.shape, vt.shape == first.vt.shape else {
          throw FormatError(.badData, "\(name): the shapes differ from those of c0")
        }
      }
      let factors = SingularValueDecomposition<Element>(
        u: u.tensor(), singularValues: s.tensor(as: Element.self).elements, vt: vt.tensor())
      guard factors.u.firstNonFinite() == nil, factors.vt.firstNonFinite() == nil,
        factors.singularValues.allSatisfy({ $0.isFinite })
      else {
        throw FormatError(.badData, "\(name) holds numbers that are not finite")
      }
      result.append(factors)
    }
    guard !result.isEmpty else { throw FormatError(.badData, "the tensor c0.U is missing") }
    return result
  }

  /// A tensor that a factor file must have.
  private static func tensor(
    _ name: String, of file: SafetensorsFile
  ) throws(FormatError) -> StoredArray {
    guard let array = file[name] else {
      throw FormatError(.badData, "the tensor \(name) is missing")
    }
    return array
  }

  /// A black picture of the original's size, depth, layout and alpha.
  private static func frame(
    _ file: SafetensorsFile
  ) throws(FormatError) -> (Picture, ChannelMode) {
    let sizes = (file.metadata[FactorKey.shape] ?? "").split(separator: "x").compactMap { Int($0) }
    let name = file.metadata[FactorKey.layout] ?? ""
    guard sizes.count == 2, sizes.allSatisfy({ $0 > 0 && $0 < 1 << 31 }),
      let layout = Picture.Layout.allCases.first(where: { $0.name == name }),
      let depth = file.metadata[FactorKey.bitDepth].flatMap({ Int($0) }), [8, 16].contains(depth),
      let mode = file.metadata[FactorKey.channels].flatMap(ChannelMode.init(rawValue:)),
      let u = file["c0.U"], u.shape.rank == 2, u.shape[0] == sizes[0],
      let vt = file["c0.Vt"], vt.shape.rank == 2, vt.shape[1] % sizes[1] == 0
    else {
      throw FormatError(.badData, "the picture's shape, layout, bit_depth or channels are wrong")
    }
    let pixels = sizes[0] * sizes[1]
    var samples = [UInt16](repeating: 0, count: pixels * layout.channels)
    if layout.hasAlpha {
      let alpha = try tensor(FactorKey.alpha, of: file)
      guard alpha.shape == [sizes[0], sizes[1]], alpha.dtype == (depth == 8 ? .u8 : .u16) else {
        throw FormatError(.badData, "alpha does not fit the picture (found \(alpha.shape))")
      }
      let values = alpha.tensor(as: Float.self).elements
      for pixel in 0..<pixels {
        samples[(pixel + 1) * layout.channels - 1] = UInt16(values[pixel])
      }
    }
    let profile = file[FactorKey.profile].flatMap { $0.dtype == .u8 ? Array($0.bytes) : nil }
    var picture = Picture(
      width: sizes[1], height: sizes[0], layout: layout, bitDepth: depth, samples: samples)
    picture.color = ColorChunks(metadata: file.metadata, profile: profile)
    return (picture, mode)
  }
}

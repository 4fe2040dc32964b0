import FileFormats
import Imaging
import Reporting
import Tensors

extension DenoiseRun {
  /// The files to write, made whole before the first is created.
  func outputs(
    _ preparation: Preparation, _ outcome: Outcome, _ notes: inout [String]
  ) throws(Failure) -> [OutputFile] {
    guard let result = outcome.result else { return [] }
    let noisy = preparation.denoiser.matrices
    var outputs: [OutputFile] = []
    if let path = arguments.destination.output {
      outputs.append(try output(path, result.matrices, &notes))
    }
    if let path = arguments.noisy {
      var clipping: [String] = []
      outputs.append(try output(path, noisy, &clipping))
      notes += clipping.map { "\(OutputFile.name(of: displayName(path))): \($0)" }
    }
    if let path = arguments.residual {
      outputs.append(try residual(path, noisy, result, &notes))
    }
    if let path = arguments.rankMap {
      outputs.append(
        try naming(path) { () throws(FormatError) in try rankMap(path, result, &notes) })
    }
    if let path = arguments.plot {
      let plot = DenoisePlot.plot(
        result, of: outcome.rows, input: displayName(arguments.input),
        names: context.matrixNames, edge: edge(of: result, preparation.noise))
      outputs.append(OutputFile(path, FileContent(text: plot.svg())))
    }
    return outputs
  }

  private func naming<Result>(
    _ path: String, _ body: () throws(FormatError) -> Result
  ) throws(Failure) -> Result {
    try Failure.naming(OutputFile.name(of: path), body)
  }

  private func output(
    _ path: String, _ matrices: [Tensor<Element>], _ notes: inout [String]
  ) throws(Failure) -> OutputFile {
    try naming(path) { () throws(FormatError) in
      try subject.output(
        path, of: matrices, streamFormat: context.file.format, notes: &notes)
    }
  }

  /// What was removed, unrounded; in a PNG zero is middle gray.
  private func residual(
    _ path: String, _ noisy: [Tensor<Element>], _ result: DenoisedMatrices<Element>,
    _ notes: inout [String]
  ) throws(Failure) -> OutputFile {
    var differences = zip(noisy, result.matrices).map { $0 - $1 }
    let format = try naming(path) { () throws(FormatError) in
      try FileFormat.forWriting(path, toStream: context.file.format)
    }
    guard format == .png else {
      var none: [String] = []
      return try output(path, differences, &none)
    }
    var middle = 128
    if case .picture(let picture, _) = subject { middle = (Int(picture.maxSample) + 1) / 2 }
    differences = differences.map { $0 + Element(middle) }
    let name = OutputFile.name(of: displayName(path))
    notes.append("\(name): \(middle) stands for zero")
    var clipping: [String] = []
    let file = try output(path, differences, &clipping)
    notes += clipping.map { "\(name): \($0)" }
    return file
  }

  /// How many singular values each block kept, in rows of blocks, a layer per matrix: all of them
  /// where the matrix was left as it is; in a PNG the largest number is white.
  private func rankMap(
    _ path: String, _ result: DenoisedMatrices<Element>, _ notes: inout [String]
  ) throws(FormatError) -> OutputFile {
    guard case .blocks(let side, let stride) = result.scope else {
      preconditionFailure("a rank map of whole matrices")
    }
    let grid = BlockGrid(
      rows: subject.matrixShape[0], columns: subject.matrixShape[1], side: side, stride: stride)
    var layers = [[Int]](
      repeating: Array(repeating: side, count: grid.count), count: result.matrices.count)
    for (index, ranks) in zip(result.treated, result.ranks) { layers[index] = ranks }
    var shape: Shape = [grid.rowStarts.count, grid.columnStarts.count]
    if layers.count > 1 { shape = [shape[0], shape[1], layers.count] }
    let ranks = (0..<grid.count).flatMap { block in layers.map { $0[block] } }
    let format = try FileFormat.forWriting(path, toStream: .npy)
    guard format == .png else {
      let array = StoredArray(ranks.map { UInt16(clamping: $0) }, shape: shape)
      return try OutputFile(path, array, format: format)
    }
    let largest = max(1, ranks.max() ?? 1)
    notes.append("\(OutputFile.name(of: displayName(path))): white stands for rank \(largest)")
    return try OutputFile(
      path, StoredArray(ranks.map { UInt8($0 * 255 / largest) }, shape: shape), format: .png)
  }

  /// The edge of the noise in what one decomposition sees.
  private func edge(of result: DenoisedMatrices<Element>, _ noise: DenoiseNoise) -> Double? {
    guard let sigma = DenoiseNoise.mean(noise.sigmas), sigma > 0 else { return nil }
    switch result.scope {
    case .global:
      let shape = subject.matrixShape
      return NoiseScale(rows: shape[0], columns: shape[1], sigma: sigma).edge
    case .blocks(let side, _): return NoiseScale(rows: side, columns: side, sigma: sigma).edge
    }
  }
}

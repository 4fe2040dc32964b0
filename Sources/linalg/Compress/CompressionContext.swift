import Factorizations
import FileFormats
import Imaging
import Tensors

/// What a compression starts from: the arguments and what they name.
struct CompressionContext {
  let arguments: SVDCompressCommand
  let file: LoadedFile
  let subject: CompressionSubject
  let console: Console
  let budget: MemoryBudget

  /// The options of the randomised method.
  var options: RandomizedOptions {
    RandomizedOptions(
      oversample: arguments.oversample?.value ?? RandomizedOptions().oversample,
      powerIterations: arguments.powerIterations?.value ?? RandomizedOptions().powerIterations,
      seed: UInt64(arguments.arithmetic.seed?.value ?? 0))
  }

  /// The precision of the computation.
  var precision: Precision { arguments.arithmetic.precision(for: subject.storedType) }

  /// The precision of stored factors.
  var factorPrecision: FactorFile.Precision {
    if let chosen = arguments.factorDtype { return chosen }
    if case .picture = subject { return .f32 }
    return precision == .f32 ? .f32 : .f64
  }
}

extension CompressionSubject {
  /// The type of the numbers in the file; nil for a picture, whose samples are integers.
  var storedType: DType? {
    switch self {
    case .picture: nil
    case .matrix(let array): array.dtype
    }
  }
}

/// A path as it may stand in a result: never absolute.
func displayName(_ path: String) -> String {
  guard path.hasPrefix("/"), let last = path.split(separator: "/").last else { return path }
  return String(last)
}

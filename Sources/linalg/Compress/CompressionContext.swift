import Factorizations
import FileFormats
import Imaging
import Tensors

/// What a compression starts from: the arguments and what they name.
struct CompressionContext {
  let arguments: SVDCompressCommand
  let file: LoadedFile
  let subject: PictureOrMatrix
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

import ArgumentParser
import FileFormats
import Reporting

extension TrainMLPCommand {
  /// Refuses options that contradict each other.
  func checkConsistency() throws {
    try SuffixCheck.validate("--plot", plot, suffix: "svg")
    if let metrics, !MetricsFile.suffixes.contains(where: { metrics.hasSuffix($0) }) {
      throw ValidationError("--metrics \(metrics): the suffix is not one of .csv .tsv .jsonl")
    }
    if let epochs = learning.epochs?.value, epochs > 1 << 31 {
      throw ValidationError("--epochs \(epochs): at most 2^31")
    }
    guard evaluate == (model != nil) else {
      throw ValidationError(
        evaluate ? "--evaluate needs --model" : "--model is about --evaluate; --resume goes on")
    }
    let judging = [
      ("--predictions", predictions != nil), ("--confusion", confusion),
      ("--replace", !replace.isEmpty),
    ]
    for (option, isGiven) in judging where isGiven && !evaluate {
      throw ValidationError("\(option) is about --evaluate")
    }
    let training: [(String, Bool)] = [
      ("--checkpoint", checkpoint != nil), ("--resume", resume != nil),
      ("--metrics", metrics != nil), ("--plot", plot != nil), ("-o", destination.output != nil),
      ("--task", task != nil),
    ]
    for (option, isGiven) in training + settingNames where isGiven && evaluate {
      throw ValidationError("\(option) is about training, not about --evaluate")
    }
    if checkpointEvery != nil, checkpoint == nil {
      throw ValidationError("--checkpoint-every is about --checkpoint")
    }
    for (option, path) in [("-o", destination.output), ("--checkpoint", checkpoint)] {
      guard let path, let format = FileFormat(suffixOf: path), format != .safetensors else {
        continue
      }
      throw ValidationError("\(option) \(path): models are written as .safetensors")
    }
    if let checkpoint {
      guard checkpoint != "-", ![destination.output, metrics, plot].contains(checkpoint) else {
        throw ValidationError("--checkpoint \(checkpoint): it needs a file of its own")
      }
    }
    if let predictions, TableFormat(forPath: predictions) == nil {
      throw ValidationError(
        "--predictions \(predictions): the suffix is not one of .txt .md .csv .tsv .json")
    }
    let validates = (learning.validation?.value ?? 0) > 0
    if requireAccuracy != nil, !evaluate, resume == nil, !validates {
      throw ValidationError("--require-accuracy needs --validation or --evaluate")
    }
    if learning.patience != nil, resume == nil, !validates {
      throw ValidationError("--patience needs --validation")
    }
  }

  private var settingNames: [(String, Bool)] {
    let given = TrainingSettings.given(self)
    return TrainingSettings.Name.allCases.filter { $0 != .dtype && $0 != .seed }
      .map { ($0 == .standardize ? "--no-standardize" : "--\($0.rawValue)", given[$0] != nil) }
  }
}

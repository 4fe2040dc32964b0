import ArgumentParser

extension TrainMLPCommand {
  /// Refuses options that contradict each other.
  func checkConsistency() throws {
    try SuffixCheck.validate("--plot", plot, suffix: "svg")
    if let metrics, !MetricsFile.suffixes.contains(where: { metrics.hasSuffix($0) }) {
      throw ValidationError("--metrics \(metrics): the suffix is not one of .csv .tsv .jsonl")
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
    let given = TrainingSettings.given(self)
    if requireAccuracy != nil, !evaluate, resume == nil, given[.validation] == nil {
      throw ValidationError("--require-accuracy needs --validation or --evaluate")
    }
    if given[.patience] != nil, resume == nil, given[.validation] == nil {
      throw ValidationError("--patience needs --validation")
    }
  }

  private var settingNames: [(String, Bool)] {
    let given = TrainingSettings.given(self)
    return TrainingSettings.Name.allCases.filter { $0 != .dtype && $0 != .seed }
      .map { ("--\($0.rawValue)", given[$0] != nil) }
  }
}

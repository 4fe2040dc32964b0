import ArgumentParser

extension AttentionBenchCommand {
  /// Refuses options that contradict each other.
  func checkConsistency() throws {
    try SuffixCheck.validate("--plot", plot, suffix: "svg")
    guard from.isEmpty || from.count == 3 else {
      throw ValidationError("--from takes three files: Q, K and V (found \(from.count))")
    }
    let sizes = [
      ("--seq", seq != nil), ("--heads", heads != nil), ("--dim", dim != nil),
      ("--batch", batch != nil), ("--cache", cache != nil),
    ]
    for (option, isGiven) in sizes where isGiven && isFromFiles {
      throw ValidationError("\(option) and --from: the files have the sizes")
    }
    for (option, isGiven) in [("--layout", layout != nil), ("-o", destination.output != nil)]
    where isGiven && !isFromFiles {
      throw ValidationError("\(option) is about --from")
    }
    let passes = passes?.values ?? [.forward]
    if isFromFiles, passes.contains(.decode) {
      throw ValidationError("--pass decode and --from: give a Q of one query and --pass forward")
    }
    if cache != nil, !passes.contains(.decode) {
      throw ValidationError("--cache is about --pass decode")
    }
    if seq != nil, passes == [.decode] {
      throw ValidationError("--seq is not about --pass decode: --cache is")
    }
    if plot != nil, isFromFiles { throw ValidationError("--plot needs several lengths") }
    if destination.output != nil, passes != [.forward] || causal == .both {
      throw ValidationError("-o writes the output of one forward pass")
    }
    if causal != nil, passes == [.decode] {
      throw ValidationError("--causal is not about --pass decode: the one query is the last")
    }
    if destination.output != nil, (variants?.variants.count ?? 1) > 1 {
      throw ValidationError("-o writes the output of one variant: give --variants flash")
    }
    try checkVariants(passes)
  }

  /// Refuses variants that the heads or the passes do not allow.
  private func checkVariants(_ passes: [AttentionPass]) throws {
    for variant in variants?.variants ?? [] {
      switch variant {
      case .naive, .flash: break
      case .multiQuery, .grouped:
        if isFromFiles {
          throw ValidationError(
            "\(variant.name) and --from: the heads of K and V say it; use flash")
        }
        let keyHeads = variant.keyHeads(headCount)
        guard headCount % keyHeads == 0 else {
          throw ValidationError("\(variant.name): \(keyHeads) does not divide \(headCount) heads")
        }
      case .linformer:
        if causal == .yes || passes == [.decode] {
          throw ValidationError(
            "\(variant.name) mixes the keys of all positions: it is neither causal nor decodes")
        }
      }
    }
  }
}

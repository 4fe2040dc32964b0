import ArgumentParser
import Networks

/// A kind of attention, as it is typed.
enum AttentionVariant: Hashable, Sendable {
  /// With the array of all scores.
  case naive
  /// Tile by tile.
  case flash
  /// One head of keys and values for all heads of queries.
  case multiQuery
  /// So many heads of keys and values.
  case grouped(heads: Int)
  /// So many combinations of keys.
  case linformer(rank: Int)

  /// `naive`, `gqa:2`, …
  var name: String {
    switch self {
    case .naive: "naive"
    case .flash: "flash"
    case .multiQuery: "mqa"
    case .grouped(let heads): "gqa:\(heads)"
    case .linformer(let rank): "linformer:\(rank)"
    }
  }

  init?(name: Substring) {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    let number = parts.count == 2 ? PositiveInteger(argument: String(parts[1]))?.value : nil
    switch (parts[0], parts.count, number) {
    case ("naive", 1, _): self = .naive
    case ("flash", 1, _): self = .flash
    case ("mqa", 1, _): self = .multiQuery
    case ("gqa", 2, let heads?): self = .grouped(heads: heads)
    case ("linformer", 2, let rank?): self = .linformer(rank: rank)
    default: return nil
    }
  }

  /// The heads of keys and values beside so many heads of queries.
  func keyHeads(_ heads: Int) -> Int {
    switch self {
    case .naive, .flash, .linformer: heads
    case .multiQuery: 1
    case .grouped(let keyHeads): keyHeads
    }
  }

  var algorithm: AttentionAlgorithm { self == .naive ? .naive : .auto }

  /// The rank of an approximation; nil for exact attention.
  var rank: Int? {
    if case .linformer(let rank) = self { rank } else { nil }
  }
}

/// Variants separated by commas, none twice.
struct AttentionVariantList: LimitedValue {
  static let expectation =
    "some of naive, flash, mqa, gqa:HEADS and linformer:RANK, separated by commas, none twice"
  let variants: [AttentionVariant]

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    variants = words.compactMap { AttentionVariant(name: $0) }
    guard variants.count == words.count, Set(variants).count == words.count else { return nil }
  }
}

/// What is timed.
enum AttentionPass: String, CaseIterable {
  case forward, backward
  /// One query per sequence against a cache of keys and values.
  case decode
}

/// Whether queries see the keys behind them.
enum CausalChoice: String, ExpressibleByArgument, CaseIterable {
  case no, yes, both

  var values: [Bool] {
    switch self {
    case .no: [false]
    case .yes: [true]
    case .both: [false, true]
    }
  }
}

/// The order of the axes of files.
enum AttentionLayout: String, ExpressibleByArgument, CaseIterable {
  case bhtd, bthd
}

public import ArgumentParser
import FileFormats
import Imaging
import Reporting

// Values that options accept. What these refuse, the argument parser reports with the option's
// name and status 64.

/// A number of bytes: `60000`, `64M`; k, M and G are powers of 1024.
struct ByteCount: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let factors: [Character: Int] = ["k": 1 << 10, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let factor = argument.last.flatMap { factors[$0] }
    let digits = factor == nil ? argument[...] : argument.dropLast()
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits), number > 0
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor ?? 1)
    guard !overflow else { return nil }
    bytes = product
  }
}

/// A whole number from 1 up.
struct PositiveInteger: ExpressibleByArgument {
  let value: Int

  init?(argument: String) {
    guard let value = Int(argument), value > 0 else { return nil }
    self.value = value
  }
}

/// A whole number from 0 up.
struct NaturalNumber: ExpressibleByArgument {
  let value: Int

  init?(argument: String) {
    guard let value = Int(argument), value >= 0 else { return nil }
    self.value = value
  }
}

/// A finite number from 0 up.
struct NonNegativeNumber: ExpressibleByArgument {
  let value: Double

  init?(argument: String) {
    guard let value = Double(argument), value.isFinite, value >= 0 else { return nil }
    self.value = value
  }
}

/// A share: above 0 and at most 1.
struct Share: ExpressibleByArgument {
  let value: Double

  init?(argument: String) {
    guard let value = Double(argument), value > 0, value <= 1 else { return nil }
    self.value = value
  }
}

/// Ranks separated by commas; each from 1 up, none twice.
struct RankList: ExpressibleByArgument {
  let ranks: [Int]

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let ranks = words.compactMap { Int($0) }
    guard ranks.count == words.count, ranks.allSatisfy({ $0 > 0 }),
      Set(ranks).count == ranks.count
    else { return nil }
    self.ranks = ranks
  }
}

/// The precision of a computation.
enum Precision: String, ExpressibleByArgument, CaseIterable {
  case f32, f64
}

extension TableFormat: ExpressibleByArgument {}
extension FileFormat: ExpressibleByArgument {}
extension ChannelMode: ExpressibleByArgument {}
extension FactorFile.Precision: ExpressibleByArgument {}
extension TextOptions.Header: ExpressibleByArgument {}

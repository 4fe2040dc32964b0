public import ArgumentParser
import FileFormats
import Imaging
import Reporting

/// A value with limits. What it refuses is reported with the option's name, what is expected, and
/// status 64.
protocol LimitedValue: Sendable {
  /// What is accepted, to follow the word "expected".
  static var expectation: String { get }

  init?(argument: String)
}

extension Option {
  /// An option of a limited value. It takes whatever follows, so that a negative number is called
  /// out of range instead of an option.
  init<Limited: LimitedValue>(
    name: NameSpecification = .long, help: ArgumentHelp? = nil
  ) where Value == Limited? {
    self.init(
      name: name, parsing: .unconditional, help: help,
      transform: { text throws(ValidationError) in
        guard let value = Limited(argument: text) else {
          throw ValidationError("expected \(Limited.expectation)")
        }
        return value
      })
  }
}

/// A number of bytes: `60000`, `64M`; k, M and G are powers of 1024.
struct ByteCount: LimitedValue {
  static let expectation = "a whole number from 1 up, with k, M or G behind it if need be"
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
struct PositiveInteger: LimitedValue {
  static let expectation = "a whole number from 1 up"
  let value: Int

  init?(argument: String) {
    guard let value = Int(argument), value > 0 else { return nil }
    self.value = value
  }
}

/// A whole number from 0 up.
struct NaturalNumber: LimitedValue {
  static let expectation = "a whole number from 0 up"
  let value: Int

  init?(argument: String) {
    guard let value = Int(argument), value >= 0 else { return nil }
    self.value = value
  }
}

/// A finite number from 0 up.
struct NonNegativeNumber: LimitedValue {
  static let expectation = "a finite number from 0 up"
  let value: Double
  /// As it was typed, for messages.
  let text: String

  init?(argument: String) {
    guard let value = Double(argument), value.isFinite, value >= 0 else { return nil }
    self.value = value
    text = argument
  }
}

/// A finite number above 0.
struct PositiveNumber: LimitedValue {
  static let expectation = "a finite number above 0"
  let value: Double
  /// As it was typed, for messages.
  let text: String

  init?(argument: String) {
    guard let value = Double(argument), value.isFinite, value > 0 else { return nil }
    self.value = value
    text = argument
  }
}

/// A share: above 0 and at most 1.
struct Share: LimitedValue {
  static let expectation = "a share above 0 and at most 1"
  let value: Double

  init?(argument: String) {
    guard let value = Double(argument), value > 0, value <= 1 else { return nil }
    self.value = value
  }
}

/// Ranks separated by commas; each from 1 up, none twice.
struct RankList: LimitedValue {
  static let expectation = "whole numbers from 1 up, separated by commas, none twice"
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

import JSONText
import Reporting
import Testing

@Suite("Numbers as text")
struct NumberTests {
  @Test(
    "significant digits, plain or scientific",
    arguments: [
      (0.0, 3, "0"), (1, 3, "1.00"), (-1.005, 3, "-1.00"), (9.996, 3, "10.0"),
      (0.05125, 2, "0.051"),
      (0.000123456, 3, "0.000123"), (0.0000123456, 3, "1.23e-05"), (123456, 3, "123456"),
      (12345678, 3, "1.23e+07"), (12345678, 10, "12345678.00"), (1e300, 2, "1.0e+300"),
      (.leastNonzeroMagnitude, 3, "4.94e-324"), (.infinity, 3, "inf"), (-.infinity, 3, "-inf"),
      (.nan, 3, "nan"), (2, 0, "2"),
    ])
  func significant(value: Double, digits: Int, text: String) {
    #expect(NumberText.significant(value, digits: digits) == text)
  }

  @Test("fixed decimals never show a negative zero")
  func fixed() {
    #expect(NumberText.fixed(2.345, decimals: 1) == "2.3")
    #expect(NumberText.fixed(-0.001, decimals: 2) == "0.00")
    #expect(NumberText.fixed(-0.0, decimals: 0) == "0")
    #expect(NumberText.fixed(-0.6, decimals: 0) == "-1")
    let largest = NumberText.fixed(.greatestFiniteMagnitude, decimals: 2)
    #expect(largest.utf8.count == 312)
    #expect(Double(largest) == .greatestFiniteMagnitude)
  }

  @Test(
    "thousands are separated",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (-1000, "-1,000"), (-999, "-999"),
      (205_000, "205,000"), (1_234_567, "1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
  func grouped(value: Int, text: String) {
    #expect(NumberText.grouped(value) == text)
    #expect(NumberText.bytes(value) == text + " B")
  }

  @Test(
    "times take a fitting unit",
    arguments: [
      (0.0, "0 s"), (1.2345, "1.23 s"), (0.9996, "1.00 s"), (0.0456, "45.6 ms"),
      (0.00099951, "1.00 ms"), (2.5e-6, "2.50 µs"), (3e-8, "30.0 ns"), (1234, "1234 s"),
    ])
  func seconds(value: Double, text: String) {
    #expect(NumberText.seconds(value) == text)
  }
}

@Suite("The precision of a column")
struct ColumnPrecisionTests {
  @Test("rows that lie close together get the digits that tell them apart")
  func adaptive() {
    #expect(shown(.significant(3), [0.5, 0.25]) == ["0.500", "0.250"])
    #expect(shown(.significant(3), [0.12345, 0.12346]) == ["0.123450", "0.123460"])
    #expect(shown(.fixed(2), [31.25, 31.2512]) == ["31.2500", "31.2512"])
    #expect(shown(.percent(1), [0.99991, 0.99992]) == ["99.9910", "99.9920"])
    #expect(shown(.fixed(2), [31.25, 31.25]) == ["31.25", "31.25"])
    #expect(shown(.fixed(2), [1e-300, 2e-300]) == ["1.00e-300", "2.00e-300"])
  }

  @Test("neighbours decide, not the column's extremes")
  func neighbours() {
    #expect(shown(.significant(3), [0.5, 1e-12, 2e-12]) == ["0.500", "1.00e-12", "2.00e-12"])
    #expect(shown(.significant(3), [1e9, 0.001]) == ["1.00e+09", "0.00100"])
    #expect(shown(.significant(3), [0, 0.5]) == ["0", "0.500"])
  }

  @Test("points stand under one another while that costs few digits")
  func alignment() {
    #expect(shown(.significant(3), [0.351, 0.0513]) == ["0.3510", "0.0513"])
    #expect(shown(.significant(3), [12.5, 0.00421]) == ["12.5", "0.00421"])
  }

  @Test("times are not made more precise than they are")
  func seconds() {
    #expect(shown(.seconds, [1.00001, 1.00002]) == ["1.00", "1.00"])
  }

  @Test("whole numbers in any column")
  func whole() {
    #expect(shown(.bytes, [205_000]) == ["205,000"])
    #expect(shown(.count, [1e6]) == ["1,000,000"])
    #expect(shown(.integer, [3, 2.5, 1e300]) == ["3", "2.5", "1e+300"])
  }

  @Test(
    "the digits asked for are given, 17 at most",
    arguments: [(1, "0.1"), (4, "0.1235"), (0, "0.1")])
  func digits(digits: Int, text: String) {
    #expect(shown(.significant(3), [0.123456], digits: digits) == [text])
    #expect(shown(.fixed(3), [0.123456], digits: digits) == [text])
    #expect(shown(.significant(3), [0.5], digits: 99) == ["0.50000000000000000"])
  }

  @Test("bounds of an interval are rounded outwards")
  func intervals() {
    var report = Report(
      command: "c", version: "v",
      columns: [Column("x", header: "x", format: .significant(2))])
    report.append([.interval(low: 0.0666, high: 0.0994)])
    report.append([.interval(low: 2.9996e-9, high: 3.0004e-9)])
    report.append([.interval(low: 0, high: 0.5)])
    let lines = report.rendered(as: .table).split(separator: "\n").map { $0.drop { $0 == " " } }
    #expect(lines[1] == "0.066…0.10")
    #expect(lines[2] == "2.99960e-09…3.00040e-09")
    #expect(lines[3] == "0…0.50")
  }

  @Test("printed bounds hold the interval at every magnitude and precision")
  func intervalProperty() throws {
    for seed in UInt64(0)..<300 {
      var generator = Numbers(seed: seed)
      let bounds = generator.column().map(abs)
      let (low, high) = (bounds.min() ?? 0, bounds.max() ?? 0)
      for format in [NumberFormat.significant(2), .fixed(1)] {
        for digits in [nil, 1, 3] {
          var report = oneColumn(format, [0.5, low * 1.5])
          report.append([.interval(low: low, high: high)])
          let last = report.rendered(as: .table, digits: digits).split(separator: "\n").last ?? ""
          let parts = last.split(separator: "…").map { $0.drop { $0 == " " } }
          try #require(parts.count == 2)
          let (printedLow, printedHigh) = (Double(parts[0]) ?? .nan, Double(parts[1]) ?? .nan)
          #expect(printedLow <= low && printedHigh >= high, "\(low) \(high): \(last)")
        }
      }
    }
  }

  @Test("any two rows differ in print, and no row is off by more than its last digit")
  func property() {
    for seed in UInt64(0)..<200 {
      var generator = Numbers(seed: seed)
      let values = generator.column()
      for format in [NumberFormat.significant(3), .fixed(2)] {
        let texts = shown(format, values)
        for (i, a) in values.enumerated() {
          for (j, b) in values.enumerated() where a != b {
            // Fewer than 17 digits apart: that is all there is.
            guard abs(a - b) > max(abs(a), abs(b)) * 1e-14 else { continue }
            let printed = abs((Double(texts[i]) ?? .nan) - (Double(texts[j]) ?? .nan))
            #expect(abs(printed - abs(a - b)) <= abs(a - b) * 0.11, "\(a) \(b): \(texts)")
          }
        }
      }
    }
  }
}

/// Columns of numbers that lie close together and far apart.
private struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 2 &+ 1 }

  /// A multiplicative congruential generator (L'Ecuyer 1999); its high bits are good enough here.
  mutating func next() -> UInt64 {
    state = state &* 0xD134_2543_DE82_EF95 &+ 1
    return state ^ state >> 32
  }

  mutating func column() -> [Double] {
    let scale: Double = [1, 1e-3, 1e-9, 1e3, 1e12].randomElement(using: &self) ?? 1
    let spread: Double = [1, 1e-2, 1e-6].randomElement(using: &self) ?? 1
    let center = Double.random(in: -1...1, using: &self)
    return (0..<Int.random(in: 1...12, using: &self)).map { _ in
      scale * (center + spread * Double.random(in: -1...1, using: &self))
    }
  }
}

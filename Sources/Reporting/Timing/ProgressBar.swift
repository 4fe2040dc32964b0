/// A line on a terminal that shows how far a long computation is.
///
/// Nothing appears within the first second and never where there is no terminal. The bar reads no
/// clock and knows no file: the caller passes the time and a closure that writes.
public struct ProgressBar {
  /// Shorter computations show no bar.
  static let delay = 1.0
  /// Seconds between two changes of the line: often enough to look alive.
  static let interval = 0.1
  private static let barWidth = 24

  private let label: String
  private let total: Int
  private let unit: String
  private let start: Double
  private let write: ((String) -> Void)?
  /// When the line was last written, nil while there is none.
  private var lastWritten: Double?
  private var completed = 0

  /// A bar that has not begun.
  ///
  /// - Parameters:
  ///   - label: what is computed.
  ///   - total: the number of steps.
  ///   - unit: the plural of a step: `batches`.
  ///   - isTerminal: whether `write` reaches a terminal that can go back to the start of a line.
  ///   - time: the time now, in seconds since any moment.
  ///   - write: writes a text to the standard error.
  public init(
    _ label: String, total: Int, unit: String, isTerminal: Bool, at time: Double,
    write: @escaping (String) -> Void
  ) {
    self.label = label
    self.total = max(total, 0)
    self.unit = unit
    self.start = time
    self.write = isTerminal ? write : nil
  }

  /// Tells that so many steps are done altogether at a time.
  public mutating func update(completed: Int, at time: Double) {
    self.completed = max(0, min(completed, total))
    guard let write, time - start >= Self.delay else { return }
    if let lastWritten, time - lastWritten < Self.interval, self.completed < total { return }
    lastWritten = time
    // Erasing the rest of the line after the text does not flicker.
    write("\r" + line(at: time) + "\u{1B}[K")
  }

  /// Removes the line, if there is one.
  public mutating func finish() {
    guard let write, lastWritten != nil else { return }
    lastWritten = nil
    write("\r\u{1B}[K")
  }

  /// `training  [######------]  50 %  1,200 of 2,400 batches  310 batches/s  4 s left`
  func line(at time: Double) -> String {
    let share = total > 0 ? Double(completed) / Double(total) : 1
    let filled = Int(share * Double(Self.barWidth))
    let bar =
      String(repeating: "#", count: filled)
      + String(repeating: "-", count: Self.barWidth - filled)
    var parts = [
      label, "[\(bar)]", NumberText.fixed((share * 100).rounded(.down), decimals: 0) + " %",
      "\(NumberText.grouped(completed)) of \(NumberText.grouped(total)) \(unit)",
    ]
    let elapsed = time - start
    if completed > 0, elapsed > 0 {
      let rate = Double(completed) / elapsed
      parts.append("\(NumberText.significant(rate, digits: 3)) \(unit)/s")
      parts.append(Self.duration(Double(total - completed) / rate) + " left")
    }
    return parts.joined(separator: "  ")
  }

  /// Whole seconds as `42 s`, `3 min 05 s` or `2 h 07 min`.
  private static func duration(_ seconds: Double) -> String {
    // Beyond this an estimate means nothing, and `Int` has its limits.
    let whole = Int(min(seconds, 359_999).rounded(.up))
    func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return switch whole {
    case ..<60: "\(whole) s"
    case ..<3600: "\(whole / 60) min \(twoDigits(whole % 60)) s"
    default: "\(whole / 3600) h \(twoDigits(whole % 3600 / 60)) min"
    }
  }
}

import FileFormats
import Networks
import Tensors

/// From the targets of a file to classes or numbers.
enum TargetAssignment {
  /// Integers beyond this are no longer told apart.
  private static let largestLabel = 0x1p53
  /// More classes than this are counted in one phrase.
  private static let listedClasses = 12

  /// The targets for a new model, or for one that exists.
  ///
  /// - Parameters:
  ///   - part: the targets.
  ///   - task: what the user wants them to be.
  ///   - model: decides in the user's stead.
  ///   - notes: gets the task where it was found out, and how many samples each class has.
  /// - Throws: `FormatError.badData`.
  static func targets<Element: Scalar>(
    _ part: TargetPart<Element>, task: TaskChoice, model: ModelDemands?, notes: inout [String]
  ) throws(FormatError) -> LabelledTargets<Element> {
    if let model { return try targets(part, of: model) }
    switch part {
    case .rows(let rows):
      guard task != .classification else { throw oneLabelNeeded(rows) }
      if task == .auto {
        notes.append("task = regression (\(rows.columns) targets per sample)")
      }
      return .values(rows)
    case .cells(let cells):
      let kind = kind(of: cells)
      let isClasses = task == .auto ? kind.isClasses : task == .classification
      if task == .auto {
        notes.append("task = \(isClasses ? "classification" : "regression") (\(kind.reason))")
      }
      guard isClasses else { return .values(try values(cells)) }
      let (classes, map) = try classes(cells)
      guard map.count > 1 else {
        throw FormatError(
          .badData,
          "all targets are '\(TextQuote.short(map.labels[0]))': one class leaves nothing to learn")
      }
      notes.append(countsNote(map, classes))
      return .classes(classes, map)
    }
  }

  private static func oneLabelNeeded(_ rows: Tensor<some Scalar>) -> FormatError {
    FormatError(
      .badData, "classes need one label per sample (found targets of shape \(rows.shape))")
  }

  private static func kind(of cells: TargetCells) -> TargetKind {
    switch cells {
    case .numbers(let numbers): TargetKind(numbers)
    case .words(_, let texts): TargetKind(wordsOf: texts.count)
    }
  }

  // MARK: Numbers

  private static func values<Element: Scalar>(
    _ cells: TargetCells
  ) throws(FormatError) -> Tensor<Element> {
    switch cells {
    case .words(_, let texts):
      throw FormatError(
        .badData, "the target '\(TextQuote.short(texts[0]))' is not a number")
    case .numbers(let numbers):
      if let row = numbers.firstIndex(where: { !Element($0).isFinite }) {
        throw FormatError(
          .badData, "the target \(numbers[row]) of sample \(row) exceeds the largest f32 number")
      }
      return Tensor([numbers.count, 1], numbers.map { Element($0) })
    }
  }

  // MARK: Classes

  private static func classes(
    _ cells: TargetCells
  ) throws(FormatError) -> (classes: [Int32], ClassMap) {
    switch cells {
    case .words(let indices, let texts):
      let (map, classes) = ClassMap.fitted(indices, texts: texts)
      return (classes, map)
    case .numbers(let numbers):
      if let row = numbers.firstIndex(where: { abs($0) > largestLabel }) {
        throw FormatError(
          .badData, "the label \(numbers[row]) of sample \(row) is out of range (beyond 2^53)")
      }
      let (map, classes) = ClassMap.fitted(numbers)
      return (classes, map)
    }
  }

  private static func countsNote(_ map: ClassMap, _ classes: [Int32]) -> String {
    let counts = map.counts(classes)
    if counts.count > listedClasses, let least = counts.min(), let most = counts.max() {
      return "classes: \(counts.count), of \(least) to \(most) samples each"
    }
    let shown = zip(map.labels, counts).map { "\(TextQuote.short($0, longest: 20)): \($1)" }
    return "classes: \(shown.joined(separator: ", "))"
  }

  // MARK: A model's

  private static func targets<Element: Scalar>(
    _ part: TargetPart<Element>, of model: ModelDemands
  ) throws(FormatError) -> LabelledTargets<Element> {
    switch (part, model.classes) {
    case (.rows(let rows), .some): throw oneLabelNeeded(rows)
    case (.rows(let rows), nil): return .values(try fitting(rows, model))
    case (.cells(let cells), nil): return .values(try fitting(values(cells), model))
    case (.cells(.numbers(let numbers)), let map?):
      return .classes(
        try classes(numbers.count, map, { map.index(of: numbers[$0]) }) {
          ClassMap.text(numbers[$0])
        }, map)
    case (.cells(.words(let indices, let texts)), let map?):
      let known = texts.map { map.index(of: $0) }
      return .classes(
        try classes(indices.count, map, { known[Int(indices[$0])] }) { texts[Int(indices[$0])] },
        map)
    }
  }

  private static func fitting<Element: Scalar>(
    _ rows: Tensor<Element>, _ model: ModelDemands
  ) throws(FormatError) -> Tensor<Element> {
    guard rows.columns == model.outputs else {
      throw FormatError(
        .badData,
        "the targets do not fit the model (found \(rows.columns) per sample, "
          + "expected \(model.outputs))")
    }
    return rows
  }

  private static func classes(
    _ count: Int, _ map: ClassMap, _ place: (Int) -> Int32?, label: (Int) -> String
  ) throws(FormatError) -> [Int32] {
    var classes: [Int32] = []
    classes.reserveCapacity(count)
    for row in 0..<count {
      guard let index = place(row) else {
        let known = map.labels.prefix(listedClasses).map { TextQuote.short($0, longest: 20) }
        let rest = map.count > listedClasses ? ", …" : ""
        throw FormatError(
          .badData,
          "the label '\(TextQuote.short(label(row)))' of sample \(row) is none of the model's "
            + "classes (\(known.joined(separator: ", "))\(rest))")
      }
      classes.append(index)
    }
    return classes
  }
}

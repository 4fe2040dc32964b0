/// What subscripts say, before any array is known: `ij,jk->ik`.
///
/// Operands are separated by commas, so that the empty text is one operand without axes and `,->`
/// two; after `->` stands the output. A label is one Unicode letter, `...` the axes that no label
/// names. Spaces and tabs mean nothing, but must not divide `...` or `->`. A label may be repeated,
/// in the output as well: `i->ii` writes a diagonal.
public struct Subscripts: Sendable, Hashable {
  /// One letter or ellipsis and where it stands.
  public struct Item: Sendable, Hashable {
    /// What stands there.
    public enum Kind: Sendable, Hashable {
      /// The label of one axis.
      case label(Unicode.Scalar)
      /// `...`, any number of axes.
      case ellipsis
    }

    /// What stands there.
    public let kind: Kind
    /// The offset in Unicode scalars of the text.
    public let position: Int

    /// The letter; nil for an ellipsis.
    public var label: Unicode.Scalar? {
      if case .label(let scalar) = kind { scalar } else { nil }
    }
  }

  /// The items of one operand or of the output and where they begin.
  public struct Term: Sendable, Hashable {
    /// The letters and the ellipsis in their order.
    public let items: [Item]
    /// The offset of the first item; of an empty term the place where it would stand.
    public let position: Int

    /// The position of the ellipsis; nil without one.
    public var ellipsisPosition: Int? { items.first { $0.kind == .ellipsis }?.position }
    /// The number of letters.
    public var labelCount: Int { items.count - (ellipsisPosition == nil ? 0 : 1) }
  }

  /// The text that was parsed, spaces included.
  public let text: String
  /// The operands, at least one.
  public let operands: [Term]
  /// What stands after `->`; nil without `->`.
  public let explicitOutput: Term?

  /// The most Unicode scalars that a text may have.
  public static let lengthLimit = 65_536
  /// The most operands that a text may have.
  public static let operandLimit = 1_024

  /// Reads subscripts.
  ///
  /// - Throws: `SubscriptError` with the place of the first offence.
  public init(parsing text: String) throws(SubscriptError) {
    var reader = SubscriptsReader(text)
    (operands, explicitOutput) = try reader.read()
    self.text = text
    try checkOutput()
  }

  /// The items of the result: the output that is written, or the one that its lack implies.
  ///
  /// That is, as in NumPy, an ellipsis if any operand has one, then the labels that occur exactly
  /// once, in the order of their Unicode values (`B` before `a` before `α`). Each implied item has the
  /// position of the operand's item that it comes from.
  public var output: [Item] {
    if let explicitOutput { return explicitOutput.items }
    var single: [Unicode.Scalar: Int] = [:]
    var repeated: Set<Unicode.Scalar> = []
    var implied: [Item] = []
    for item in operands.lazy.flatMap(\.items) {
      guard let label = item.label else {
        if implied.isEmpty { implied.append(item) }
        continue
      }
      if repeated.contains(label) { continue }
      if single.updateValue(item.position, forKey: label) != nil {
        single[label] = nil
        repeated.insert(label)
      }
    }
    for (label, position) in single.sorted(by: { $0.key < $1.key }) {
      implied.append(Item(kind: .label(label), position: position))
    }
    return implied
  }

  /// Every item of the output must stand in an operand.
  private func checkOutput() throws(SubscriptError) {
    guard let explicitOutput else { return }
    let known = Set(operands.lazy.flatMap(\.items).map(\.kind))
    for item in explicitOutput.items where !known.contains(item.kind) {
      throw SubscriptError(
        text: text, position: item.position,
        message: item.label.map { "the output's label \($0.quoted) is in no operand" }
          ?? "the output has an ellipsis but no operand has one")
    }
  }
}

/// The members of a JSON object in their order, each key once.
///
/// Looking a key up takes constant time. Keys are compared scalar by scalar, as JSON does, not by
/// Swift's canonical equivalence: a precomposed and a decomposed `é` are two keys.
public struct JSONObject: Sendable {
  /// One key with its value.
  public struct Member: Sendable, Equatable {
    /// The name of the member.
    public let key: String
    /// What stands under the name.
    public let value: JSONValue

    /// A member of a name and a value.
    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }

    /// Keys are equal when their scalars are.
    public static func == (a: Member, b: Member) -> Bool {
      a.key.utf8.elementsEqual(b.key.utf8) && a.value == b.value
    }
  }

  /// The members in the order in which they were added.
  public private(set) var members: [Member] = []
  private var positions: [ScalarKey: Int] = [:]

  /// An object without members.
  public init() {}

  /// The value under `key`, or nil when there is none.
  public subscript(key: String) -> JSONValue? {
    positions[ScalarKey(text: key)].map { members[$0].value }
  }

  /// The number of members.
  public var count: Int { members.count }

  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }

  /// Adds a member at the end; a key that is already there traps.
  public mutating func append(_ key: String, _ value: JSONValue) {
    let added = appendIfNew(key, value)
    precondition(added, "the JSON key \(key) stands twice in an object")
  }

  /// Adds a member at the end unless the key is already there; tells whether it was added.
  mutating func appendIfNew(_ key: String, _ value: JSONValue) -> Bool {
    let name = ScalarKey(text: key)
    guard positions[name] == nil else { return false }
    positions[name] = members.count
    members.append(Member(key: key, value: value))
    return true
  }
}

extension JSONObject: Equatable {
  /// Objects are equal when they have the same members in the same order.
  public static func == (a: JSONObject, b: JSONObject) -> Bool { a.members == b.members }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// The members as written; a repeated key traps.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (key, value) in elements { append(key, value) }
  }
}

/// A key that equals another only when the scalars do.
private struct ScalarKey: Hashable, Sendable {
  let text: String

  static func == (a: ScalarKey, b: ScalarKey) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

public import Tensors

/// An array with the name it has inside its file.
public struct NamedArray: Sendable, Equatable {
  /// The name: without `.npy` in a `.npz`, the tensor's name in a safetensors file.
  public var name: String
  /// The array itself.
  public var array: StoredArray

  /// An array under a name.
  public init(_ name: String, _ array: StoredArray) {
    self.name = name
    self.array = array
  }
}

/// NumPy's `.npz` files: zip archives of `.npy` files.
public struct NpzFile: Sendable {
  private let archive: ZipArchive
  private let members: [(name: String, entry: ZipEntry)]

  /// Reads the directory alone; arrays are unpacked on demand.
  ///
  /// Entries that are not `.npy` files are passed over, as they are no arrays.
  ///
  /// - Throws: `FormatError.badData` for a damaged archive, encrypted or overlapping entries,
  ///   a name that stands twice.
  public init(_ bytes: ArraySlice<UInt8>) throws(FormatError) {
    archive = try ZipArchive(bytes)
    members = archive.entries.compactMap { entry in
      entry.name.hasSuffix(".npy") ? (String(entry.name.dropLast(4)), entry) : nil
    }
  }

  /// The arrays' names in the file's order, without `.npy`.
  public var names: [String] { members.map(\.name) }

  /// Unpacks the array `name`, which may be given with or without `.npy`.
  ///
  /// A stored little-endian array in C order is a slice of the file.
  ///
  /// - Throws: `FormatError.usage`, listing the names, when there is no such array;
  ///   `.badData` when it is damaged; `.resourceLimit` beyond the budget.
  public func array(_ name: String, budget: MemoryBudget) throws(FormatError) -> StoredArray {
    let member =
      members.first { $0.name == name } ?? members.first { $0.entry.name == name }
    guard let member else { throw .noMember(name, among: names) }
    return try read(member, budget: budget)
  }

  /// Unpacks every array, in the file's order.
  public func arrays(budget: MemoryBudget) throws(FormatError) -> [NamedArray] {
    var result: [NamedArray] = []
    for member in members {
      result.append(NamedArray(member.name, try read(member, budget: budget)))
    }
    return result
  }

  private func read(
    _ member: (name: String, entry: ZipEntry), budget: MemoryBudget
  ) throws(FormatError) -> StoredArray {
    do {
      let bytes = try archive.contents(of: member.entry, budget: budget)
      return try Npy.decode(bytes, budget: budget)
    } catch {
      throw error.inside("array '\(TextQuote.short(member.name))'")
    }
  }

  /// A `.npz` file with stored entries and fixed dates; the arrays' bytes are not copied.
  ///
  /// - Throws: `FormatError.usage` for a name that stands twice, is empty or too long.
  public static func encode(_ arrays: [NamedArray]) throws(FormatError) -> FileContent {
    var writer = ZipWriter()
    var names: Set<String> = []
    for item in arrays {
      let name = item.name + ".npy"
      guard !item.name.isEmpty, name.utf8.count <= Int(UInt16.max), names.insert(name).inserted
      else {
        throw FormatError(
          .usage,
          "a .npz file cannot hold an array of the name '\(TextQuote.short(item.name))' "
            + "(empty, too long or used twice)")
      }
      writer.add(name, try Npy.encode(item.array))
    }
    return writer.finish()
  }
}

extension FormatError {
  /// The caller named an array that the file does not hold.
  static func noMember(_ name: String, among names: [String]) -> FormatError {
    FormatError(
      .usage, "the file holds no array '\(TextQuote.short(name))' (\(listing(names)))")
  }

  /// The file holds several arrays and the caller named none.
  static func memberNeeded(among names: [String]) -> FormatError {
    FormatError(
      .usage, "the file holds \(names.count) arrays (\(listing(names)))",
      hint: names.first.map { "name one: FILE:\(TextQuote.short($0))" })
  }

  private static func listing(_ names: [String]) -> String {
    let shown = names.prefix(20).map { TextQuote.short($0) }.joined(separator: ", ")
    return names.isEmpty ? "it holds none" : names.count > 20 ? "\(shown), …" : shown
  }
}

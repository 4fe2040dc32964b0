/// The file formats that are read and, but for IDX, written, by the names of `--input-format`.
public enum FileFormat: String, CaseIterable, Sendable {
  case npy, npz, csv, tsv, txt, mtx, idx, safetensors, png

  /// The format that a file name's suffix promises, in any case; nil for an unknown suffix.
  ///
  /// IDX files are named `images.idx` or, as those of MNIST, `images-idx3-ubyte`.
  public init?(suffixOf path: String) {
    if Self.isNamedAsMNIST(path) {
      self = .idx
    } else {
      guard let suffix = Self.suffix(of: path) else { return nil }
      self.init(suffix: suffix)
    }
  }

  /// Whether the name ends in `idx`, the number of axes, a dash and the type's name in C.
  private static func isNamedAsMNIST(_ path: String) -> Bool {
    let words = path.split(separator: "/").last?.lowercased().split { "-.".contains($0) } ?? []
    guard words.count > 1, let type = words.last, let axes = words.dropLast().last else {
      return false
    }
    return ["ubyte", "byte", "short", "int", "float", "double"].contains(type)
      && axes.hasPrefix("idx") && axes.count == 4 && axes.last?.isWholeNumber == true
  }

  private init?(suffix: String) {
    switch suffix {
    case "dat": self = .txt
    default: self.init(rawValue: suffix)
    }
  }

  /// Whether the content is bytes that would disturb a terminal.
  public var isBinary: Bool {
    switch self {
    case .npy, .npz, .idx, .safetensors, .png: true
    case .csv, .tsv, .txt, .mtx: false
    }
  }

  /// Whether files of the format are written as well as read.
  public var isWritten: Bool { self != .idx }

  /// Whether several named arrays fit into one file.
  public var holdsSeveralArrays: Bool { self == .npz || self == .safetensors }

  /// The part of the name behind its last point, in lower case; nil when there is none.
  public static func suffix(of path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    guard let point = name.lastIndex(of: "."), point != name.startIndex else { return nil }
    return name[name.index(after: point)...].lowercased()
  }
}

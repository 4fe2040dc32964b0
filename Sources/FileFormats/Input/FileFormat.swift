/// The file formats that are read and written, by the names of `--input-format`.
public enum FileFormat: String, CaseIterable, Sendable {
  case npy, npz, csv, tsv, txt, mtx, safetensors, png

  /// The format that a file name's suffix promises, in any case; nil for an unknown suffix.
  public init?(suffixOf path: String) {
    guard let suffix = Self.suffix(of: path) else { return nil }
    self.init(suffix: suffix)
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
    case .npy, .npz, .safetensors, .png: true
    case .csv, .tsv, .txt, .mtx: false
    }
  }

  /// Whether several named arrays fit into one file.
  public var holdsSeveralArrays: Bool { self == .npz || self == .safetensors }

  /// The part of the name behind its last point, in lower case; nil when there is none.
  public static func suffix(of path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    guard let point = name.lastIndex(of: "."), point != name.startIndex else { return nil }
    return name[name.index(after: point)...].lowercased()
  }
}

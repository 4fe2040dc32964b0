import Glibc

/// Finds what `swift build` put beside the running tests.
enum BuiltProducts {
  /// The places where an executable of the package may be, the most trustworthy first.
  static func candidates(for name: String) -> [String] {
    if let named = getenv("LINALG_BINARY").map({ String(cString: $0) }), !named.isEmpty {
      return [named]
    }
    let folders = mappedFiles().filter { $0.contains(".xctest") }.map(folderOfBundle)
    let standard = ["release", "debug"].map { PackageFiles.root + "/.build/" + $0 }
    return unique(folders + standard).map { $0 + "/" + name }
  }

  /// The files mapped into this process. The test bundle is one of them, whether it is the
  /// executable itself or was loaded by SwiftPM's helper.
  private static func mappedFiles() -> [String] {
    guard let bytes = try? PackageFiles.read("/proc/self/maps") else { return [] }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return unique(lines.compactMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } })
  }

  /// The folder that holds a test bundle, from the path of the bundle or of a file in it.
  private static func folderOfBundle(_ path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let bundle = parts.firstIndex { $0.contains(".xctest") } ?? parts.endIndex
    return parts[..<bundle].joined(separator: "/")
  }

  private static func unique(_ paths: [String]) -> [String] {
    var seen: Set<String> = []
    return paths.filter { seen.insert($0).inserted }
  }
}

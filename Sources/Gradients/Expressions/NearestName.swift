/// What someone who mistyped a name may have meant.
enum NearestName {
  /// Longer names are not compared: the distance costs the product of both lengths.
  private static let longest = 64

  /// The known name with the fewest edits between, if they are few for its length; the first of
  /// several by the alphabet.
  static func find(_ name: String, among known: some Sequence<String>) -> String? {
    let wanted = Array(name)
    guard wanted.count <= longest else { return nil }
    let allowed = max(1, wanted.count / 3)
    let found = Set(known).filter { $0 != name }.map { (distance(wanted, Array($0)), $0) }
    let nearest = found.min { $0 < $1 }
    return nearest.flatMap { $0.0 <= allowed && $0.0 < wanted.count ? $0.1 : nil }
  }

  /// `; did you mean 'x'?`, or nothing.
  static func hint(_ name: String, among known: some Sequence<String>) -> String {
    find(name, among: known).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// Insertions, removals, replacements and exchanges of neighbours (Damerau 1964).
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    guard b.count <= longest else { return .max }
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }
}

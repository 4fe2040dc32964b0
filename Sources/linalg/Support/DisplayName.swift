/// A path as it may stand in a result: never absolute.
func displayName(_ path: String) -> String {
  guard path.hasPrefix("/"), let last = path.split(separator: "/").last else { return path }
  return String(last)
}

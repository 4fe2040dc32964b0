import Glibc
import TestSupport
import Testing

@testable import Gradients

/// The table against the files that define operations.
struct OperationDefinitionsTests {
  private static let folder = PackageFiles.path("Sources/Gradients/Operations/Definitions")

  /// The names of the Swift files in the folder.
  private static func fileNames() throws -> [String] {
    let directory = try #require(opendir(folder))
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".swift") { names.append(name) }
    }
    return names.sorted()
  }

  /// The types that a source declares as operations.
  private static func declared(in source: String) -> [String] {
    source.split(separator: "\n").compactMap { line in
      let declaration = line.split(separator: ":", maxSplits: 1)
      guard declaration.count == 2, declaration[0].contains("struct "),
        declaration[1].split(whereSeparator: { " ,{".contains($0) }).contains("Operation")
      else { return nil }
      return declaration[0].split(separator: " ").last.map(String.init)
    }
  }

  @Test("every operation that is defined stands in the table")
  func complete() throws {
    let known = Set(OperationTable.standard.operations.map { String(describing: type(of: $0)) })
    var defined: [String] = []
    for name in try Self.fileNames() {
      let source = String(
        decoding: try PackageFiles.read("\(Self.folder)/\(name)"), as: UTF8.self)
      let types = Self.declared(in: source)
      #expect(!types.isEmpty, "\(name) defines no operation")
      for type in types { #expect(known.contains(type), "\(name): \(type) is not in the table") }
      defined += types
    }
    #expect(known.isSubset(of: defined), "\(known.subtracting(defined)) are defined elsewhere")
  }

  @Test("declarations are recognised")
  func declarations() {
    let source = """
      struct A: Operation {
      public struct B: Sendable, Operation {
      struct C: OperationLike {
      let d: Operation
      """
    #expect(Self.declared(in: source) == ["A", "B"])
  }
}

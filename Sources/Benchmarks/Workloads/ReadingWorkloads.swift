import FileFormats
import Reporting
import Tensors

/// Reading a `.npy` file of 128 MiB and adding its numbers up.
struct NpyWorkload: Workload {
  private let size = 4096

  var name: String { "read/npy-128MiB/f64" }
  var dtype: String? { "f64" }
  var shape: [Int] { [size, size] }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let numbers = RandomSource(seed: 2).normal(Shape(shape), as: Double.self)
    return try readingContest(numbers, file: "numbers.npy", peers: ["numpy.load"], in: context)
  }
}

/// Reading a CSV file of about 20 MB and adding its numbers up.
struct CSVWorkload: Workload {
  private let rows = 52_000
  private let columns = 20

  var name: String { "read/csv-20MB/f64" }
  var dtype: String? { "f64" }
  var shape: [Int] { [rows, columns] }

  func contest(in context: BenchContext) throws(BenchError) -> Contest {
    let numbers = RandomSource(seed: 3).normal(Shape(shape), as: Double.self)
    return try readingContest(
      numbers, file: "numbers.csv", peers: ["numpy.loadtxt", "numpy.genfromtxt"], in: context)
  }
}

/// Ours and the peers on one file of numbers; the sum shows that everybody has read them all.
private func readingContest(
  _ numbers: Tensor<Double>, file: String, peers names: [String], in context: BenchContext
) throws(BenchError) -> Contest {
  let path = try context.files.write(StoredArray(numbers), to: file)
  let expected = numbers.sum()
  // The numbers are read back exactly; the order of summation is everyone's own.
  let tolerance = Double.epsilon * numbers.mapped { $0.magnitude }.sum()
  func judged(_ sum: Double) throws(BenchError) -> Figures {
    let difference = (sum - expected).magnitude
    guard difference <= tolerance else { throw .wrong("the sum is \(sum), not \(expected)") }
    return Figures(maxAbsError: difference)
  }
  let ours = Contestant.ours(
    verify: { () throws(BenchError) in try judged(try sum(ofNumbersIn: path)) },
    call: { () throws(BenchError) in blackHole(try sum(ofNumbersIn: path)) })
  guard let peers = context.peers else { return Contest(ours: ours) }
  return Contest(
    ours: ours,
    peers: names.map { name in
      peers.contestant(name, inputs: ["a": path]) { (answer) throws(BenchError) in
        try judged(answer["sum"]?.numberValue ?? .nan)
      }
    })
}

private func sum(ofNumbersIn path: String) throws(BenchError) -> Double {
  let file = try onFile(path) { () throws(FormatError) in
    try LoadedFile.load(path, options: ReadOptions(budget: .system()))
  }
  guard case .array(let array) = file.content else { throw .wrong("\(path) holds no array") }
  return array.tensor(as: Double.self).sum()
}

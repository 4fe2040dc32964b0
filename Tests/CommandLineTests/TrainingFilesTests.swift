import FileFormats
import Networks
import Tensors
import TestSupport
import Testing

@testable import linalg

/// Data sets from files, as `train-mlp` reads them.
@Suite("Training files")
struct TrainingFilesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load<Element: Scalar>(
    _ inputs: String, labels: String? = nil, target: String? = nil, task: TaskChoice = .auto,
    model: ModelDemands? = nil, as type: Element.Type = Float.self,
    budget: MemoryBudget = .unlimited()
  ) throws -> TrainingData<Element> {
    try files(inputs, labels, target, task).load(
      as: Element.self, for: model, budget: budget, console: Console(command: "t", quiet: true))
  }

  private func files(
    _ inputs: String, _ labels: String?, _ target: String?, _ task: TaskChoice
  ) throws -> TrainingFiles {
    TrainingFiles(
      inputs: path(inputs), labels: labels.map(path), target: target.map { TargetColumn($0) },
      task: task, reading: try ReadingOptions.parse([]))
  }

  /// The path of a file, an array's name behind a colon kept.
  private func path(_ name: String) -> String { folder.path(name) }

  private func expectRefusal(
    status: Int32, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
  ) {
    do {
      try body()
      Issue.record("no failure", sourceLocation: sourceLocation)
    } catch let failure as Failure {
      #expect(linalg.ExitStatus(failure).rawValue == status, sourceLocation: sourceLocation)
      let text = failure.messages.joined(separator: "\n")
      for word in words {
        #expect(text.contains(word), "\(text)", sourceLocation: sourceLocation)
      }
      #expect(failure.messages.count == 1, "\(text)", sourceLocation: sourceLocation)
    } catch {
      Issue.record("\(error)", sourceLocation: sourceLocation)
    }
  }

  private func write(_ values: [Double], _ shape: Shape, to name: String) throws {
    try folder.write(Npy.encode(StoredArray(Tensor(shape, values))).joined, to: name)
  }

  private func classes(_ data: LabelledData<Float>) -> [Int32]? {
    guard case .classes(let classes, _) = data.targets else { return nil }
    return classes
  }

  private func labels(_ data: LabelledData<Float>) -> [String]? {
    guard case .classes(_, let map) = data.targets else { return nil }
    return map.labels
  }

  // MARK: Tables

  @Test("words in the last column")
  func words() throws {
    try folder.write("a,b,arm\n1,2,right\n3,4,left\n5,6,right\n", to: "t.csv")
    let read: TrainingData<Float> = try load("t.csv")
    #expect(read.data.inputs == Tensor([3, 2], [1, 2, 3, 4, 5, 6]))
    #expect(read.data.featureNames == ["a", "b"])
    #expect(labels(read.data) == ["left", "right"] && classes(read.data) == [1, 0, 1])
    #expect(
      read.notes == [
        "target = 'arm' (last column)", "task = classification (words, 2 classes)",
        "classes: left: 1, right: 2",
      ])
  }

  @Test("integers are classes, other numbers are not, and the user may say so")
  func numbers() throws {
    try folder.write("1,2,0\n3,4,7\n5,6,0\n", to: "i.csv")
    let integers: TrainingData<Float> = try load("i.csv", target: "2")
    #expect(labels(integers.data) == ["0", "7"] && classes(integers.data) == [0, 1, 0])
    #expect(
      integers.notes == [
        "target = column 2", "task = classification (integers, 2 classes)", "classes: 0: 2, 7: 1",
      ])
    let forced: TrainingData<Float> = try load("i.csv", task: .regression)
    #expect(forced.data.targets == .values(Tensor([3, 1], [0, 7, 0])))
    #expect(forced.notes == ["target = column 2 (last column)"])
    try folder.write("1,0.5\n3,1.5\n5,0.5\n", to: "r.csv")
    let reals: TrainingData<Float> = try load("r.csv")
    #expect(reals.data.targets == .values(Tensor([3, 1], [0.5, 1.5, 0.5])))
    #expect(reals.notes[1] == "task = regression (numbers that are no integers)")
    let named: TrainingData<Float> = try load("r.csv", task: .classification)
    #expect(labels(named.data) == ["0.5", "1.5"])
    let other: TrainingData<Float> = try load("i.csv", target: "-3", task: .regression)
    #expect(other.data.inputs == Tensor([3, 2], [2, 0, 4, 7, 6, 0]))
  }

  @Test("many classes are counted in one phrase")
  func manyClasses() throws {
    let rows = (0..<60).map { "\($0),\($0 % 15)\n" } + ["1,0\n"]
    try folder.write(rows.joined(), to: "t.csv")
    let read: TrainingData<Float> = try load("t.csv")
    #expect(read.notes.last == "classes: 15, of 4 to 5 samples each")
  }

  @Test("the example is what its script draws: two arms of equal size")
  func spirals() throws {
    let example = PackageFiles.path("examples/train-mlp")
    let drawn = try BinaryRunner(executable: "/bin/sh").run(
      ["-c", "awk -f spirals.awk"], in: example)
    #expect(drawn.status == 0, "\(drawn.error)")
    #expect(try drawn.outputBytes == PackageFiles.read(example + "/spirals.csv"))
    try folder.write(drawn.outputBytes, to: "s.csv")
    let read: TrainingData<Float> = try load("s.csv")
    #expect(read.data.inputs.shape == [1000, 2] && read.data.featureNames == ["x", "y"])
    #expect(read.notes.last == "classes: left: 500, right: 500")
  }

  // MARK: Arrays

  @Test("arrays with labels of their own, in every format that holds them")
  func arrays() throws {
    try write((0..<12).map(Double.init), [3, 2, 2], to: "x.npy")
    try write([2, 0, 2], [3], to: "y.npy")
    try write([2, 0, 2], [3, 1], to: "column.npy")
    try folder.write([0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 2], to: "y-idx1-ubyte")
    try folder.write("2\n0\n2\n", to: "y.csv")
    try folder.write("label\n2\n0\n2\n", to: "named.csv")
    try folder.write(GzipBytes.stored([UInt8]("2\n0\n2\n".utf8)), to: "y.txt.gz")
    for labels in ["y.npy", "column.npy", "y-idx1-ubyte", "y.csv", "named.csv", "y.txt.gz"] {
      let read: TrainingData<Float> = try load("x.npy", labels: labels)
      #expect(read.data.inputs == Tensor([3, 4], (0..<12).map(Float.init)), "\(labels)")
      #expect(classes(read.data) == [1, 0, 1] && self.labels(read.data) == ["0", "2"])
      #expect(read.notes[0] == "inputs of shape 3x2x2 are flattened to 3x4")
    }
    try folder.write("cat\ndog\ncat\n", to: "w.csv")
    let words: TrainingData<Float> = try load("x.npy", labels: "w.csv")
    #expect(self.labels(words.data) == ["cat", "dog"])
    try folder.write("a,b\n1,2\n3,4\n5,6\n", to: "x.csv")
    let table: TrainingData<Float> = try load("x.csv", labels: "w.csv")
    #expect(table.data.inputs.shape == [3, 2] && table.data.featureNames == ["a", "b"])
    try write([1, 2, 3, 4, 5, 6], [3, 2], to: "two.npy")
    let several: TrainingData<Float> = try load("x.npy", labels: "two.npy")
    #expect(several.data.targets == .values(Tensor([3, 2], [1, 2, 3, 4, 5, 6])))
  }

  @Test("archives: x and y, or a matrix and a vector, or names")
  func archives() throws {
    let matrix = StoredArray(Tensor([3, 2], [1, 2, 3, 4, 5, 6] as [Double]))
    let vector = StoredArray(Tensor([3], [1, 0, 1] as [Float]))
    for (name, arrays) in [
      ("a.npz", [NamedArray("x", matrix), NamedArray("y", vector), NamedArray("z", vector)]),
      ("b.npz", [NamedArray("X", matrix), NamedArray("y", vector)]),
      ("c.npz", [NamedArray("labels", vector), NamedArray("pixels", matrix)]),
    ] {
      try folder.write(NpzFile.encode(arrays).joined, to: name)
      let read: TrainingData<Float> = try load(name)
      #expect(read.data.inputs.shape == [3, 2] && classes(read.data) == [1, 0, 1], "\(name)")
      #expect(read.notes[0].hasPrefix("inputs = '"))
    }
    let read: TrainingData<Float> = try load("c.npz:pixels", labels: "c.npz:labels")
    #expect(classes(read.data) == [1, 0, 1])
    let arrays = [NamedArray("a", matrix), NamedArray("b", vector), NamedArray("c", vector)]
    try folder.write(NpzFile.encode(arrays).joined, to: "d.npz")
    expectRefusal(status: 64, "found a, b, c, expected x and y", "--labels FILE:NAME") {
      let _: TrainingData<Float> = try load("d.npz")
    }
  }

  // MARK: Refusals

  @Test("tables that cannot be learnt from")
  func badTables() throws {
    for (text, task, words) in [
      ("1,a\n2,a\n", TaskChoice.auto, "all targets are 'a': one class"),
      ("1,5\n2,5\n", .auto, "all targets are '5': one class"),
      ("1,a\n2,b\n", .regression, "line 1, column 2: 'a' is not a number"),
      ("a\nb\n", .auto, "leaves no features"), ("1,2\n3,NA\n", .auto, "'NA' stands among numbers"),
      ("nan,2\n3,4\n", .auto, "line 1, column 1: nan in the data"),
      ("1,1e39\n3,2\n", .regression, "of sample 0 exceeds the largest f32 number"),
      ("1,1e17\n3,2\n", .classification, "out of range"), ("x,y\n", .auto, "no numbers"),
    ] {
      try folder.write(text, to: "t.csv")
      expectRefusal(status: 65, "t.csv: ", words) {
        let _: TrainingData<Float> = try load("t.csv", task: task)
      }
    }
    try folder.write("a,b\n1,2\n", to: "t.csv")
    expectRefusal(status: 64, "no column is called 'c' (columns: a, b)") {
      let _: TrainingData<Float> = try load("t.csv", target: "c")
    }
    expectRefusal(status: 66, "no such file") {
      let _: TrainingData<Float> = try load("missing.csv")
    }
  }

  @Test("arrays that do not fit together")
  func badArrays() throws {
    try write([1, 2, 3, 4, 5, 6], [3, 2], to: "x.npy")
    try write([0, 1], [2], to: "short.npy")
    try write([0, 1, .nan], [3], to: "nan.npy")
    try write([1, 2, .infinity, 4], [2, 2], to: "inf.npy")
    try write([0, 1, 2], [3], to: "y.npy")
    try write([5], [], to: "scalar.npy")
    try folder.write("1,2\n3,4\n5,6\n", to: "two.csv")
    let cases: [(String, String?, TaskChoice, Int32, String)] = [
      ("x.npy", "short.npy", .auto, 65, "x.npy holds 3 samples, short.npy holds 2 targets"),
      ("x.npy", "nan.npy", .auto, 65, "the number at [2] is not finite"),
      ("inf.npy", "short.npy", .auto, 65, "the number at [1, 0] is not finite"),
      ("x.npy", "x.npy", .classification, 65, "one label per sample"),
      ("x.npy", nil, .auto, 64, "holds no targets; give them by --labels FILE"),
      ("y.npy", "y.npy", .auto, 65, "samples x features (found shape 3)"),
      ("x.npy", "scalar.npy", .auto, 65, "found shape scalar"),
      ("x.npy", "two.csv", .auto, 65, "one column of text (found 2 columns)"),
      ("x.npy", "missing.npy", .auto, 66, "no such file"),
    ]
    for (inputs, labels, task, status, words) in cases {
      expectRefusal(status: status, words) {
        let _: TrainingData<Float> = try load(inputs, labels: labels, task: task)
      }
    }
    expectRefusal(status: 64, "--target is about text tables") {
      let _: TrainingData<Float> = try load("x.npy", target: "1")
    }
    expectRefusal(status: 64, "--target names a column") {
      let _: TrainingData<Float> = try load("two.csv", labels: "y.npy", target: "1")
    }
    expectRefusal(status: 71, "raise --max-memory") {
      let _: TrainingData<Float> = try load(
        "x.npy", labels: "y.npy", budget: MemoryBudget(limit: 150))
    }
  }

  // MARK: A model's data

  @Test("a model's classes and sizes are demanded")
  func model() throws {
    let map = try #require(ClassMap(labels: ["left", "right", "up"]))
    let model = ModelDemands(inputs: 2, classes: map, outputs: 3)
    try folder.write("1,2,up\n3,4,left\n", to: "t.csv")
    let read: TrainingData<Float> = try load("t.csv", model: model)
    #expect(classes(read.data) == [2, 0] && labels(read.data) == map.labels)
    #expect(read.notes == ["target = column 2 (last column)"])
    try folder.write("1,2,up\n3,4,down\n", to: "t.csv")
    expectRefusal(
      status: 65, "the label 'down' of sample 1 is none of the model's classes (left, right"
    ) {
      let _: TrainingData<Float> = try load("t.csv", model: model)
    }
    try folder.write("1,up\n3,left\n", to: "t.csv")
    expectRefusal(status: 65, "found 1 features, the model takes 2") {
      let _: TrainingData<Float> = try load("t.csv", model: model)
    }
    let digits = ModelDemands(inputs: 2, classes: ClassMap(labels: ["0", "1"]), outputs: 2)
    try folder.write("1,2,1\n3,4,1\n", to: "t.csv")
    #expect(try classes(load("t.csv", model: digits).data) == [1, 1])
    try folder.write("1,2,1\n3,4,12\n", to: "t.csv")
    expectRefusal(status: 65, "the label '12' of sample 1") {
      let _: TrainingData<Float> = try load("t.csv", model: digits)
    }
    let regression = ModelDemands(inputs: 2, classes: nil, outputs: 1)
    let values: TrainingData<Float> = try load("t.csv", model: regression)
    #expect(values.data.targets == .values(Tensor([2, 1], [1, 12])))
    let pair = ModelDemands(inputs: 2, classes: nil, outputs: 2)
    expectRefusal(status: 65, "found 1 per sample, expected 2") {
      let _: TrainingData<Float> = try load("t.csv", model: pair)
    }
  }
}

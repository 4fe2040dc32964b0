import FileFormats
import JSONText
import Tensors
import TestSupport
import Testing

/// `train-mlp` on small data: rows, files, requirements.
@Suite("train-mlp")
struct TrainMLPTests {
  private let command: CommandFolder

  init() throws {
    command = try CommandFolder()
    try command.folder.write(Self.blobs(60), to: "blobs.csv")
  }

  /// Three clouds of points with words as labels.
  private static func blobs(_ count: Int, seed: UInt64 = 1) -> String {
    let noise = RandomSource(seed: seed).normal([count, 2], as: Double.self)
    let centers = [(0.0, 4.0, "north"), (4, -3, "east"), (-4, -3, "west")]
    var lines = ["x,y,place"]
    for i in 0..<count {
      let (x, y, name) = centers[i % 3]
      lines.append("\(x + noise[i, 0]),\(y + noise[i, 1]),\(name)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let small = "train-mlp blobs.csv --hidden 8 --lr 0.01 --epochs 8"

  @Test("a row per epoch with the documented keys, a loss that falls, the classes told apart")
  func rows() throws {
    let result = try command.succeed(Self.small + " --validation 0.2 --format json")
    let document = try JSONValue.parse(result.output).objectValue
    let rows = document?["rows"]?.arrayValue?.compactMap(\.objectValue) ?? []
    #expect(rows.count == 8)
    #expect(
      rows[0].keys == [
        "epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate",
        "gradient_norm", "seconds",
      ])
    #expect(rows[7].number("loss") < rows[0].number("loss") / 2)
    #expect(rows[7].number("validation_accuracy") >= 0.9)
    #expect(rows.map { $0.integer("epoch") } == Array(1...8))
    let notes = document?["notes"]?.arrayValue?.compactMap(\.stringValue) ?? []
    #expect(notes.contains("target = 'place' (last column)"))
    #expect(notes.contains("task = classification (words, 3 classes)"))
    #expect(notes.contains("classes: east: 20, north: 20, west: 20"))
    #expect(notes.contains("48 samples are learnt from, 12 validate"))
    #expect(
      notes.contains {
        $0.hasPrefix("the gradient by hand agrees: it differs from reverse mode by")
      })
  }

  @Test("a model is judged as it was when it was written; other labels are refused")
  func evaluation() throws {
    let rows = try command.rows(
      "train-mlp blobs.csv --hidden 8 --lr 0.02 --epochs 40 --validation 0.5 -o m.safetensors")
    try command.folder.write(Self.blobs(30, seed: 2), to: "test.csv")
    let judged = try command.rows("train-mlp test.csv --model m.safetensors --evaluate")
    #expect(judged.count == 1 && judged[0].integer("samples") == 30)
    #expect(judged[0].number("accuracy") >= 0.9 && rows[39].number("validation_accuracy") >= 0.9)
    let line =
      "train-mlp test.csv --model m.safetensors --evaluate --confusion --predictions p.csv"
    let confusion = try command.document(line)
    let table = confusion["rows"]?.arrayValue?.compactMap(\.objectValue) ?? []
    #expect(table.compactMap { $0["class"]?.stringValue } == ["east", "north", "west"])
    for row in table {
      let counts = ["east", "north", "west"].map { row.integer("predicted_\($0)") }
      #expect(counts.reduce(0, +) == 10 && row.integer("samples") == 10)
    }
    let right = table.enumerated().reduce(0) { sum, row in
      sum + row.element.integer("predicted_\(["east", "north", "west"][row.offset])")
    }
    #expect(confusion["summary"]?.objectValue?.number("accuracy") == Double(right) / 30)
    let predictions = String(decoding: try command.folder.read("p.csv"), as: UTF8.self)
      .split(separator: "\n")
    #expect(predictions.count == 31 && predictions[0] == "target,prediction,probability")
    #expect(
      predictions.dropFirst().count { line in
        let cells = line.split(separator: ",")
        return cells[0] == cells[1]
      } == right)
    try command.succeed(line + " --require-accuracy 0.5")
    let strict = try command.run(
      "train-mlp test.csv --model m.safetensors --evaluate --replace layers.1.bias=b.csv"
        + " --require-accuracy 1")
    #expect(strict.status == 66)
    try command.folder.write("1e6\n0\n0\n", to: "b.csv")
    let replaced = try command.run(
      "train-mlp test.csv --model m.safetensors --evaluate --replace layers.1.bias=b.csv"
        + " --require-accuracy 1")
    #expect(replaced.status == 1)
    #expect(replaced.error.contains("--require-accuracy 1.0: test.csv has 0.3333"))
    try command.folder.write("x,y,place\n1,2,south\n", to: "south.csv")
    try command.expectRefusal(
      "train-mlp south.csv --model m.safetensors --evaluate", status: 65, "'south'",
      "none of the model's classes (east, north, west)")
    try command.folder.write("x,place\n1,east\n", to: "thin.csv")
    try command.expectRefusal(
      "train-mlp thin.csv --model m.safetensors --evaluate", status: 65, "found 1 features",
      "takes 2")
  }

  @Test("the model is safetensors with the documented tensors")
  func modelFile() throws {
    try command.succeed(
      "train-mlp blobs.csv --hidden 5,4 --layer-norm --activation gelu --epochs 1"
        + " -o m.safetensors")
    let bytes = try command.folder.read("m.safetensors")
    let file = try SafetensorsFile(bytes[...])
    let shapes = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.array.shape) })
    #expect(
      shapes == [
        "layers.0.weight": [5, 2], "layers.0.bias": [5], "layers.0.norm.weight": [5],
        "layers.0.norm.bias": [5], "layers.1.weight": [4, 5], "layers.1.bias": [4],
        "layers.1.norm.weight": [4], "layers.1.norm.bias": [4], "layers.2.weight": [3, 4],
        "layers.2.bias": [3], "standardization.mean": [2],
        "standardization.inverse_deviation": [2],
      ])
    #expect(file.tensors.allSatisfy { $0.array.dtype == .f32 })
    let description = try JSONValue.parse(file.metadata["mlp"] ?? "").objectValue
    #expect(
      description?["classes"] == .array([.string("east"), .string("north"), .string("west")]))
    #expect(description?["features"] == .array([.string("x"), .string("y")]))
    #expect(description?["hidden"] == .array([.integer(5), .integer(4)]))
    // The bytes are those of the format: a length, a JSON header, the data.
    let length = bytes[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    #expect(try JSONValue.parse(bytes[8..<8 + length]).objectValue?.count == 13)
    try command.succeed("svd-compress m.safetensors:layers.0.weight --rank 1")
    // Again, written over itself from what was read.
    let again = try SafetensorsFile(tensors: file.tensors, metadata: file.metadata).encode()
    #expect(again.joined == bytes)
  }

  @Test("same seed and threads, same bytes; another seed, others", arguments: ["f32", "f64"])
  func repetition(dtype: String) throws {
    let line =
      Self.small + " --dtype \(dtype) --dropout 0.2 --threads 2 --validation 0.2"
      + " --optimizer adamw --weight-decay 0.01 --schedule cosine --warm-up 1 --clip 1"
    try command.succeed(line + " -o a.safetensors")
    try command.succeed(line + " -o b.safetensors")
    try command.succeed(line + " --seed 1 -o c.safetensors")
    let first = try command.folder.read("a.safetensors")
    #expect(try command.folder.read("b.safetensors") == first)
    #expect(try command.folder.read("c.safetensors") != first)
  }

  @Test(
    "a run that was interrupted ends with the same bytes",
    arguments: [
      "--optimizer adam", "--optimizer momentum --patience 3", "--dropout 0.3 --dtype f64",
    ])
  func resumption(options: String) throws {
    let line = "train-mlp blobs.csv --hidden 6 --validation 0.3 --threads 2 \(options)"
    try command.succeed(line + " --epochs 9 -o whole.safetensors")
    try command.succeed(line + " --epochs 4 --checkpoint c.safetensors --checkpoint-every 3")
    let rows = try command.rows(
      "train-mlp blobs.csv --resume c.safetensors --epochs 9 --threads 2 -o resumed.safetensors")
    #expect(
      try command.folder.read("resumed.safetensors") == command.folder.read("whole.safetensors"))
    // Checkpoints were written after epochs 3 and, as the last one, 4.
    #expect(rows.map { $0.integer("epoch") } == Array(5...9))
  }

  @Test("a checkpoint of another network, other data, and a model in its place are refused")
  func strangers() throws {
    try command.succeed(Self.small + " --checkpoint c.safetensors -o m.safetensors")
    let before = try command.folder.read("c.safetensors")
    let resume = "train-mlp blobs.csv --resume c.safetensors"
    try command.expectRefusal(
      resume + " --hidden 9,2", status: 65, "c.safetensors: it was trained with --hidden 8",
      "(found --hidden 9,2)")
    try command.expectRefusal(resume + " --lr 0.5", status: 65, "--lr 0.01", "--lr 0.5")
    try command.folder.write(Self.blobs(60, seed: 9), to: "other.csv")
    try command.expectRefusal(
      "train-mlp other.csv --resume c.safetensors", status: 65, "other data", "digest")
    try command.expectRefusal(
      "train-mlp blobs.csv --resume m.safetensors", status: 65, "a model, no checkpoint")
    try command.expectRefusal(
      "train-mlp blobs.csv --resume blobs.csv", status: 65, "blobs.csv: ")
    try command.folder.write(
      SafetensorsFile(tensors: []).encode().joined, to: "b.safetensors")
    try command.expectRefusal(
      "train-mlp blobs.csv --resume b.safetensors", status: 65, "no model of train-mlp")
    try command.expectRefusal(
      "train-mlp blobs.csv --model none.safetensors --evaluate", status: 66, "none.safetensors")
    #expect(try command.folder.read("c.safetensors") == before)
  }

  @Test("metrics and curves")
  func files() throws {
    try command.succeed(
      Self.small + " --validation 0.2 --metrics m.csv --plot p.svg --table t.json")
    let lines = String(decoding: try command.folder.read("m.csv"), as: UTF8.self)
      .split(separator: "\n")
    #expect(lines.count == 9)
    #expect(
      lines[0]
        == "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,gradient_norm,seconds"
    )
    try command.succeed(Self.small + " --metrics m.jsonl")
    let documents = String(decoding: try command.folder.read("m.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    #expect(documents.count == 8)
    for (place, text) in documents.enumerated() {
      let row = try JSONValue.parse(String(text)).objectValue
      #expect(row?.integer("epoch") == place + 1 && row?["validation_loss"] == .null)
    }
    let plot = String(decoding: try command.folder.read("p.svg"), as: UTF8.self)
    #expect(plot.contains("Loss on blobs.csv") && plot.contains("Accuracy on blobs.csv"))
  }

  @Test("regression: numbers are met, R² says how well")
  func regression() throws {
    let noise = RandomSource(seed: 3).normal([80, 3], as: Double.self)
    let lines = (0..<80).map { i in
      "\(noise[i, 0]),\(noise[i, 1]),\(3 * noise[i, 0] - noise[i, 1] + 0.5 + 0.01 * noise[i, 2])"
    }
    try command.folder.write(lines.joined(separator: "\n"), to: "line.csv")
    let result = try command.succeed(
      "train-mlp line.csv --hidden none --epochs 60 --lr 0.05 -o m.safetensors")
    #expect(result.output.contains("task = regression (numbers that are no integers)"))
    let row = try command.rows(
      "train-mlp line.csv --model m.safetensors --evaluate --predictions p.csv")[0]
    #expect(row.number("r_squared") > 0.999 && row["accuracy"] == .null)
    let text = String(decoding: try command.folder.read("p.csv"), as: UTF8.self)
    #expect(text.hasPrefix("target,prediction\n"))
    try command.expectRefusal(
      "train-mlp line.csv --model m.safetensors --evaluate --confusion", status: 64,
      "about classification")
    try command.expectRefusal(
      "train-mlp line.csv --epochs 1 --validation 0.2 --require-accuracy 0.5", status: 64,
      "this is a regression")
  }

  @Test("IDX files, packed too, with labels of their own")
  func idx() throws {
    // 12 pictures of 2x2: bright above or below.
    var images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 2, 0, 0, 0, 2]
    var labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 12]
    for i in 0..<12 {
      images += i % 2 == 0 ? [200, 210, 3, UInt8(i)] : [UInt8(i), 4, 190, 220]
      labels.append(UInt8(i % 2))
    }
    try command.folder.write(images, to: "images.idx")
    try command.folder.write(labels, to: "labels.idx")
    let result = try command.succeed(
      "train-mlp images.idx --labels labels.idx --epochs 20 --lr 0.05 --validation 0.5"
        + " --require-accuracy 1")
    #expect(result.output.contains("flattened") && result.output.contains("classes: 0: 6, 1: 6"))
    try command.folder.write([0, 0, 8, 1, 0, 0, 0, 2, 0, 1], to: "few.idx")
    try command.expectRefusal(
      "train-mlp images.idx --labels few.idx", status: 65, "images.idx holds 12 samples",
      "few.idx holds 2 targets")
  }

  @Test("a diverging loss ends with status 3 and keeps the last good checkpoint")
  func divergence() throws {
    let result = try command.run(
      "train-mlp blobs.csv --hidden 8 --optimizer sgd --lr 1e30 --epochs 5 --no-standardize"
        + " --checkpoint c.safetensors -o m.safetensors")
    #expect(result.status == 3 && result.error.contains("the loss is not finite in epoch"))
    #expect(!command.folder.list().contains("m.safetensors"))
    try command.succeed("train-mlp blobs.csv --hidden 8 --epochs 1 --checkpoint c.safetensors")
    let good = try command.folder.read("c.safetensors")
    let again = try command.run(
      "train-mlp blobs.csv --hidden 8 --optimizer sgd --lr 1e30 --checkpoint c.safetensors"
        + " --no-standardize")
    #expect(again.status == 3)
    #expect(try command.folder.read("c.safetensors") == good)
  }

  @Test("a network that does not fit: 71, before it is drawn; files that lie: 65")
  func limits() throws {
    for hidden in ["100000000,100000000", "999999999999", "4000000000000000000"] {
      try command.expectRefusal("train-mlp blobs.csv --hidden \(hidden)", status: 71)
    }
    try command.expectRefusal(
      "train-mlp blobs.csv --epochs 9223372036854775807", status: 64, "at most 2^31")
    try command.succeed(Self.small + " -o m.safetensors --checkpoint c.safetensors")
    let good = try SafetensorsFile(command.folder.read("c.safetensors")[...])
    let changes = [
      ("\"hidden\":[8]", "\"hidden\":[-8]"), ("\"hidden\":[8]", "\"hidden\":[9]"),
      ("\"inputs\":2", "\"inputs\":0"), ("\"outputs\":3", "\"outputs\":4"),
      ("\"task\":\"classification\"", "\"task\":7"), ("{", "["),
      ("\"validation\":\"0.0\"", "\"validation\":\"1.5\""),
      ("\"optimizer\":\"adam\"", "\"optimizer\":\"none\""),
    ]
    for (old, new) in changes {
      var file = good
      let text = file.metadata["mlp"] ?? ""
      let place = try #require(text.firstRange(of: old))
      file.metadata["mlp"] =
        String(text[..<place.lowerBound]) + new + String(text[place.upperBound...])
      try command.folder.write(file.encode().joined, to: "bad.safetensors")
      try command.expectRefusal(
        "train-mlp blobs.csv --resume bad.safetensors", status: 65, "bad.safetensors")
      try command.expectRefusal(
        "train-mlp blobs.csv --model bad.safetensors --evaluate", status: 65, "bad.safetensors")
    }
  }

  @Test("what may be said again on resuming, and what may not")
  func resumedOptions() throws {
    try command.succeed(Self.small + " --checkpoint c.safetensors")
    let resume = "train-mlp blobs.csv --resume c.safetensors"
    try command.succeed(resume + " --dropout 0 --weight-decay 0 --validation 0 --epochs 9")
    try command.expectRefusal(resume + " --epochs 7", status: 65, "--epochs 8", "--epochs 7")
    try command.expectRefusal(
      resume + " --no-standardize", status: 65, "no --no-standardize (found --no-standardize)")
    try command.expectRefusal(resume + " --layer-norm", status: 65, "found --layer-norm")
  }

  @Test("parameters that are not finite after the last step are no model")
  func lastStep() throws {
    let result = try command.run(
      "train-mlp blobs.csv --optimizer sgd --lr 1e39 --batch 1000 --epochs 1 -o m.safetensors"
        + " --checkpoint c.safetensors")
    #expect(result.status == 3 && result.error.contains("not finite after epoch 1"))
    #expect(command.folder.list() == ["blobs.csv"])
  }

  @Test("a batch larger than the data is cut, with a note")
  func batch() throws {
    let result = try command.succeed(Self.small + " --batch 500")
    #expect(result.output.contains("note: the batch is 60, all there is (--batch 500)"))
  }

  @Test("a full disk: 74, and the previous file is kept")
  func fullDisk() throws {
    try command.expectRefusal(
      Self.small + " --format csv", status: 74, "standard output", output: .file("/dev/full"))
  }

  @Test(
    "bad data",
    arguments: [
      ("a,b,c\n1,2,u\n3,4,u\n", "", 65, "one class"),
      ("a,b,c\n1,2,u\n3,4\n", "", 65, "line 3"),
      ("a,b,c\n1,2,u\n3,oops,v\n", "", 65, "line 3, column 2: 'oops'"),
      ("a,b,c\n1,2,u\n3,nan,v\n", "", 65, "line 3, column 2"),
      ("a,b,c\n1,2,u\n3,4,v\n", "--target d", 64, "'d'"),
      ("a,b,c\n1,2,u\n3,4,v\n", "--target 7", 64, "7"),
      ("a,b,c\n1,2,u\n3,4,v\n", "--validation 0.01", 65, "the validation part is empty"),
      ("a,b,c\n1,2,u\n3,4,v\n", "--task regression", 65, "line 2"),
      ("a\n1\n2\n", "", 65, "no features"),
      ("", "", 65, "empty"),
    ] as [(String, String, Int, String)])
  func badData(text: String, options: String, status: Int, words: String) throws {
    try command.folder.write(text, to: "bad.csv")
    try command.expectRefusal(
      "train-mlp bad.csv" + (options.isEmpty ? "" : " " + options), status: status, words)
  }

  @Test(
    "usage",
    arguments: [
      ("--hidden 0", "from 1 up"), ("--hidden 8,,8", "or none"), ("--activation sine", "gelu"),
      ("--dropout 1", "below 1"), ("--lr 0", "above 0"), ("--lr nan", "above 0"),
      ("--batch 0", "from 1 up"), ("--optimizer lbfgs", "adamw"), ("--validation 1", "below 1"),
      ("--evaluate", "--evaluate needs --model"), ("--model m", "--resume goes on"),
      ("--confusion", "--confusion is about --evaluate"),
      ("--model m --evaluate --epochs 3", "--epochs is about training"),
      ("--model m --evaluate -o x", "-o is about training"),
      ("--checkpoint-every 2", "about --checkpoint"), ("--metrics m.txt", ".jsonl"),
      ("--plot p.png", ".svg"), ("--require-accuracy 0.9", "needs --validation"),
      ("--patience 3", "needs --validation"), ("--require-accuracy 2", "at most 1"),
      ("--lr 1 --lr 2", "given twice"), ("--patience 3 --validation 0", "needs --validation"),
      ("-o m.npy", "written as .safetensors"), ("--checkpoint -", "a file of its own"),
      ("--checkpoint x -o x", "a file of its own"),
    ])
  func usage(options: String, words: String) throws {
    try command.expectRefusal("train-mlp blobs.csv \(options)", status: 64, words)
  }

  @Test("two spirals are told apart")
  func spirals() throws {
    try command.copy(PackageFiles.path("examples/train-mlp/spirals.csv"), as: "spirals.csv")
    try command.succeed(
      "train-mlp spirals.csv --hidden 64,64 --lr 3e-3 --epochs 60 --validation 0.2"
        + " --require-accuracy 0.99")
  }

  @Test(
    "real digits: 97 % on the mean of five seeds, none below 95 %",
    .enabled(if: PackageFiles.sharedData("digits.csv") != nil, "needs shared/data/digits.csv"))
  func digits() throws {
    try command.copy(try #require(PackageFiles.sharedData("digits.csv")), as: "digits.csv")
    let accuracies = try (0..<5).map { seed in
      try command.rows(
        "train-mlp digits.csv --validation 0.2 --hidden 128,64 --epochs 20 --seed \(seed)"
      )[19].number("validation_accuracy")
    }
    #expect(accuracies.reduce(0, +) / 5 >= 0.97 && accuracies.allSatisfy { $0 >= 0.95 })
  }
}

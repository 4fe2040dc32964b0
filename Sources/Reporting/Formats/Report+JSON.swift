internal import JSONText

extension Report {
  /// The document of `docs/json.md`. Every member is always there, null where it does not apply,
  /// except `summary`.
  var jsonDocument: JSONValue {
    var document: JSONObject = [
      "schema": .integer(1),
      "command": .string(command),
      "version": .string(version),
      "seed": seed.map(JSONValue.integer) ?? .null,
      "threads": threads.map(JSONValue.integer) ?? .null,
      "dtype": dtype.map(JSONValue.string) ?? .null,
      "blas": blas.map { blas in
        .object(["core": .string(blas.core), "version": .string(blas.version)])
      } ?? .null,
      "inputs": .array(inputs.map(JSONValue.string)),
      "notes": .array(notes.map(JSONValue.string)),
      "rows": .array(jsonRows),
    ]
    if let summary { document.append("summary", .object(summary)) }
    return .object(document)
  }

  /// The rows alone, an object on a line each: JSON Lines.
  public func jsonLines() -> String { jsonRows.map { $0.text() + "\n" }.joined() }

  private var jsonRows: [JSONValue] {
    let (keys, rows) = flattened()
    return rows.map { row in
      var object = JSONObject()
      for (key, cell) in zip(keys, row) { object.append(key, Self.json(cell)) }
      return .object(object)
    }
  }

  private static func json(_ cell: Cell) -> JSONValue {
    switch cell {
    case .text(let text): .string(text)
    case .integer(let value): .integer(value)
    case .number(let value), .interval(_, high: let value): .number(value)
    case .integers(let values), .index(let values): .array(values.map(JSONValue.integer))
    case .bool(let value): .bool(value)
    case .missing: .null
    }
  }
}

import JSONText

/// The Python process with the peers (`Peers/peer.py` says how it is spoken to).
struct PeerProcess {
  private let process: Coprocess

  /// Starts Python; the libraries load when a peer needs them.
  init(python: String, script: String, environment: [String: String]) throws(BenchError) {
    process = try Coprocess(
      "the peer process", command: [python, script], environment: environment)
  }

  /// The libraries and their versions.
  func versions() throws(BenchError) -> [(name: String, version: String)] {
    let answer = try process.ask(["do": .string("versions")])
    return (answer["versions"]?.objectValue?.members ?? []).map {
      ($0.key, $0.value.stringValue ?? "?")
    }
  }

  /// Forgets all prepared cases with their inputs.
  func release() throws(BenchError) { _ = try process.ask(["do": .string("release")]) }

  /// A peer as a contestant.
  ///
  /// - Parameters:
  ///   - peer: a name of `PEERS`.
  ///   - label: what the table calls it; nil is `peer`.
  ///   - inputs: paths of input files by the peer's keyword.
  ///   - judge: turns what the peer found about its own result into figures, or throws.
  func contestant(
    _ peer: String, label: String? = nil, inputs: [String: String],
    parameters: JSONObject = [:],
    judge: @escaping (JSONObject) throws(BenchError) -> Figures
  ) -> Contestant {
    let name = label ?? peer
    var files = JSONObject()
    for (keyword, path) in inputs { files.append(keyword, .string(path)) }
    let request: JSONObject = [
      "do": .string("prepare"), "id": .string(name), "peer": .string(peer),
      "inputs": .object(files), "parameters": .object(parameters),
    ]
    return Contestant(
      name: name,
      verify: { () throws(BenchError) in
        let answer = try process.ask(request)
        guard let figures = answer["figures"]?.objectValue else {
          throw .peer("\(name) says nothing about its result")
        }
        return try judge(figures)
      },
      run: { (repeats) throws(BenchError) in
        let answer = try process.ask([
          "do": .string("run"), "id": .string(name), "repeats": .integer(repeats),
        ])
        guard let seconds = answer["seconds"]?.numberValue else {
          throw .peer("\(name) gave no time")
        }
        return seconds
      })
  }
}

extension Contestant {
  /// A whole program, start-up included.
  ///
  /// - Parameter judge: looks at what it wrote and gives the figures of that, or throws.
  static func program(
    _ name: String, _ command: [String], _ launcher: ProgramLauncher,
    judge: (() throws(BenchError) -> Figures)? = nil
  ) -> Contestant {
    Contestant(
      name: name,
      verify: { () throws(BenchError) in
        let peak = try launcher.run(command).peakBytes
        var figures = try judge?() ?? Figures()
        figures.peakBytes = peak
        return figures
      },
      run: { (repeats) throws(BenchError) in
        try launcher.run(command, repeats: repeats).seconds
      })
  }
}

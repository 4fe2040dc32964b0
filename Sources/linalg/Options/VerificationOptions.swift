import ArgumentParser

/// Whether a command checks what it computed.
struct VerificationOptions: ParsableArguments {
  @Flag(help: "Check decompositions by LAPACK's test ratios, contractions by their definition.")
  var verify = false
}

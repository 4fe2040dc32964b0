/// The elementwise half of a recurrent network's step on raw pointers: what `Scalar` has for it.
///
/// A step has four blocks of `units` numbers, of which each function takes `count` from the places
/// given. Nothing is checked; the Networks module is what to call.
public protocol RecurrentKernels {
  /// LSTM: the sums of i, f, g, o become the gates; c' = f⊙c + i⊙g, h' = o⊙tanh c'.
  static func lstmStep(
    _ count: Int, units: Int, _ gates: UnsafeMutablePointer<Self>, c: UnsafePointer<Self>,
    newC: UnsafeMutablePointer<Self>, newH: UnsafeMutablePointer<Self>)

  /// The way back: from the adjoints of h' (the output's and h's) and c' those of the four sums and c.
  static func lstmStepBack(
    _ count: Int, units: Int, _ gates: UnsafePointer<Self>, c: UnsafePointer<Self>,
    newC: UnsafePointer<Self>, output: UnsafePointer<Self>?, h: UnsafePointer<Self>,
    cAdjoint: UnsafeMutablePointer<Self>, sums: UnsafeMutablePointer<Self>)

  /// GRU: sums of r, z, n and of n's recurrent part q; n = tanh(n + r⊙q), h' = (1 − z)⊙n + z⊙h.
  static func gruStep(
    _ count: Int, units: Int, _ gates: UnsafeMutablePointer<Self>, h: UnsafePointer<Self>,
    newH: UnsafeMutablePointer<Self>)

  /// The way back; the adjoint of h' becomes the part of h's that needs no product.
  static func gruStepBack(
    _ count: Int, units: Int, _ gates: UnsafePointer<Self>, h: UnsafePointer<Self>,
    output: UnsafePointer<Self>?, adjoint hAdjoint: UnsafeMutablePointer<Self>,
    sums: UnsafeMutablePointer<Self>)

  /// GRU with the reset gate before the product: r, z and r⊙h, the fourth block.
  static func gruReset(
    _ count: Int, units: Int, _ gates: UnsafeMutablePointer<Self>, h: UnsafePointer<Self>)

  /// Then n and h'.
  static func gruUpdate(
    _ count: Int, units: Int, _ gates: UnsafeMutablePointer<Self>, h: UnsafePointer<Self>,
    newH: UnsafeMutablePointer<Self>)

  /// The way back of `gruUpdate`: z and n.
  static func gruUpdateBack(
    _ count: Int, units: Int, _ gates: UnsafePointer<Self>, h: UnsafePointer<Self>,
    output: UnsafePointer<Self>?, adjoint hAdjoint: UnsafeMutablePointer<Self>,
    sums: UnsafeMutablePointer<Self>)

  /// That of `gruReset`, from the adjoint of r⊙h in the fourth block of the sums.
  static func gruResetBack(
    _ count: Int, units: Int, _ gates: UnsafePointer<Self>, h: UnsafePointer<Self>,
    adjoint hAdjoint: UnsafeMutablePointer<Self>, sums: UnsafeMutablePointer<Self>)
}

import Tensors

/// The addresses of several tensors at once; none may be empty.
enum Pointers {
  /// Calls `body` with the elements of three tensors, and of a fourth where there is one.
  static func with<Element: Scalar>(
    _ a: Tensor<Element>, _ b: Tensor<Element>, _ c: Tensor<Element>, _ d: Tensor<Element>?,
    _ body: (
      UnsafePointer<Element>, UnsafePointer<Element>, UnsafePointer<Element>,
      UnsafePointer<Element>?
    ) -> Void
  ) {
    a.withUnsafeElements { a in
      b.withUnsafeElements { b in
        c.withUnsafeElements { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          guard let d else { return body(a, b, c, nil) }
          d.withUnsafeElements { body(a, b, c, $0.baseAddress) }
        }
      }
    }
  }

  /// Calls `body` with the elements of three tensors, for writing.
  static func with<Element: Scalar>(
    _ a: inout Tensor<Element>, _ b: inout Tensor<Element>, _ c: inout Tensor<Element>,
    _ body: (
      UnsafeMutablePointer<Element>, UnsafeMutablePointer<Element>, UnsafeMutablePointer<Element>
    ) -> Void
  ) {
    a.withUnsafeMutableElements { a in
      b.withUnsafeMutableElements { b in
        c.withUnsafeMutableElements { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          body(a, b, c)
        }
      }
    }
  }
}

// The engine under one name, for other packages: `import LinearAlgebra`.
@_exported public import Einsum
@_exported public import Factorizations
@_exported public import Gradients
@_exported public import Networks
@_exported public import Tensors

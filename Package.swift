// swift-tools-version: 6.2
import PackageDescription

// What every Swift target is built with: `any` is spelled out, imports stay internal unless
// their types stand in a public signature.
let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "linalg",
  products: [
    .library(name: "LinearAlgebra", targets: ["LinearAlgebra"]),
    .executable(name: "linalg", targets: ["linalg"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ],
  targets: [
    // C libraries, fenced.
    .systemLibrary(
      name: "COpenBLAS", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CVectorMath"),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png"), .linkedLibrary("z")]),

    // The engine.
    .target(
      name: "Tensors",
      dependencies: [
        "COpenBLAS", "CVectorMath", .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    .target(
      name: "Factorizations",
      dependencies: ["Tensors", .product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: house),
    .target(name: "Einsum", dependencies: ["Tensors"], swiftSettings: house),
    .target(
      name: "Gradients",
      dependencies: [
        "Tensors", "Factorizations", "Einsum",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    .target(
      name: "Networks",
      dependencies: [
        "CVectorMath", "Tensors", "Factorizations", "Einsum", "Gradients",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    .target(
      name: "FileFormats", dependencies: ["Tensors", "CPNG", "CZlib", "JSONText"],
      swiftSettings: house),
    .target(
      name: "Imaging", dependencies: ["Tensors", "Factorizations", "FileFormats"],
      swiftSettings: house),
    .target(name: "JSONText", swiftSettings: house),
    .target(name: "Reporting", dependencies: ["JSONText"], swiftSettings: house),
    .target(name: "Processes", swiftSettings: house),
    .target(
      name: "LinearAlgebra",
      dependencies: ["Tensors", "Factorizations", "Einsum", "Gradients", "Networks"],
      swiftSettings: house),

    // The command.
    .executableTarget(
      name: "linalg",
      dependencies: [
        "Tensors", "Factorizations", "Einsum", "Gradients", "Networks", "FileFormats", "Imaging",
        "JSONText", "Reporting", "Processes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),

    // What `make bench` runs; no product.
    .executableTarget(
      name: "benchmarks",
      dependencies: [
        "Tensors", "Factorizations", "Einsum", "Gradients", "Networks", "FileFormats", "Imaging",
        "JSONText", "Reporting", "Processes",
      ],
      path: "Sources/Benchmarks", exclude: ["Peers"], swiftSettings: house),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["Tensors", "Processes"], path: "Tests/TestSupport",
      swiftSettings: house),
    .target(
      name: "VectorMathClones", dependencies: ["CVectorMath"], path: "Tests/VectorMathClones"),
    .testTarget(
      name: "TensorsTests",
      dependencies: [
        "Tensors", "TestSupport", "CVectorMath", "VectorMathClones",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    .testTarget(
      name: "FactorizationsTests",
      dependencies: [
        "Factorizations", "Tensors", "TestSupport", "VectorMathClones",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    .testTarget(
      name: "EinsumTests", dependencies: ["Einsum", "Tensors", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "GradientsTests",
      dependencies: ["Gradients", "Factorizations", "Einsum", "Tensors", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "NetworksTests",
      dependencies: [
        "Networks", "Gradients", "Einsum", "FileFormats", "Tensors", "TestSupport", "CVectorMath",
        "VectorMathClones", .product(name: "RealModule", package: "swift-numerics"),
      ],
      exclude: ["Fixtures"], swiftSettings: house),
    .testTarget(
      name: "FileFormatsTests", dependencies: ["FileFormats", "Tensors", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "ImagingTests",
      dependencies: [
        "Imaging", "Factorizations", "FileFormats", "Tensors", "TestSupport",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    .testTarget(
      name: "JSONTextTests", dependencies: ["JSONText", "TestSupport"], swiftSettings: house),
    .testTarget(
      name: "ReportingTests", dependencies: ["Reporting", "JSONText", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "ProcessesTests", dependencies: ["Processes", "TestSupport"], swiftSettings: house),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "linalg", "TestSupport", "JSONText", "FileFormats", "Factorizations", "Networks", "Tensors",
      ],
      exclude: ["Fixtures"], swiftSettings: house),
  ],
  swiftLanguageModes: [.v6]
)

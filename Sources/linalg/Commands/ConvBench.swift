import ArgumentParser
import Networks
import Tensors

/// `linalg conv-bench`: arguments and their consistency; `ConvBenchRun` does the work.
struct ConvBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conv-bench",
    abstract: "Time the algorithms of convolution, with their errors.",
    discussion: """
      Examples:
        linalg conv-bench --layers resnet50 --algorithms all
        linalg conv-bench --shape 4x64x56x56 --kernel 64x64x3x3 --padding 1

      Every result is held against the definition in double precision before it is timed; a wrong \
      one is not timed, and the exit status is 1.
      """)

  @Option(
    help: "A set of layers: resnet50, or mixed, from 1x1 to 31x31 kernels (default resnet50).")
  var layers: ConvLayerSet?

  @Option(help: ArgumentHelp("The batch size of those layers (default 1).", valueName: "n"))
  var batch: PositiveInteger?

  @Option(help: ArgumentHelp("One input instead.", valueName: "BxCxHxW"))
  var shape: ShapeList?

  @Option(help: ArgumentHelp("The weights for --shape.", valueName: "OxCxKxL"))
  var kernel: ShapeList?

  @Option(help: ArgumentHelp("The stride, down and across (default 1).", valueName: "n"))
  var stride: PositiveInteger?

  @Option(help: ArgumentHelp("Zeros on every side (default 0).", valueName: "n"))
  var padding: NaturalNumber?

  @Option(help: ArgumentHelp("The distance of kernel elements (default 1).", valueName: "n"))
  var dilation: PositiveInteger?

  @Option(help: ArgumentHelp("Groups of channels (default 1).", valueName: "n"))
  var groups: PositiveInteger?

  @Option(
    help: ArgumentHelp(
      "all, or some of direct,im2col,winograd2,winograd4,fft (default: all that can).",
      valueName: "a,b"))
  var algorithms: NameList<ConvolutionAlgorithm>?

  @OptionGroup var passes: PassOptions
  @OptionGroup var bench: BenchOptions
  @OptionGroup var arithmetic: ArithmeticOptions
  @OptionGroup var table: TableOptions

  func validate() throws {
    guard (shape == nil) == (kernel == nil) else {
      throw ValidationError("--shape and --kernel belong together")
    }
    if shape != nil, layers != nil || batch != nil {
      throw ValidationError("--shape and \(layers != nil ? "--layers" : "--batch") are two runs")
    }
    let own = [
      ("--stride", stride != nil), ("--padding", padding != nil), ("--dilation", dilation != nil),
      ("--groups", groups != nil),
    ]
    for (option, isGiven) in own where isGiven && shape == nil {
      throw ValidationError("\(option) is about --shape")
    }
    for (option, list) in [("--shape", shape), ("--kernel", kernel)] {
      if let list, list.shapes.count != 1 { throw ValidationError("\(option) takes one shape") }
    }
  }

  func run() throws {
    switch arithmetic.dtype ?? .f32 {
    case .f32: try ConvBenchRun<Float>(self).execute()
    case .f64: try ConvBenchRun<Double>(self).execute()
    }
  }
}

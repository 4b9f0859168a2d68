// SPDX-License-Identifier: Apache-2.0

public import Convolution
internal import Statistics

/// Draws convolutions of shapes that networks have, from a seed: what `learn` measures.
///
/// Kinds take turns: dense, 1×1, first layers, groups, depthwise, dilated. Sizes are bounded, so that one
/// takes some ten microseconds to twenty milliseconds on a core.
public struct DrawnProblems: Sendable {
  private var generator: SplitMix64
  private var kind = 0

  /// The problems of a seed.
  public init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  private static let channels = [
    8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 96, 112, 128, 144, 160, 192, 224, 240, 256, 288, 320,
    384, 448, 512, 576, 672, 768, 960, 1024, 1280, 2048,
  ]
  private static let sizes = [
    7, 8, 10, 12, 13, 14, 15, 16, 17, 19, 20, 24, 25, 28, 31, 32, 35, 38, 40, 45, 48, 52, 56, 64,
    65, 71, 75, 80, 97, 112, 128, 150,
  ]
  private static let macs = 2e5...1e9
  private static let largestActivations = 8_000_000

  /// The next problem.
  public mutating func next() -> ConvolutionProblem {
    while true {
      let drawn = try? draw(kind % 6)
      guard let drawn, Self.macs.contains(Double(CostModel(drawn).macs)),
        drawn.inputShape.count + drawn.outputShape.count <= Self.largestActivations
      else { continue }
      kind += 1
      return drawn
    }
  }

  private mutating func one<Value>(of values: [Value]) -> Value {
    values[generator.index(below: values.count)]
  }

  private mutating func draw(_ kind: Int) throws(ProblemError) -> ConvolutionProblem {
    let narrow = Array(Self.channels.dropLast(8))
    var shape = Drawn(
      channels: one(of: narrow), outputs: one(of: narrow), size: one(of: Self.sizes))
    switch kind {
    case 0: drawDense(&shape)
    case 1: drawPointwise(&shape)
    case 2: drawFirstLayer(&shape)
    case 3: drawGroups(&shape)
    case 4: drawDepthwise(&shape)
    default: drawDilated(&shape)
    }
    shape.batch = one(of: [1, 1, 1, 1, 4])
    return try shape.problem()
  }

  private mutating func drawDense(_ shape: inout Drawn) {
    shape.kernel = one(of: [
      (3, 3), (3, 3), (3, 3), (5, 5), (7, 7), (1, 7), (7, 1), (1, 3), (3, 1), (2, 2),
    ])
    shape.stride = one(of: [1, 1, 2])
  }

  private mutating func drawPointwise(_ shape: inout Drawn) {
    shape.channels = one(of: Self.channels)
    shape.outputs = one(of: Self.channels)
    shape.stride = one(of: [1, 1, 1, 2])
  }

  private mutating func drawFirstLayer(_ shape: inout Drawn) {
    shape.channels = one(of: [1, 3, 3, 4])
    shape.size = one(of: [96, 112, 128, 160, 192, 224, 256, 299])
    shape.outputs = one(of: [16, 24, 32, 40, 48, 64, 96])
    shape.kernel = one(of: [(3, 3), (3, 3), (5, 5), (7, 7)])
    shape.stride = one(of: [1, 2, 2])
  }

  private mutating func drawGroups(_ shape: inout Drawn) {
    let width = one(of: [2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 36, 40, 64])
    shape.groups = one(of: [2, 3, 4, 8, 12, 16, 24, 32])
    shape.channels = shape.groups * width
    shape.outputs = shape.channels * one(of: [1, 1, 2])
    shape.kernel = one(of: [(1, 1), (3, 3), (3, 3), (3, 3), (5, 5)])
    shape.stride = one(of: [1, 1, 2])
  }

  private mutating func drawDepthwise(_ shape: inout Drawn) {
    shape.channels = one(of: Self.channels)
    shape.groups = shape.channels
    shape.outputs = shape.channels
    shape.kernel = one(of: [(3, 3), (3, 3), (3, 3), (5, 5), (7, 7), (9, 9), (13, 13)])
    shape.stride = one(of: [1, 1, 2])
  }

  private mutating func drawDilated(_ shape: inout Drawn) {
    shape.outputs = shape.channels
    shape.groups = one(of: [1, 1, shape.channels])
    shape.kernel = (3, 3)
    shape.dilation = one(of: [2, 4])
  }
}

/// The numbers of a problem whose padding keeps the image's size but for the stride.
private struct Drawn {
  var groups = 1
  var batch = 1
  var channels: Int
  var outputs: Int
  var size: Int
  var kernel = (1, 1)
  var stride = 1
  var dilation = 1

  func problem() throws(ProblemError) -> ConvolutionProblem {
    try ConvolutionProblem(
      groups: groups, batch: batch, inChannels: channels, outChannels: outputs,
      input: Extent(size, size), kernel: Extent(kernel.0, kernel.1),
      stride: Extent(stride, stride),
      padding: Padding(dilation * (kernel.0 - 1) / 2, dilation * (kernel.1 - 1) / 2),
      dilation: Extent(dilation, dilation))
  }
}

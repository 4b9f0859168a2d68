// SPDX-License-Identifier: Apache-2.0

import Convolution
import KernelCatalog
import Testing

/// Depthwise variants meet far more combinations of widths, taps, strides, dilations and padding
/// than a list of edge problems names: tiles, phases and borders are cut differently for each.
@Suite("Depthwise variants")
struct DepthwiseTests {
  private static let variants = KernelCatalog().variants.filter {
    ["depthwise", "depthwise-copied"].contains($0.identity.family)
      && $0.identity.dataType == .f32
  }
  static let ids = variants.map(\.identity.id)

  @Test("sums of small integers are exact on random problems", arguments: Self.ids)
  func randomProblemsAreExact(id: String) throws {
    let variant = try #require(Self.variants.first { $0.identity.id == id })
    let seed: UInt64 = 0xDE97
    var generator = Congruential(state: seed)
    var checked = 0
    for trial in 0..<400 {
      guard let problem = Self.problem(&generator) else { continue }
      let operation = ConvolutionOperation(
        problem, epilogue: Epilogue(hasBias: trial % 2 == 0, hasReLU: trial % 3 == 0))
      guard variant.support(operation, workers: 2) == .supported else { continue }
      checked += 1
      #expect(
        try Self.isExact(variant, operation, &generator),
        "seed \(seed), trial \(trial): \(operation)")
    }
    #expect(checked > 100, "seed \(seed)")
  }

  @Test("lines of every width end exactly at the border", arguments: EdgeProblems.lines)
  func everyWidthIsExact(taps: Int, stride: Int) throws {
    var generator = Congruential(state: 0x11E5)
    for width in 1...45 {
      let operation = ConvolutionOperation(
        try EdgeProblems.line(width: width, taps: taps, stride: stride))
      for variant in Self.variants {
        // Copies have no tiles for rows of one or two outputs.
        if variant.identity.family == "depthwise-copied", operation.problem.output.width < 3 {
          #expect(variant.support(operation, workers: 1) != .supported)
          continue
        }
        #expect(
          try Self.isExact(variant, operation, &generator), "\(variant.identity.id) \(operation)")
      }
    }
  }

  @Test(
    "lines that are asked for ahead are computed like others",
    arguments: [
      (3, 1, 1), (3, 2, 1), (3, 1, 2), (3, 1, 4), (3, 2, 3), (5, 1, 3), (7, 1, 1), (11, 1, 1),
    ])
  func tensorsBeyondLevel2AreExact(taps: Int, stride: Int, dilation: Int) throws {
    var generator = Congruential(state: 0xFA5)
    // 3.4 MiB with both tensors.
    let operation = ConvolutionOperation(
      try ConvolutionProblem(
        groups: 48, inChannels: 48, outChannels: 48, input: Extent(96, 97),
        kernel: Extent(taps, taps), stride: Extent(stride, stride),
        padding: Padding(taps / 2 * dilation, taps / 2 * dilation),
        dilation: Extent(dilation, dilation)))
    for variant in Self.variants {
      #expect(
        try Self.isExact(variant, operation, &generator), "\(variant.identity.id) \(operation)")
    }
  }

  /// A problem of up to 40 channels, or nil where the sizes drawn do not fit together.
  private static func problem(_ generator: inout Congruential) -> ConvolutionProblem? {
    func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    let channels = draw(2...40)
    let kernel = Extent(draw(1...7), [1, 3, 3, 3, 5, 7, draw(1...13)][draw(0...6)])
    let dilation = Extent([1, 1, 2, 5][draw(0...3)], [1, 1, 1, 2, 3, 6][draw(0...5)])
    let same = Padding(kernel.height / 2 * dilation.height, kernel.width / 2 * dilation.width)
    let odd = Padding(top: draw(0...6), left: draw(0...6), bottom: draw(0...6), right: draw(0...6))
    return try? ConvolutionProblem(
      groups: channels, batch: draw(1...2), inChannels: channels,
      outChannels: channels * (draw(0...3) == 0 ? draw(1...4) : 1),
      input: Extent(draw(1...12), draw(1...36)), kernel: kernel,
      stride: Extent(draw(1...2), [1, 1, 1, 2, 2, 3][draw(0...5)]),
      padding: draw(0...2) == 0 ? odd : same, dilation: dilation)
  }

  /// Whether the result equals the reference bit for bit; both workers' tasks run in reverse order.
  private static func isExact(
    _ variant: any ConvolutionVariant, _ operation: ConvolutionOperation,
    _ generator: inout Congruential
  ) throws -> Bool {
    let problem = operation.problem
    func integers(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(Int.random(in: -4...4, using: &generator)) }
    }
    let layouts = variant.layouts(operation)
    let input = try Activation(problem.inputShape, layout: layouts.input)
    let output = try Activation(problem.outputShape, layout: layouts.output)
    let values = integers(problem.inputShape.count)
    input.load(values)
    let weights = Weights(
      operation, filter: integers(problem.filterCount),
      bias: integers(operation.epilogue.hasBias ? problem.outChannels : 0))
    let prepared = try variant.prepare(
      operation, weights: weights, input: input, output: output, workers: 2)
    output.fill(.nan)
    for phase in prepared.phases {
      let half = phase.tasks / 2
      phase.run(phase.context, half, phase.tasks, 1)
      phase.run(phase.context, 0, half, 0)
    }
    let reference = ReferenceConvolution(operation, input: values, weights: weights)
    return output.values() == reference.values.map { Float($0) }
  }
}

/// Random numbers that repeat from their seed.
private struct Congruential: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 33)
  }
}

// SPDX-License-Identifier: Apache-2.0

import Convolution
import KernelCatalog
import TestSupport
import Testing

/// Strips meet far more combinations of groups, taps, strides and borders than edge problems name.
@Suite("Strips of bf16 and integers")
struct StripTests {
  static let variants = Catalog.variants.filter { $0.identity.family == "strips" }
  static let ids = variants.map(\.identity.id)

  @Test("sums of small integers are exact on random problems", arguments: ids)
  func randomProblemsAreExact(id: String) throws {
    let variant = try #require(Self.variants.first { $0.identity.id == id })
    try RandomProblems.check(variant, seed: 0x57219, Self.problem)
  }

  /// A problem of up to 240 channels, or nil where the sizes drawn do not fit together.
  private static func problem(
    _ type: DataType, _ generator: inout SeededGenerator
  ) -> ConvolutionProblem? {
    func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    // Half of them depthwise 3×3, whose columns roll.
    if draw(0...1) == 0 {
      let (channels, stride) = (draw(2...150), draw(1...2))
      let apart = stride == 1 ? 3 : 0
      let dilation = Extent([1, 1, 2, 3][draw(0...apart)], [1, 1, 2, 4][draw(0...apart)])
      return try? ConvolutionProblem(
        groups: channels, batch: draw(1...2), inChannels: channels, outChannels: channels,
        input: Extent(draw(1...9), draw(1...20)), kernel: Extent(3, 3),
        stride: Extent(stride, stride),
        padding: Padding(
          top: draw(0...3), left: draw(0...4), bottom: draw(0...3), right: draw(0...4)),
        dilation: dilation, dataType: type)
    }
    let perGroup = [1, 1, 1, 2, 4, 8, 16][draw(0...6)]
    let channels = perGroup * draw(2...(perGroup > 4 ? 15 : 60))
    let kernel = Extent(draw(1...7), draw(1...7))
    let dilation = Extent([1, 1, 2, 3][draw(0...3)], [1, 1, 2, 5][draw(0...3)])
    return try? ConvolutionProblem(
      groups: channels / perGroup, batch: draw(1...2), inChannels: channels,
      outChannels: channels, input: Extent(draw(1...9), draw(1...40)), kernel: kernel,
      stride: Extent([1, 1, 2, 3][draw(0...3)], [1, 1, 2, 3][draw(0...3)]),
      padding: Padding(
        top: draw(0...4), left: draw(0...4), bottom: draw(0...4), right: draw(0...4)),
      dilation: dilation, dataType: type)
  }
}

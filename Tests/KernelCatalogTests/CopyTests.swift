// SPDX-License-Identifier: Apache-2.0

import Convolution
import KernelCatalog
import TestSupport
import Testing

/// Copies of narrow groups meet far more combinations of channels, taps, strides and borders than edge problems
/// name.
@Suite("Copied rows of narrow groups")
struct CopyTests {
  static let variants = Catalog.variants.filter {
    $0.identity.family == "direct" && $0.identity.layout == Layout.nhwc.name
      && $0.identity.instructionSet == .avx512bf16
  }
  static let ids = variants.map(\.identity.id)

  @Test("sums of small integers are exact on random problems", arguments: ids)
  func randomProblemsAreExact(id: String) throws {
    let variant = try #require(Self.variants.first { $0.identity.id == id })
    try RandomProblems.check(variant, seed: 0xc0b1e, Self.problem)
  }

  /// A problem in groups of 1 to 20 input and 1 to 40 output channels, or nil where the sizes drawn do not fit
  /// together.
  private static func problem(
    _ type: DataType, _ generator: inout SeededGenerator
  ) -> ConvolutionProblem? {
    func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    let groups = draw(2...9)
    return try? ConvolutionProblem(
      groups: groups, batch: draw(1...2), inChannels: groups * draw(1...20),
      outChannels: groups * [draw(1...20), draw(1...40)][draw(0...1)],
      input: Extent(draw(1...12), draw(1...60)), kernel: Extent(draw(1...5), draw(1...5)),
      stride: Extent([1, 1, 2, 3][draw(0...3)], [1, 1, 2, 3][draw(0...3)]),
      padding: Padding(
        top: draw(0...3), left: draw(0...4), bottom: draw(0...3), right: draw(0...4)),
      dilation: Extent(draw(0...5) / 5 + 1, draw(0...5) / 5 + 1), dataType: type)
  }
}

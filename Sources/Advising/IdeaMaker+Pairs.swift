// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Suites

extension IdeaMaker {
  /// Ideas for two layers that follow each other.
  func ideas(for first: SuiteCase, _ second: SuiteCase) -> [Idea] {
    let pair = [first, second]
    let one = first.steps[0].problem, two = second.steps[0].problem
    return shuffled(pair, one, two) + fused(pair, one, two) + strideEarlier(pair, one, two)
  }

  private func shuffled(
    _ pair: [SuiteCase], _ one: ConvolutionProblem, _ two: ConvolutionProblem
  ) -> [Idea] {
    let count = 4
    guard isDense(one), isDense(two),
      [one.inChannels, one.outChannels, two.outChannels].allSatisfy({
        $0 % count == 0 && $0 / count >= 8
      }), let first = one.changed({ $0.groups = count }),
      let second = two.changed({ $0.groups = count })
    else { return [] }
    let epilogue = pair[0].epilogue
    return block(.shuffledGroups, "groups of \(count) with shuffle", pair) { graph in
      let middle = try graph.append(first, epilogue, as: "first")
      try graph.append("shuffled", .shuffle(groups: count), reading: [middle])
      _ = try graph.append(second, epilogue, as: "second")
    }
  }

  /// One dense convolution for a depthwise and the 1×1 behind it, or the 1×1 before it.
  private func fused(
    _ pair: [SuiteCase], _ one: ConvolutionProblem, _ two: ConvolutionProblem
  ) -> [Idea] {
    if one.isOwnChannel, two.isPointwise {
      return idea(
        .dense, "one dense \(one.kernelText)", pair,
        [
          one.changed {
            $0.groups = 1
            $0.outChannels = two.outChannels
          }
        ])
    }
    if one.isPointwise, two.isOwnChannel {
      return idea(
        .dense, "one dense \(two.kernelText)", pair,
        [
          two.changed {
            $0.groups = 1
            $0.inChannels = one.inChannels
          }
        ])
    }
    return []
  }

  private func strideEarlier(
    _ pair: [SuiteCase], _ one: ConvolutionProblem, _ two: ConvolutionProblem
  ) -> [Idea] {
    guard one.stride == Extent(1, 1), two.stride != Extent(1, 1) else { return [] }
    let first = one.changed { $0.stride = two.stride }
    let second = two.changed {
      $0.input = first?.output ?? $0.input
      $0.stride = Extent(1, 1)
    }
    guard second?.outputShape == two.outputShape else { return [] }
    return idea(.strideEarlier, "stride in the first", pair, [first, second])
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Cuts the output channels into panels of a few vectors.
///
/// A panel sums over the input channels of all groups that it touches. Where the channels of a group
/// fill whole vectors, panels end at groups; otherwise groups share vectors, and the filter holds
/// zeros where an output channel does not see an input channel.
struct DirectPanels {
  /// The output channels of a panel and the input channels it sums over.
  struct Panel {
    /// Vectors of output channels, counted from the first channel.
    var vectors: Range<Int>
    /// Input channels; for channel-blocked layouts from the start of a block.
    var inputChannels: Range<Int>
    /// Runs of input channels.
    var runs: Int
  }

  /// The panels, in the order of their channels.
  let panels: [Panel]

  /// Panels of at most `vectors` vectors.
  init(_ geometry: DirectGeometry, vectors widest: Int, instructionSet: InstructionSet) {
    let problem = geometry.problem
    let lanes = geometry.lanes
    let perGroup = problem.outChannelsPerGroup
    let blocks = (problem.outChannels + lanes - 1) / lanes
    let wholeVectors = perGroup % lanes == 0
    let span = wholeVectors ? perGroup / lanes : blocks
    var panels: [Panel] = []
    for start in stride(from: 0, to: blocks, by: span) {
      var first = start
      let widths = Self.widths(
        of: min(span, blocks - start), widest: wholeVectors || perGroup > lanes ? widest : 1,
        instructionSet: instructionSet)
      for width in widths {
        panels.append(Self.panel(first..<first + width, geometry))
        first += width
      }
    }
    self.panels = panels
  }

  /// Widths of panels that together have `count` vectors, nearly equal; never a single vector
  /// beside wider ones, since it loads almost as often as it multiplies.
  static func widths(of count: Int, widest: Int, instructionSet: InstructionSet) -> [Int] {
    if count % widest == 1, count > 1, widest == 2,
      instructionSet.directTilePixels(vectors: 3) > 0
    {
      return [3] + [Int](repeating: 2, count: (count - 3) / 2)
    }
    let panels = (count + widest - 1) / widest
    return (0..<panels).map { (count + $0) / panels }.reversed()
  }

  private static func panel(_ vectors: Range<Int>, _ geometry: DirectGeometry) -> Panel {
    let problem = geometry.problem
    let firstGroup = vectors.lowerBound * geometry.lanes / problem.outChannelsPerGroup
    let lastChannel = min(vectors.upperBound * geometry.lanes, problem.outChannels) - 1
    let lastGroup = lastChannel / problem.outChannelsPerGroup
    var lower = firstGroup * problem.inChannelsPerGroup
    if geometry.blocksInputChannels { lower -= lower % geometry.lanes }
    let upper = (lastGroup + 1) * problem.inChannelsPerGroup
    return Panel(
      vectors: vectors, inputChannels: lower..<upper,
      runs: (upper - lower + geometry.run - 1) / geometry.run)
  }
}

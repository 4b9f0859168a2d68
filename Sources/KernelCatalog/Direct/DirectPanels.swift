// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Cuts the output channels into panels of a few vectors, each of one group.
///
/// No vector has channels of two groups, unless each lane sees those of its own. Its filter would hold zeros where an output channel does not
/// see an input channel, and zero times an infinite or NaN input of another group is NaN. Nor does it
/// cost more: a vector that groups share is multiplied with the inputs of each of them.
struct DirectPanels {
  /// The output channels of a panel and the input channels it sums over.
  struct Panel {
    /// Vectors of output channels.
    var vectors: Int
    /// The output channels; they start their vectors, and the last one may have fewer than lanes.
    var outputChannels: Range<Int>
    /// Input channels that lie in runs from the first on.
    var inputChannels: Range<Int>
    /// Runs of input channels.
    var runs: Int
    /// Whether its sums start here, and whether they are complete behind it: where the channels of a
    /// group begin in the middle of a block, those up to its end are a panel before the others.
    var starts = true, finishes = true
  }

  /// The panels, in the order of their channels.
  let panels: [Panel]

  /// Panels of at most `vectors` vectors.
  init(_ geometry: DirectGeometry, vectors widest: Int, instructionSet: InstructionSet) {
    let problem = geometry.problem
    var panels: [Panel] = []
    let shared = geometry.groupsPerVector
    if shared > 1 {
      for group in stride(from: 0, to: problem.groups, by: shared) {
        let inputs = Self.channels(of: group, problem.inChannelsPerGroup)
        let first = group * problem.outChannelsPerGroup
        let end = min(group + shared, problem.groups) * problem.outChannelsPerGroup
        panels += Self.panels(first..<end, [inputs], geometry)
      }
      self.panels = panels
      return
    }
    for group in 0..<problem.groups {
      let inputs = Self.channels(of: group, problem.inChannelsPerGroup)
      let outputs = Self.channels(of: group, problem.outChannelsPerGroup)
      for part in Self.parts(outputs, geometry.outputLayout) {
        for channels in Self.cut(part, geometry, widest, instructionSet) {
          panels += Self.panels(channels, Self.parts(inputs, geometry.inputLayout), geometry)
        }
      }
    }
    self.panels = panels
  }

  /// Ranges of panels that compute the same outputs, one after the other.
  var tasks: [Range<Int>] {
    let starts = panels.indices.filter { panels[$0].starts }
    return zip(starts, starts.dropFirst() + [panels.count]).map { $0..<$1 }
  }

  private static func channels(of group: Int, _ perGroup: Int) -> Range<Int> {
    group * perGroup..<(group + 1) * perGroup
  }

  /// The channels up to the end of the block in which they begin, and the others; all, where they
  /// begin with a block or lie in one, or the layout has none.
  private static func parts(_ channels: Range<Int>, _ layout: Layout) -> [Range<Int>] {
    guard case .channelBlocked(let lanes) = layout, channels.lowerBound % lanes != 0 else {
      return [channels]
    }
    let border = (channels.lowerBound / lanes + 1) * lanes
    guard border < channels.upperBound else { return [channels] }
    return [channels.lowerBound..<border, border..<channels.upperBound]
  }

  /// Cuts channels into those of panels.
  private static func cut(
    _ channels: Range<Int>, _ geometry: DirectGeometry, _ widest: Int,
    _ instructionSet: InstructionSet
  ) -> [Range<Int>] {
    var first = channels.lowerBound
    let lanes = geometry.lanes
    let vectors = (channels.count + lanes - 1) / lanes
    return widths(
      of: vectors, widest: widest, instructionSet: instructionSet, type: geometry.problem.dataType
    ).map { width in
      let end = min(first + width * lanes, channels.upperBound)
      defer { first = end }
      return first..<end
    }
  }

  /// Widths of panels that together have `count` vectors, nearly equal; never a single vector
  /// beside wider ones, since it loads almost as often as it multiplies.
  static func widths(
    of count: Int, widest: Int, instructionSet: InstructionSet, type: DataType = .f32
  ) -> [Int] {
    if count % widest == 1, count > 1, widest == 2,
      instructionSet.directTilePixels(vectors: 3, of: type) > 0
    {
      return [3] + [Int](repeating: 2, count: (count - 3) / 2)
    }
    let panels = (count + widest - 1) / widest
    return (0..<panels).map { (count + $0) / panels }.reversed()
  }

  /// The panels of `outputs`, one for each part of the inputs.
  private static func panels(
    _ outputs: Range<Int>, _ inputs: [Range<Int>], _ geometry: DirectGeometry
  ) -> [Panel] {
    inputs.enumerated().map { index, channels in
      Panel(
        vectors: (outputs.count + geometry.lanes - 1) / geometry.lanes, outputChannels: outputs,
        inputChannels: channels, runs: (channels.count + geometry.run - 1) / geometry.run,
        starts: index == 0, finishes: index == inputs.count - 1)
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// A case as it would be without one of the things that cost it time, and without those before.
///
/// Each is another problem for the same kernel. Without counters that is how to see what a cost is:
/// take it away, measure, and see what the rate of arithmetic gains.
public struct Counterfactual: Hashable, Sendable {
  /// What was taken away.
  public enum Removed: String, CaseIterable, Sendable {
    /// Nothing: the case itself.
    case nothing
    /// The padding: the input is larger by it, so that every tap lies inside.
    case border
    /// Vectors and tiles that are not full: channels and rows are rounded up to whole ones.
    case remainders
    /// Data beyond the first cache level: fewer rows, images and channels.
    case distance
    /// Stores: each output sums four times as many products.
    case stores

    /// For people.
    public var text: String {
      switch self {
      case .nothing: "as it is"
      case .border: "without its border"
      case .remainders: "with full vectors and tiles"
      case .distance: "with its data in level 1"
      case .stores: "with a quarter of the stores"
      }
    }
  }

  /// What was taken away last.
  public var removed: Removed
  /// The problem without that.
  public var problem: ConvolutionProblem

  /// The case, then the case without more and more; what would change nothing is left out.
  /// - Parameters:
  ///   - problem: The case.
  ///   - set: The instruction set of the kernel, whose vectors and tiles are meant.
  ///   - levelOne: Size of the first cache level, in bytes.
  /// - Returns: the case, and at most four others.
  public static func chain(
    _ problem: ConvolutionProblem, set: InstructionSet, levelOne: Int
  ) -> [Counterfactual] {
    var chain = [Counterfactual(removed: .nothing, problem: problem)]
    let steps: [(Removed, (ConvolutionProblem) -> ConvolutionProblem?)] = [
      (.border, { $0.withoutBorder }), (.remainders, { $0.withFullTiles(set) }),
      (.distance, { $0.within(bytes: levelOne * 3 / 4, lanes: set.lanes) }),
      (.stores, { $0.withFewerStores(bytes: levelOne * 3 / 4) }),
    ]
    for (removed, change) in steps {
      guard let last = chain.last, let changed = change(last.problem), changed != last.problem
      else { continue }
      chain.append(Counterfactual(removed: removed, problem: changed))
    }
    return chain
  }
}

extension ConvolutionProblem {
  /// The same without padding, its input as large as its outputs take.
  var withoutBorder: ConvolutionProblem? {
    padding == Padding(0, 0) ? nil : changed(output: output)
  }

  /// The same with whole vectors of channels and whole tiles of columns.
  func withFullTiles(_ set: InstructionSet) -> ConvolutionProblem? {
    func whole(_ count: Int, _ unit: Int) -> Int { (count + unit - 1) / unit * unit }
    // Two vectors side by side are what most tiles have.
    let unit = 2 * set.lanes
    let columns = whole(output.width, max(set.directTilePixels(vectors: 2), 1))
    guard !isDepthwise else {
      let channels = whole(inChannels, unit)
      return changed(
        groups: channels, inChannels: channels, outChannels: channels * outChannelsPerGroup,
        output: Extent(output.height, columns))
    }
    // Groups share vectors, or have kernels for their own few channels.
    guard groups == 1 else { return changed(output: Extent(output.height, columns)) }
    return changed(
      inChannels: whole(inChannelsPerGroup, unit) * groups,
      outChannels: whole(outChannelsPerGroup, unit) * groups,
      output: Extent(output.height, columns))
  }

  /// The same with fewer images, rows and channels, until its data takes at most `bytes`.
  func within(bytes: Int, lanes: Int) -> ConvolutionProblem? {
    guard CostModel(self).trafficBytes > bytes else { return nil }
    var small = changed(batch: 1, output: output)
    while let now = small, CostModel(now).trafficBytes > bytes {
      let (inside, outside) = (now.inChannelsPerGroup, now.outChannelsPerGroup)
      if now.output.height > 1 {
        small = now.changed(output: Extent(now.output.height / 2, now.output.width))
      } else if now.groups > 2, now.groups.isMultiple(of: 2), now.inChannels / 2 >= 2 * lanes {
        small = now.changed(
          groups: now.groups / 2, inChannels: now.inChannels / 2, outChannels: now.outChannels / 2,
          output: now.output)
      } else if inside >= outside, inside.isMultiple(of: 2), inside / 2 >= lanes {
        small = now.changed(inChannels: now.groups * inside / 2, output: now.output)
      } else if outside.isMultiple(of: 2), outside / 2 >= 2 * lanes {
        small = now.changed(outChannels: now.groups * outside / 2, output: now.output)
      } else {
        return nil
      }
    }
    return small
  }

  /// The same with four times as many products in each output, where its data still fits.
  func withFewerStores(bytes: Int) -> ConvolutionProblem? {
    guard !isDepthwise else { return nil }
    var long = changed(inChannels: 4 * inChannels, output: output)
    while let now = long, CostModel(now).trafficBytes > bytes {
      guard now.output.height > 1 else { return nil }
      long = now.changed(output: Extent(now.output.height / 2, now.output.width))
    }
    return long
  }

  /// The same problem with other sizes, without padding, and with an input as large as these outputs
  /// take; nil where it is none.
  private func changed(
    groups: Int? = nil, batch: Int? = nil, inChannels: Int? = nil, outChannels: Int? = nil,
    output: Extent
  ) -> ConvolutionProblem? {
    try? ConvolutionProblem(
      groups: groups ?? self.groups, batch: batch ?? self.batch,
      inChannels: inChannels ?? self.inChannels, outChannels: outChannels ?? self.outChannels,
      input: Extent(
        (output.height - 1) * stride.height + dilatedKernel.height,
        (output.width - 1) * stride.width + dilatedKernel.width),
      kernel: kernel, stride: stride, dilation: dilation)
  }
}

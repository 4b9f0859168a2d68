// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// A problem that a case is compared with, to see one of its costs.
///
/// Without counters that is how to see what a cost is: take it away, or double what it is paid for, and
/// measure. Each is another problem for the same kernel.
public struct Counterfactual: Hashable, Sendable {
  /// What is another.
  public enum Change: String, CaseIterable, Sendable {
    /// Nothing: the case itself.
    case nothing
    /// No padding: the input is larger by it, so that every tap lies inside.
    case border
    /// Channels and rows are rounded up to whole vectors and tiles, without padding.
    case remainders
    /// Twice as many images as in the last of those.
    case images
    /// Twice as many products in each output as in it.
    case products
    /// So few rows, images and groups of it that twice as many fit into the first cache level.
    case near
    /// Twice as many as those.
    case twiceNear

    /// For people.
    public var text: String {
      switch self {
      case .nothing: "as it is"
      case .border: "without its border"
      case .remainders: "with full vectors and tiles"
      case .images: "with twice the images"
      case .products: "with twice the products in each output"
      case .near: "with half of what level 1 holds"
      case .twiceNear: "with what level 1 holds"
      }
    }
  }

  /// What is another than in the last of `nothing`, `border` and `remainders` before it.
  public var change: Change
  /// The problem.
  public var problem: ConvolutionProblem

  /// The case and its counterfactuals; what would change nothing, or is no problem, is left out.
  /// - Parameters:
  ///   - problem: The case.
  ///   - set: The instruction set of the kernel, whose vectors and tiles are meant.
  ///   - levelOne: Size of the first cache level, in bytes.
  ///   - isComputed: Whether the kernel computes a problem; others are left out, too.
  /// - Returns: the case, and at most six others.
  public static func all(
    _ problem: ConvolutionProblem, set: InstructionSet, levelOne: Int,
    where isComputed: (ConvolutionProblem) -> Bool = { _ in true }
  ) -> [Counterfactual] {
    var all = [Counterfactual(change: .nothing, problem: problem)]
    var base = problem
    for (change, changed) in [
      (Change.border, base.withoutBorder),
      (.remainders, (base.withoutBorder ?? base).withFullTiles(set)),
    ] {
      guard let changed, changed != base, isComputed(changed) else { continue }
      base = changed
      all.append(Counterfactual(change: change, problem: changed))
    }
    let near = base.near(bytes: levelOne * 3 / 4)
    for (change, changed) in [
      (Change.images, base.changed(batch: 2 * base.batch, output: base.output)),
      (.products, base.withTwiceTheProducts), (.near, near?.half), (.twiceNear, near?.whole),
    ] {
      guard let changed, isComputed(changed) else { continue }
      all.append(Counterfactual(change: change, problem: changed))
    }
    return all
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
    let columns = whole(output.width, max(set.directTilePixels(vectors: 2, of: dataType), 1))
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

  /// The same with twice as many products in each output; nil for depthwise.
  fileprivate var withTwiceTheProducts: ConvolutionProblem? {
    isDepthwise ? nil : changed(inChannels: 2 * inChannels, output: output)
  }

  /// Two parts of the problem, one twice the other, whose data take at most `bytes`; nil where all of it
  /// does, and where a row of a group does not.
  func near(bytes: Int) -> (half: ConvolutionProblem, whole: ConvolutionProblem)? {
    guard CostModel(self).trafficBytes > bytes else { return nil }
    var whole = changed(batch: 1, output: output)
    while let now = whole, CostModel(now).trafficBytes > bytes { whole = now.halved }
    guard let whole, let half = whole.halved else { return nil }
    return (half, whole)
  }

  /// Half of the groups, else half of the rows; nil where neither can be halved.
  private var halved: ConvolutionProblem? {
    if groups > 2, groups.isMultiple(of: 2), inChannels.isMultiple(of: 64) {
      return changed(
        groups: groups / 2, inChannels: inChannels / 2, outChannels: outChannels / 2, output: output
      )
    }
    let rows = output.height / 2
    return rows > 0 ? changed(output: Extent(rows, output.width)) : nil
  }

  /// The same problem with other sizes, without padding, and with an input as large as these outputs
  /// take; nil where it is none.
  fileprivate func changed(
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

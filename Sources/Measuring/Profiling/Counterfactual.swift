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
    /// As much of that as fits into the first cache level twice over: fewer channels, rows and taps.
    case near
    /// The same with twice the rows.
    case nearRows
    /// The same with twice the products in each output: rows of taps, or input channels of a single tap.
    case nearProducts
    /// The same with both.
    case nearBoth

    /// For people.
    public var text: String {
      switch self {
      case .nothing: "as it is"
      case .border: "without its border"
      case .remainders: "with full vectors and tiles"
      case .near: "with data in level 1"
      case .nearRows: "with twice the rows, there"
      case .nearProducts: "with twice the products in each output, there"
      case .nearBoth: "with both, there"
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
  ///   - tiles: What is a whole vector and a whole tile for the kernel.
  ///   - levelOne: Size of the first cache level, in bytes.
  ///   - isComputed: Whether the kernel computes a problem; others are left out, too.
  /// - Returns: the case, and at most six others; of those in level 1 at least two, or none.
  public static func all(
    _ problem: ConvolutionProblem, tiles: KernelTiles, levelOne: Int,
    where isComputed: (ConvolutionProblem) -> Bool = { _ in true }
  ) -> [Counterfactual] {
    var all = [Counterfactual(change: .nothing, problem: problem)]
    var base = problem
    for (change, changed) in [
      (Change.border, base.withoutBorder),
      (.remainders, (base.withoutBorder ?? base).withFull(tiles)),
    ] {
      guard let changed, changed != base, isComputed(changed) else { continue }
      base = changed
      all.append(Counterfactual(change: change, problem: changed))
    }
    return all + near(base, tiles: tiles, levelOne: levelOne, where: isComputed)
  }

  /// Those of `base` in level 1.
  private static func near(
    _ base: ConvolutionProblem, tiles: KernelTiles, levelOne: Int,
    where isComputed: (ConvolutionProblem) -> Bool
  ) -> [Counterfactual] {
    // The rest is for the tables that kernels read besides.
    let bytes = levelOne * 7 / 8
    var now: ConvolutionProblem? = base.few(tiles)
    while let near = now {
      let rows = near.withTwiceTheRows
      let products = near.withTwiceTheProducts.flatMap { isComputed($0) ? $0 : nil }
      let largest = products?.withTwiceTheRows ?? rows
      if let rows, let largest, CostModel(largest).trafficBytes <= bytes,
        isComputed(near), isComputed(rows)
      {
        var all = [
          Counterfactual(change: .near, problem: near),
          Counterfactual(change: .nearRows, problem: rows),
        ]
        if let products {
          all.append(Counterfactual(change: .nearProducts, problem: products))
          all.append(Counterfactual(change: .nearBoth, problem: largest))
        }
        return all
      }
      now = near.smaller(tiles)
    }
    return []
  }
}

/// What is a whole vector and a whole tile for a kernel.
public struct KernelTiles: Hashable, Sendable {
  /// Columns of a tile.
  public var columns: Int
  /// Channels of two vectors, which lie side by side in most tiles; 1 where vectors lie along rows.
  public var channels: Int
  /// Channels of the widest tile.
  public var mostChannels: Int

  /// The tiles of a kernel of `set` for `type`.
  /// - Parameters:
  ///   - set: The instruction set.
  ///   - type: The data type.
  ///   - vectorsAreColumns: Whether a vector is a part of a row, not of the channels of a pixel.
  public init(_ set: InstructionSet, of type: DataType = .f32, vectorsAreColumns: Bool) {
    mostChannels = 4 * set.lanes
    channels = vectorsAreColumns ? 1 : 2 * set.lanes
    columns =
      vectorsAreColumns ? 2 * set.lanes : max(set.directTilePixels(vectors: 2, of: type), 1)
  }

  /// `count` rounded up to a multiple of `unit`.
  func whole(_ count: Int, _ unit: Int) -> Int { (count + unit - 1) / unit * unit }
}

extension ConvolutionProblem {
  /// The same without padding, its input as large as its outputs take.
  var withoutBorder: ConvolutionProblem? {
    padding == Padding(0, 0) ? nil : changed(output: output)
  }

  /// The same with whole vectors and tiles of columns and, where channels fill vectors, of channels.
  func withFull(_ tiles: KernelTiles) -> ConvolutionProblem? {
    let columns = tiles.whole(output.width, tiles.columns)
    let wide = Extent(output.height, columns)
    // Groups share vectors, or have kernels for their own few channels.
    guard tiles.channels > 1, groups == 1 || isDepthwise else { return changed(output: wide) }
    let channels = tiles.whole(inChannels, tiles.channels)
    return changed(
      groups: isDepthwise ? channels : 1, inChannels: channels,
      outChannels: isDepthwise
        ? channels * outChannelsPerGroup : tiles.whole(outChannels, tiles.channels),
      output: wide)
  }

  /// The same with twice as many rows of outputs.
  fileprivate var withTwiceTheRows: ConvolutionProblem? {
    changed(output: Extent(2 * output.height, output.width))
  }

  /// The same with twice as many products in each output; nil for groups, whose kernels know their taps.
  ///
  /// More channels make runs longer, whose ends a predictor of branches then misses or not.
  fileprivate var withTwiceTheProducts: ConvolutionProblem? {
    guard groups == 1 else { return nil }
    return kernel == Extent(1, 1)
      ? changed(inChannels: 2 * inChannels, output: output)
      : changed(output: output, kernel: Extent(2 * kernel.height, kernel.width))
  }

  /// One image of it, for as many output channels as the widest tile has.
  fileprivate func few(_ tiles: KernelTiles) -> ConvolutionProblem? {
    changed(
      batch: 1, outChannels: groups == 1 ? min(outChannels, tiles.mostChannels) : outChannels,
      output: output)
  }

  /// The same with half of what costs nothing to leave out: groups, then rows, rows of taps, input channels,
  /// and columns; nil where nothing can be halved.
  fileprivate func smaller(_ tiles: KernelTiles) -> ConvolutionProblem? {
    let unit = max(tiles.channels, 32)
    if groups > 2, groups.isMultiple(of: 2), inChannels.isMultiple(of: 2 * unit) {
      return changed(
        groups: groups / 2, inChannels: inChannels / 2, outChannels: outChannels / 2, output: output
      )
    }
    if output.height > 1 { return changed(output: Extent(output.height / 2, output.width)) }
    if groups == 1, kernel.height > 1 {
      return changed(output: output, kernel: Extent(1, kernel.width))
    }
    if groups == 1, inChannels.isMultiple(of: unit) {
      return changed(inChannels: inChannels / 2, output: output)
    }
    let columns = tiles.whole(output.width / 2, tiles.columns)
    return columns < output.width ? changed(output: Extent(1, columns)) : nil
  }

  /// The same problem with other sizes, without padding, and with an input as large as these outputs
  /// take; nil where it is none.
  fileprivate func changed(
    groups: Int? = nil, batch: Int? = nil, inChannels: Int? = nil, outChannels: Int? = nil,
    output: Extent, kernel: Extent? = nil
  ) -> ConvolutionProblem? {
    let kernel = kernel ?? self.kernel
    return try? ConvolutionProblem(
      groups: groups ?? self.groups, batch: batch ?? self.batch,
      inChannels: inChannels ?? self.inChannels, outChannels: outChannels ?? self.outChannels,
      input: Extent(
        (output.height - 1) * stride.height + (kernel.height - 1) * dilation.height + 1,
        (output.width - 1) * stride.width + (kernel.width - 1) * dilation.width + 1),
      kernel: kernel, stride: stride, dilation: dilation)
  }
}

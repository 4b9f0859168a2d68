// SPDX-License-Identifier: Apache-2.0

/// What a convolution promises to cost, from its shapes alone.
///
/// - Units: one multiply-accumulate (MAC) is 2 FLOP; bytes are of the problem's data type.
public struct CostModel: Hashable, Sendable {
  /// Multiply-accumulates, taps that fall into the padding included: the field's usual count.
  public var macs: Int
  /// Multiply-accumulates of the taps that fall inside the image.
  public var macsInsideImage: Int
  /// Filter weights; a bias is not counted.
  public var parameters: Int
  /// Compulsory traffic: input, filter and output touched once each, in bytes.
  public var trafficBytes: Int

  /// The cost of `problem`.
  public init(_ problem: ConvolutionProblem) {
    let channelPairs = problem.batch * problem.outChannels * problem.inChannelsPerGroup
    macs = channelPairs * problem.output.area * problem.kernel.area
    macsInsideImage =
      channelPairs * Self.tapsInside(problem, .height)
      * Self.tapsInside(problem, .width)
    parameters = problem.filterCount
    let types = problem.dataType
    trafficBytes =
      types.input.bytes * problem.inputShape.count + types.filter.bytes * problem.filterCount
      + types.output.bytes * problem.outputShape.count
  }

  /// The sum of costs, as of layers that run one after the other.
  ///
  /// Intermediate activations count as written and read again.
  public init(sequence: [CostModel]) {
    macs = sequence.reduce(0) { $0 + $1.macs }
    macsInsideImage = sequence.reduce(0) { $0 + $1.macsInsideImage }
    parameters = sequence.reduce(0) { $0 + $1.parameters }
    trafficBytes = sequence.reduce(0) { $0 + $1.trafficBytes }
  }

  /// Floating-point operations, 2 per MAC.
  public var flops: Int { 2 * macs }

  /// FLOP per byte of compulsory traffic.
  public var arithmeticIntensity: Double { Double(flops) / Double(trafficBytes) }

  /// Pairs of output position and tap, along one axis, that fall inside the image.
  private static func tapsInside(
    _ problem: ConvolutionProblem, _ axis: ImageAxis
  ) -> Int {
    let before = axis == .height ? problem.padding.top : problem.padding.left
    let taps = TapCount(
      positions: problem.output[axis], step: problem.stride[axis],
      taps: problem.kernel[axis], distance: problem.dilation[axis])
    return taps.below(before + problem.input[axis]) - taps.below(before)
  }
}

extension ConvolutionProblem {
  /// The outputs along one axis whose tap at `offset` falls inside an axis of `size`.
  func outputs(
    along axis: ImageAxis, withTapAt offset: Int, insideAxisOf size: Int
  ) -> Range<Int> {
    let step = stride[axis]
    let count = output[axis]
    // Inside means 0 ≤ position·step + offset < size.
    let first = offset >= 0 ? 0 : (-offset + step - 1) / step
    let end = size - offset <= 0 ? 0 : (size - offset - 1) / step + 1
    let lower = min(first, count)
    return lower..<max(lower, min(end, count))
  }
}

// SPDX-License-Identifier: Apache-2.0

/// A depthwise convolution and the pointwise one that alone reads its result.
public struct SeparableOperation: Hashable, Sendable {
  /// The convolution of each channel by itself, with what follows it before the products.
  public let depthwise: ConvolutionOperation
  /// The convolution of each pixel by itself, with what follows it.
  public let pointwise: ConvolutionOperation

  /// Both as one; nil where the first is not depthwise with a result per channel, where the second
  /// is not 1×1 without groups, stride and padding, or where it takes another shape than the first
  /// gives.
  public init?(_ depthwise: ConvolutionOperation, _ pointwise: ConvolutionOperation) {
    let (first, second) = (depthwise.problem, pointwise.problem)
    guard first.isDepthwise, first.outChannels == first.inChannels,
      second.groups == 1, second.kernel.area == 1, second.stride == Extent(1, 1),
      second.padding == Padding(0, 0), second.inputShape == first.outputShape
    else { return nil }
    self.depthwise = depthwise
    self.pointwise = pointwise
  }
}

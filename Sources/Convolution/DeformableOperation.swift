// SPDX-License-Identifier: Apache-2.0

/// A deformable convolution: every tap of every output reads the input at a place of its own.
///
/// Tap `(i, j)` of the output at `(row, column)` reads at `y = row·stride − padding + i·dilation + Δy`
/// and `x` alike, between four pixels by bilinear interpolation; with modulation (v2) what it reads
/// is multiplied by a mask. Pixels outside the image are zero, and a place that lies a whole pixel or
/// more outside, or is not a number, reads zero. Places are sums of 32-bit floats.
///
/// - Shapes: input `[N][Ci][H][W]`; offsets `[N][2·D·Kh·Kw][Ho][Wo]`, for each of the D offset groups
///   and each tap first Δy, then Δx; mask `[N][D·Kh·Kw][Ho][Wo]`. Each offset group moves `Ci / D`
///   neighbouring input channels.
/// - Source: Dai et al., ICCV 2017; Zhu et al., CVPR 2019; `torchvision.ops.deform_conv2d`.
public struct DeformableOperation: Codable, Hashable, Sendable {
  /// The rectangular convolution whose taps are moved, with its epilogue.
  public let convolution: ConvolutionOperation
  /// Parts of the input channels, each with offsets of its own.
  public let offsetGroups: Int
  /// Whether a mask weights what the taps read.
  public let isModulated: Bool

  /// A deformable convolution.
  /// - Throws: `ProblemError` where the input channels are not divisible by the offset groups.
  public init(
    _ convolution: ConvolutionOperation, offsetGroups: Int = 1, isModulated: Bool = false
  ) throws(ProblemError) {
    let channels = convolution.problem.inChannels
    guard offsetGroups >= 1, channels % offsetGroups == 0 else {
      throw .channelsNotDivisible(
        key: "input channels (ic)", value: channels, groups: offsetGroups)
    }
    self.convolution = convolution
    self.offsetGroups = offsetGroups
    self.isModulated = isModulated
  }

  /// Shape of the offsets.
  public var offsetShape: ActivationShape { shape(perTap: 2) }

  /// Shape of the mask.
  public var maskShape: ActivationShape { shape(perTap: 1) }

  private func shape(perTap: Int) -> ActivationShape {
    let problem = convolution.problem
    return ActivationShape(
      batch: problem.batch, channels: perTap * offsetGroups * problem.kernel.area,
      extent: problem.output)
  }

  /// The bound of plain summation, with ten more roundings: the weights of four pixels, their sum and
  /// the mask come before the product.
  public var errorBound: ErrorBound {
    let problem = convolution.problem
    let terms = problem.inChannelsPerGroup * problem.kernel.area + 11
    let product = Double(terms) * 0x1p-24
    return ErrorBound(relative: product / (1 - product))
  }
}

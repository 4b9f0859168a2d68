// SPDX-License-Identifier: Apache-2.0

/// One convolution, always valid once made: its shapes, stride, padding and dilation.
///
/// The operation is the cross-correlation that CNNs call convolution (no kernel flip):
/// `y[n,o,p,q] = Σ x[n, g·Ci/G + c, p·sh − pt + i·dh, q·sw − pl + j·dw] · w[o,c,i,j]` over the
/// channels `c` of the group `g = o / (Co/G)` and the taps `(i, j)`.
///
/// - Shapes: input `[batch][inChannels][input]`, filter
///   `[outChannels][inChannels/groups][kernel]`, output `[batch][outChannels][output]`.
/// - Units: dilation as PyTorch counts it, 1 is dense.
public struct ConvolutionProblem: Hashable, Sendable {
  /// Groups; each output channel sees `inChannels / groups` input channels.
  public let groups: Int
  /// Images computed at once.
  public let batch: Int
  /// Input channels, over all groups.
  public let inChannels: Int
  /// Output channels, over all groups.
  public let outChannels: Int
  /// Height and width of the input.
  public let input: Extent
  /// Height and width of the kernel, in taps.
  public let kernel: Extent
  /// Step between neighbouring outputs.
  public let stride: Extent
  /// Zeros assumed around the input.
  public let padding: Padding
  /// Distance between neighbouring taps; 1 is dense.
  public let dilation: Extent
  /// How the numbers of its tensors are stored.
  public var dataType: DataType

  /// The largest size of a single axis: above anything in benchdnn's files, far below overflow.
  public static let largestAxis = 1 << 28
  /// The largest number of elements of a tensor.
  public static let largestTensor = 1 << 40
  /// The largest number of multiply-accumulates: hours on any CPU, and far below overflow.
  public static let largestWork = 1 << 50

  /// A problem of the given shapes.
  /// - Throws: `ProblemError` where a size is not positive or too large, channels are not
  ///   divisible by the groups, or the kernel is larger than the padded input.
  public init(
    groups: Int = 1, batch: Int = 1, inChannels: Int, outChannels: Int, input: Extent,
    kernel: Extent, stride: Extent = Extent(1, 1), padding: Padding = Padding(0, 0),
    dilation: Extent = Extent(1, 1), dataType: DataType = .f32
  ) throws(ProblemError) {
    self.groups = groups
    self.batch = batch
    self.inChannels = inChannels
    self.outChannels = outChannels
    self.input = input
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.dataType = dataType
    try checkSizes()
    try checkGroups()
    try checkKernelFits()
    try checkTensors()
    try checkWork()
  }

  /// Height and width of the output.
  @inlinable
  public var output: Extent {
    Extent(
      (input.height + padding.top + padding.bottom - dilatedKernel.height) / stride.height + 1,
      (input.width + padding.left + padding.right - dilatedKernel.width) / stride.width + 1)
  }

  /// Height and width that the kernel covers: `d·(k − 1) + 1`, its receptive field.
  @inlinable
  public var dilatedKernel: Extent {
    Extent(
      dilation.height * (kernel.height - 1) + 1, dilation.width * (kernel.width - 1) + 1)
  }

  /// Input channels that one output channel sees.
  @inlinable
  public var inChannelsPerGroup: Int { inChannels / groups }

  /// Output channels of one group.
  @inlinable
  public var outChannelsPerGroup: Int { outChannels / groups }

  /// Whether each group has exactly one input channel (a channel multiplier is allowed).
  @inlinable
  public var isDepthwise: Bool { groups == inChannels && groups > 1 }

  /// Shape of the input activations.
  @inlinable
  public var inputShape: ActivationShape {
    ActivationShape(batch: batch, channels: inChannels, extent: input)
  }

  /// Shape of the output activations.
  @inlinable
  public var outputShape: ActivationShape {
    ActivationShape(batch: batch, channels: outChannels, extent: output)
  }

  /// Number of filter weights, without bias.
  @inlinable
  public var filterCount: Int { outChannels * inChannelsPerGroup * kernel.area }
}

extension ConvolutionProblem {
  private func checkSizes() throws(ProblemError) {
    let positive = [
      ("groups (g)", groups), ("batch (mb)", batch), ("input channels (ic)", inChannels),
      ("output channels (oc)", outChannels), ("input height (ih)", input.height),
      ("input width (iw)", input.width), ("kernel height (kh)", kernel.height),
      ("kernel width (kw)", kernel.width), ("stride height (sh)", stride.height),
      ("stride width (sw)", stride.width), ("dilation height (dh + 1)", dilation.height),
      ("dilation width (dw + 1)", dilation.width),
    ]
    for (key, value) in positive where value < 1 || value > Self.largestAxis {
      throw .sizeOutOfRange(key: key, value: value, accepted: 1...Self.largestAxis)
    }
    let pads = [
      ("top padding (ph)", padding.top), ("left padding (pw)", padding.left),
      ("bottom padding (ph)", padding.bottom), ("right padding (pw)", padding.right),
    ]
    for (key, value) in pads where value < 0 || value > Self.largestAxis {
      throw .sizeOutOfRange(key: key, value: value, accepted: 0...Self.largestAxis)
    }
  }

  private func checkGroups() throws(ProblemError) {
    guard inChannels % groups == 0 else {
      throw .channelsNotDivisible(key: "input channels (ic)", value: inChannels, groups: groups)
    }
    guard outChannels % groups == 0 else {
      throw .channelsNotDivisible(key: "output channels (oc)", value: outChannels, groups: groups)
    }
  }

  private func checkKernelFits() throws(ProblemError) {
    let padded = Extent(
      input.height + padding.top + padding.bottom, input.width + padding.left + padding.right)
    guard dilatedKernel.height <= padded.height, dilatedKernel.width <= padded.width else {
      throw .kernelLargerThanInput(kernel: dilatedKernel, paddedInput: padded)
    }
  }

  private func checkTensors() throws(ProblemError) {
    let tensors: [(String, [Int])] = [
      ("input", [batch, inChannels, input.height, input.width]),
      ("filter", [outChannels, inChannelsPerGroup, kernel.height, kernel.width]),
      ("output", [batch, outChannels, output.height, output.width]),
    ]
    for (tensor, axes) in tensors {
      var elements = 1
      for axis in axes {
        let (product, overflow) = elements.multipliedReportingOverflow(by: axis)
        guard !overflow, product <= Self.largestTensor else {
          throw .tensorTooLarge(tensor: tensor, axes: axes, accepted: Self.largestTensor)
        }
        elements = product
      }
    }
  }

  private func checkWork() throws(ProblemError) {
    let perOutput = inChannelsPerGroup * kernel.area
    guard perOutput <= Self.largestWork / outputShape.count else {
      throw .tooMuchWork(
        outputs: outputShape.count, perOutput: perOutput, accepted: Self.largestWork)
    }
  }
}

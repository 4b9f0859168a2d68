// SPDX-License-Identifier: Apache-2.0

/// Pooling: a window slides over each channel, and its largest or mean element is kept.
public struct Pooling: Codable, Hashable, Sendable {
  /// What is kept of a window.
  public enum Kind: String, CaseIterable, Codable, Hashable, Sendable {
    /// The largest element inside the image.
    case largest = "max"
    /// The mean of the elements inside the image; elements of the padding do not count.
    case mean = "avg"
  }

  /// What is kept.
  public var kind: Kind
  /// Shapes, window, stride and padding, as of a depthwise convolution.
  public var window: ConvolutionProblem

  /// Pooling with the geometry of `window`.
  /// - Requires: a depthwise problem with as many output as input channels.
  public init(_ kind: Kind, window: ConvolutionProblem) {
    precondition(window.groups == window.inChannels && window.outChannels == window.inChannels)
    self.kind = kind
    self.window = window
  }

  /// Whether one window covers the whole image.
  public var isGlobal: Bool {
    window.kernel == window.input && window.padding == Padding(0, 0)
      && window.dilation == Extent(1, 1)
  }
}

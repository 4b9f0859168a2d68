// SPDX-License-Identifier: Apache-2.0

/// The shape of activations: images, channels, height and width.
public struct ActivationShape: Codable, Hashable, Sendable {
  /// Images.
  public var batch: Int
  /// Channels per image.
  public var channels: Int
  /// Height and width of a channel.
  public var extent: Extent

  /// A shape.
  @inlinable
  public init(batch: Int, channels: Int, extent: Extent) {
    self.batch = batch
    self.channels = channels
    self.extent = extent
  }

  /// Number of elements, without layout padding.
  @inlinable
  public var count: Int { batch * channels * extent.area }
}

// SPDX-License-Identifier: Apache-2.0

/// How activations lie in memory; the last letter varies fastest.
public enum Layout: Hashable, Sendable {
  /// `[N][C][H][W]`, as ONNX and PyTorch pass tensors.
  case nchw
  /// `[N][H][W][C]`, channels contiguous.
  case nhwc
  /// `[N][⌈C/lanes⌉][H][W][lanes]`; the channels missing in the last block are zero.
  case channelBlocked(lanes: Int)

  /// The layout's name as it stands in variant ids and CSV: `nchw`, `nhwc`, `nchw16c`.
  public var name: String {
    switch self {
    case .nchw: "nchw"
    case .nhwc: "nhwc"
    case .channelBlocked(let lanes): "nchw\(lanes)c"
    }
  }

  /// Whether channels lie in blocks of lanes, with layout padding in the last one.
  public var isBlocked: Bool { if case .channelBlocked = self { true } else { false } }

  /// Number of floats that activations of `shape` occupy.
  public func count(_ shape: ActivationShape) -> Int {
    switch self {
    case .nchw, .nhwc: shape.count
    case .channelBlocked(let lanes):
      shape.batch * ((shape.channels + lanes - 1) / lanes) * shape.extent.area * lanes
    }
  }

  /// Distance between neighbouring columns of a row, in floats.
  @inlinable
  public func columnStep(_ shape: ActivationShape) -> Int {
    switch self {
    case .nchw: 1
    case .nhwc: shape.channels
    case .channelBlocked(let lanes): lanes
    }
  }

  /// Position of an element, in floats from the start.
  @inlinable
  public func index(
    _ shape: ActivationShape, image: Int, channel: Int, row: Int, column: Int
  ) -> Int {
    switch self {
    case .nchw:
      return ((image * shape.channels + channel) * shape.extent.height + row)
        * shape.extent.width + column
    case .nhwc:
      return ((image * shape.extent.height + row) * shape.extent.width + column)
        * shape.channels + channel
    case .channelBlocked(let lanes):
      let blocks = (shape.channels + lanes - 1) / lanes
      let block = image * blocks + channel / lanes
      return ((block * shape.extent.height + row) * shape.extent.width + column) * lanes
        + channel % lanes
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Distances in a tensor with channels innermost, in bytes.
struct LineTensor {
  /// From a pixel to the next.
  let pixel: Int
  /// From a row to the next.
  let row: Int
  /// From an image to the next.
  let image: Int
  private let blockLanes: Int
  private let block: Int

  /// The distances for `shape` in `layout`, which is `nhwc` or has blocks of `lanes` channels.
  init(_ shape: ActivationShape, layout: Layout, lanes: Int) {
    let isBlocked = layout.isBlocked
    let float = ElementType.f32.bytes
    pixel = float * (isBlocked ? lanes : shape.channels)
    row = pixel * shape.extent.width
    block = row * shape.extent.height
    // In NHWC all channels are one block.
    blockLanes = isBlocked ? lanes : shape.channels
    image = block * ((shape.channels + blockLanes - 1) / blockLanes)
  }

  /// From the first channel to another.
  func offset(channel: Int) -> Int {
    channel / blockLanes * block + channel % blockLanes * ElementType.f32.bytes
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How activations look to kernels between convolutions: planes of rows of pixels of channels.
///
/// - Units: steps count floats.
struct Planes {
  /// Planes: images where channels are innermost, else blocks of channels of images.
  let count: Int
  /// Planes of an image.
  let perImage: Int
  /// Channels of a pixel.
  let length: Int
  /// Channels of a pixel in the last plane of an image.
  let lastLength: Int
  /// From one plane to the next.
  let plane: Int
  /// From one row to the next.
  let row: Int
  /// From one pixel to the next.
  let pixel: Int

  /// The planes of `activation`.
  /// - Requires: a layout with channels innermost or blocked; of several images a whole.
  init(_ activation: Activation) {
    let shape = activation.shape
    let area = shape.extent.area
    pixel = activation.layout.columnStep(activation.whole)
    row = shape.extent.width * pixel
    plane = area * pixel
    if case .channelBlocked(let lanes) = activation.layout {
      perImage = (shape.channels + lanes - 1) / lanes
      length = lanes
      lastLength = shape.channels - (perImage - 1) * lanes
    } else {
      perImage = 1
      length = shape.channels
      lastLength = length
    }
    count = shape.batch * perImage
  }

  /// From one plane to the next, and from one row, or else pixel, to the next.
  func steps(ofRows takesRows: Bool) -> (plane: Int, row: Int) { (plane, takesRows ? row : pixel) }

  /// Whether pixels follow each other without a gap, so that a row is one run of floats.
  var isDense: Bool { pixel == length }
}

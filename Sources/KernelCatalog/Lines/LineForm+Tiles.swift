// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension LineForm {
  /// Cuts `outputs` neighbouring outputs into tiles of `pixels` and `shorter` outputs; nil where
  /// there are too few for a single tile.
  ///
  /// Longer tiles come first. The last tile overlaps the one before it where no sum of tiles is
  /// exact: outputs are computed twice then, with the same result.
  func tiles(for outputs: Int) -> [Range<Int>]? {
    guard outputs >= shorter else { return nil }
    let count = (outputs + pixels - 1) / pixels
    let spare = count * pixels - outputs
    let difference = pixels - shorter
    var shortTiles = difference > 0 ? min(count, spare / difference) : 0
    var longTiles = count - shortTiles
    if outputs < pixels {
      longTiles = 0
      shortTiles = (outputs + shorter - 1) / shorter
    }
    var tiles: [Range<Int>] = []
    for tile in 0..<longTiles + shortTiles {
      let size = tile < longTiles ? pixels : shorter
      let first = min(tiles.last?.upperBound ?? 0, outputs - size)
      tiles.append(first..<first + size)
    }
    return tiles
  }
}

extension LineEntry {
  /// Whether the kernel can compute the lines of `geometry`, if they are long enough.
  func fits(_ geometry: LineGeometry) -> Bool {
    let axis = geometry.along
    guard form.source == geometry.source,
      LineUnits(instructionSet).fits(pixels: form.pixels, taps: form.isWhole ? 1 : form.taps)
    else { return false }
    if form.pitch != 0 {
      let step = form.pitch * instructionSet.lanes * ElementType.f32.bytes
      guard axis.inputPitch == step, axis.outputPitch == step, axis.dilation == 1 else {
        return false
      }
    }
    if form.isWhole {
      guard form.taps == axis.taps, geometry.channelOffsets.count == 1 else { return false }
    }
    guard form.taps > 1 else { return true }
    // Between dilated taps only outputs of one phase share inputs, and a stride skips phases.
    return form.taps <= axis.taps && axis.stride == form.stride
      && (axis.dilation == 1 || axis.stride == 1)
  }
}

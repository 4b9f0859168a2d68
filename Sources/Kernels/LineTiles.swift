// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Tiles of one size and the loops over them.
protocol LineTiles: SendableMetatype {
  /// What they are specialised for, with tiles of no other size.
  static var form: LineForm { get }
  /// Computes tiles whose steps all lie inside the image, in every line of the block.
  static func inside(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock)
  /// Computes one tile, some of whose steps lie outside the image, in every line of the block.
  static func border(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock)
}

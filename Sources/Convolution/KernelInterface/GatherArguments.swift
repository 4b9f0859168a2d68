// SPDX-License-Identifier: Apache-2.0

/// What the microkernel works on that moves channels: a channel shuffle as a copy.
///
/// A task is one row of pixels of one plane; planes are as in `ElementwiseArguments`.
/// - Units: steps and table entries count floats.
public struct GatherArguments: BitwiseCopyable {
  /// What is read.
  public var input: UnsafePointer<Float>
  /// What is written.
  public var output: UnsafeMutablePointer<Float>
  /// Where each channel of a pixel comes from, from the start of the image; `length` per plane of
  /// an image, negative for layout padding.
  public var table: UnsafePointer<Int>
  /// Images.
  public var images: Int
  /// Planes of an image.
  public var planesPerImage: Int
  /// Rows of an image.
  public var rows: Int
  /// Pixels of a row.
  public var pixels: Int
  /// Channels of a pixel.
  public var length: Int
  /// From one image, row and pixel to the next.
  public var inputImage: Int, inputRow: Int, inputPixel: Int
  /// From one plane, row and pixel to the next.
  public var outputPlane: Int, outputRow: Int, outputPixel: Int

  /// Number of independent tasks.
  public var tasks: Int { images * planesPerImage * rows }

  /// Arguments; see the properties.
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, table: UnsafePointer<Int>,
    images: Int, planesPerImage: Int, rows: Int, pixels: Int, length: Int, inputImage: Int,
    inputRow: Int, inputPixel: Int, outputPlane: Int, outputRow: Int, outputPixel: Int
  ) {
    self.input = input
    self.output = output
    self.table = table
    self.images = images
    self.planesPerImage = planesPerImage
    self.rows = rows
    self.pixels = pixels
    self.length = length
    self.inputImage = inputImage
    self.inputRow = inputRow
    self.inputPixel = inputPixel
    self.outputPlane = outputPlane
    self.outputRow = outputRow
    self.outputPixel = outputPixel
  }
}

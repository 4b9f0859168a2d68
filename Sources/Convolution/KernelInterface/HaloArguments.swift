// SPDX-License-Identifier: Apache-2.0

/// What a depthwise kernel works on that copies planes between columns of zeros, one plane of channels or
/// two at a time.
///
/// A task is one image × one bundle of planes. In the copy, vectors of a bundle's planes lie side by side
/// for each pixel, and so do their weights for each tap.
/// - Units: every offset and step in bytes.
public struct HaloArguments: BitwiseCopyable {
  /// The input.
  public var input: UnsafeRawPointer
  /// Packed weights: `[bundle][taps down][taps along][planes of a bundle]` vectors.
  public var weights: UnsafeRawPointer
  /// Biases: `[bundle][planes of a bundle]` vectors, zeros where the operation has none.
  public var bias: UnsafeRawPointer
  /// The output.
  public var output: UnsafeMutableRawPointer
  /// The planes of all bundles, bundle by bundle.
  public var planes: UnsafePointer<LinePlane>
  /// The rows of outputs; inputs are places in the copy.
  public var rows: UnsafePointer<OutputLine>
  /// The tiles of a row.
  public var tiles: UnsafePointer<HaloTile>
  /// Memory of all workers, zero wherever no input is copied to.
  public var scratch: UnsafeMutableRawPointer
  /// From one worker's memory to the next's.
  public var scratchPerWorker = 0
  /// Planes of a bundle: 1 or 2.
  public var planesPerBundle = 1
  /// Bundles of an image.
  public var bundles = 0
  /// Rows of outputs.
  public var rowCount = 0
  /// Tiles of a row.
  public var tileCount = 0
  /// Rows and columns of the input.
  public var inputRows = 0, inputColumns = 0
  /// From one pixel, row and image of the input to the next.
  public var inputPixel = 0, inputRow = 0, inputImage = 0
  /// From a row of the copy to the next, and from its start to the first column of the image.
  public var copyRow = 0, copyStart = 0
  /// In the copy, from an input to the one under the next tap along and down.
  public var tapAlong = 0, tapDown = 0
  /// From the weights of a tap to those of the one below.
  public var weightsDown = 0
  /// From one output and image of outputs to the next.
  public var outputPixel = 0, outputImage = 0
  /// Inputs from an output to the next: 1 or 2.
  public var stride = 1
  /// Whether negative results become zero.
  public var hasReLU = false

  /// Arguments over the given memory, all counts and steps still unset.
  public init(
    input: UnsafeRawPointer, weights: UnsafeRawPointer, bias: UnsafeRawPointer,
    output: UnsafeMutableRawPointer, planes: UnsafePointer<LinePlane>,
    rows: UnsafePointer<OutputLine>, tiles: UnsafePointer<HaloTile>,
    scratch: UnsafeMutableRawPointer
  ) {
    (self.input, self.weights, self.bias, self.output) = (input, weights, bias, output)
    (self.planes, self.rows, self.tiles, self.scratch) = (planes, rows, tiles, scratch)
  }
}

/// Neighbouring outputs of a row, and the taps along that meet the image under any of them.
/// - Units: offsets in bytes.
public struct HaloTile: BitwiseCopyable {
  /// From a row of the copy to the input under the first of `taps`.
  public var input: Int
  /// From a row of outputs to the first.
  public var output: Int
  /// From the first weights of a row of taps to those of the first of `taps`.
  public var weights: Int
  /// Taps along.
  public var taps: Int
  /// Outputs.
  public var pixels: Int

  /// A tile.
  public init(input: Int, output: Int, weights: Int, taps: Int, pixels: Int) {
    (self.input, self.output, self.weights) = (input, output, weights)
    (self.taps, self.pixels) = (taps, pixels)
  }
}

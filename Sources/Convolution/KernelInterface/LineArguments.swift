// SPDX-License-Identifier: Apache-2.0

/// What a line kernel works on: tensors, steps between their elements, and tables that say
/// which taps of which outputs lie inside the image.
///
/// A *line* is the run of outputs along which tiles lie side by side: a row of the image where the
/// lanes of a vector are channels, a column where the lanes are neighbours in a row. *Taps across*
/// are the kernel's taps at right angles to it.
///
/// A task is one plane (channels of one vector, of one image) × one part of its lines. Where the last
/// plane shares channels with the one before it, both are one task, so that every output has one
/// writer.
/// - Units: every offset and step in bytes.
public struct LineArguments {
  /// The input; offsets into it may point outside where no tap is read.
  public var input: UnsafeRawPointer
  /// Packed weights, one vector per tap.
  public var weights: UnsafeRawPointer
  /// One vector of biases per plane of an image, zeros where the operation has none.
  public var bias: UnsafeRawPointer
  /// The output.
  public var output: UnsafeMutableRawPointer
  /// The lines of a plane.
  public var lines: UnsafePointer<OutputLine>
  /// The planes of an image.
  public var planes: UnsafePointer<LinePlane>
  /// The segments of a line, the same for every line.
  public var segments: UnsafePointer<LineSegment>
  /// Pieces of the kernel that segments refer to.
  public var chunks: UnsafePointer<TapChunk>
  /// Number of lines of a plane.
  public var lineCount: Int = 0
  /// Number of segments of a line.
  public var segmentCount: Int = 0
  /// Lines in one task.
  public var linesPerTask: Int = 1
  /// Lines that are computed segment by segment before the next ones follow.
  public var linesPerBlock: Int = 1
  /// Parts into which a plane's lines are divided.
  public var partCount: Int = 1
  /// Planes of an image.
  public var planeCount: Int = 0
  /// Planes of an image that have tasks of their own: all, or all but the last.
  public var planeTasks: Int = 0
  /// Whether neighbouring tasks are neighbouring planes; otherwise parts of one plane.
  public var planesInnermost: Bool = false
  /// Whether negative results become zero.
  public var hasReLU: Bool = false
  /// From an input to its neighbour along the line, the dilation included.
  public var inputStep: Int = 0
  /// From an input to the one under the next tap across.
  public var inputAcross: Int = 0
  /// From an output to its neighbour of the same tile.
  public var outputStep: Int = 0
  /// From the weights of one tap across to those of the next.
  public var weightsAcross: Int = 0
  /// Bytes of a plane's outputs that may be written as whole vectors, where lanes are pixels.
  public var outputBytes: Int = 0
  /// Outputs in a vector that is not written as a whole.
  public var outputLanes: Int = 0
  /// From one image to the next.
  public var inputImage: Int = 0
  /// From one image to the next.
  public var outputImage: Int = 0
  /// Where sums over the pixels of lines go; nil where nobody wants them.
  public var sums: LineSums?
  /// From the inputs behind a tile's last taps across to those that are asked for in advance.
  public var inputAhead: Int = 0
  /// From a tile's outputs to those that are asked for in advance; 0 where nothing is.
  public var outputAhead: Int = 0

  /// Arguments over the given memory, everything else zero.
  public init(
    input: UnsafeRawPointer, weights: UnsafeRawPointer, bias: UnsafeRawPointer,
    output: UnsafeMutableRawPointer, lines: UnsafePointer<OutputLine>,
    planes: UnsafePointer<LinePlane>, segments: UnsafePointer<LineSegment>,
    chunks: UnsafePointer<TapChunk>
  ) {
    self.input = input
    self.weights = weights
    self.bias = bias
    self.output = output
    self.lines = lines
    self.planes = planes
    self.segments = segments
    self.chunks = chunks
  }
}

/// The channels of one vector, in one image.
/// - Units: offsets in bytes.
public struct LinePlane: BitwiseCopyable {
  /// The plane's first input.
  public var input: Int
  /// The plane's first output.
  public var output: Int
  /// The plane's weights.
  public var weights: Int
  /// The plane's bias.
  public var bias: Int
  /// The plane's first sums over pixels.
  public var sums: Int = 0

  /// A plane.
  public init(input: Int, output: Int, weights: Int = 0, bias: Int = 0) {
    self.input = input
    self.output = output
    self.weights = weights
    self.bias = bias
  }
}

/// One line of outputs of a plane, and the taps across that lie inside the image.
/// - Units: offsets in bytes.
public struct OutputLine: BitwiseCopyable {
  /// The input under the first of `taps`, at the line's start.
  public var input: Int
  /// The line's first output.
  public var output: Int
  /// The weights of the first of `taps`.
  public var weights: Int
  /// Taps across that lie inside the image.
  public var taps: Int

  /// A line.
  public init(input: Int, output: Int, weights: Int, taps: Int) {
    self.input = input
    self.output = output
    self.weights = weights
    self.taps = taps
  }
}

/// Neighbouring taps along a line that a kernel applies at once, or a single tap.
/// - Units: offsets in bytes.
public struct TapChunk: BitwiseCopyable {
  /// From the tile's step 0 to the chunk's.
  public var input: Int
  /// From the weights of the tap across to the chunk's.
  public var weights: Int
  /// The first of the chunk's steps that lies inside the image.
  public var low: Int
  /// The step after the last one inside the image.
  public var high: Int

  /// A chunk.
  public init(input: Int, weights: Int, low: Int, high: Int) {
    self.input = input
    self.weights = weights
    self.low = low
    self.high = high
  }
}

/// Where line kernels put the sums of each line over its pixels, lanes being channels.
///
/// - Units: steps in bytes.
public struct LineSums: BitwiseCopyable {
  /// The sums of the first line of the first image.
  public var sums: UnsafeMutableRawPointer
  /// From one image to the next.
  public var image: Int
  /// From one line to the next.
  public var line: Int
  /// Outputs of a line.
  public var outputs: Int
  /// From an output to its neighbour.
  public var output: Int

  /// Places of sums.
  public init(
    sums: UnsafeMutableRawPointer, image: Int, line: Int, outputs: Int, output: Int
  ) {
    self.sums = sums
    self.image = image
    self.line = line
    self.outputs = outputs
    self.output = output
  }
}

/// Tiles side by side in a line that meet the image's border in the same way.
///
/// A tile's *steps* are the inputs under it along the line, counted from the first one that its
/// first tap touches. Where a segment has several tiles, all of their steps lie inside the image.
/// - Units: offsets in bytes.
public struct LineSegment: BitwiseCopyable {
  /// From the line's input to the first tile's step 0; may lie outside the image.
  public var input: Int
  /// From the line's first output to the first tile's.
  public var output: Int
  /// Number of tiles.
  public var tiles: Int = 1
  /// Whether its tiles have the kernel's smaller number of outputs.
  public var isShort: Bool = false
  /// Whether every step lies inside the image.
  public var isInside: Bool = false
  /// The first step inside the image; for kernels that take all taps of a line at once.
  public var low: Int = 0
  /// The step after the last one inside the image.
  public var high: Int = 0
  /// Position of the first chunk in the table, for kernels that take the taps in chunks.
  public var firstChunk: Int = 0
  /// Number of chunks of full size.
  public var chunkCount: Int = 0
  /// Number of single taps, which follow the chunks in the table.
  public var singleCount: Int = 0

  /// A segment of one tile without chunks.
  public init(input: Int, output: Int) {
    self.input = input
    self.output = output
  }
}

// SPDX-License-Identifier: Apache-2.0

/// What a convolution of plain `[N][C][H][W]` tensors with pixels in the lanes works on: plain data,
/// made by its planner, walked by its microkernels.
///
/// A task is a group of an image × a band of output rows. Its input channels are copied between zeros,
/// rows and columns of each remainder of the stride apart, so that the input under a tap lies a
/// constant away from that under the first one, for all outputs. *Positions* are the outputs of a band
/// row after row, those included that would lie in the gap between two rows of the copy; they are
/// computed in vain, so that vectors need not end with rows. A 1×1 kernel without stride and padding reads
/// the input as it is: its positions are the pixels of a plane.
/// - Shapes: filter `[group][block][input channel of the group][tap][channel of the block]`; bias
///   `[output channel]`.
/// - Units: offsets and pitches in bytes.
public struct PlaneArguments: BitwiseCopyable {
  /// The input.
  public var input: UnsafeRawPointer
  /// The packed filter.
  public var filter: UnsafeRawPointer
  /// The bias; zeros where the operation has none.
  public var bias: UnsafeRawPointer
  /// The output.
  public var output: UnsafeMutableRawPointer
  /// Memory of all workers: a vector to spare, then the copies, zero wherever no input is copied to.
  public var scratch: UnsafeMutableRawPointer
  /// The bands of an image.
  public var bands: UnsafePointer<PlaneBand>
  /// The rows that bands copy.
  public var rows: UnsafePointer<PlaneRow>
  /// The tiles of bands.
  public var tiles: UnsafePointer<PlaneTiles>
  /// The vectors of positions of bands.
  public var vectors: UnsafePointer<PlaneVector>
  /// Lists of lanes, 32 bits each, to which vectors refer.
  public var lanes: UnsafeRawPointer
  /// The output channels of a group, some at a time.
  public var blocks: UnsafePointer<PlaneBlock>
  /// From the input under the first tap to that under each one.
  public var taps: UnsafePointer<Int>
  /// Counts and pitches.
  public var steps: PlaneSteps

  /// What lies before the copies in a worker's memory: a vector, rounded up to a cache line.
  @inlinable
  public static var spareBytes: Int { 64 }

  /// Arguments; see the properties.
  public init(
    input: UnsafeRawPointer, filter: UnsafeRawPointer, bias: UnsafeRawPointer,
    output: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer,
    bands: UnsafePointer<PlaneBand>, rows: UnsafePointer<PlaneRow>,
    tiles: UnsafePointer<PlaneTiles>, vectors: UnsafePointer<PlaneVector>,
    lanes: UnsafeRawPointer, blocks: UnsafePointer<PlaneBlock>, taps: UnsafePointer<Int>,
    steps: PlaneSteps
  ) {
    self.input = input
    self.filter = filter
    self.bias = bias
    self.output = output
    self.scratch = scratch
    self.bands = bands
    self.rows = rows
    self.tiles = tiles
    self.vectors = vectors
    self.lanes = lanes
    self.blocks = blocks
    self.taps = taps
    self.steps = steps
  }
}

/// Counts and pitches of a convolution with pixels in the lanes.
/// - Units: pitches in bytes.
public struct PlaneSteps: BitwiseCopyable {
  /// Bands of an image.
  public var bands = 1
  /// From a tile's inputs to those that are asked for while it sums; 0 where nothing is.
  public var inputAhead = 0
  /// Whether a tile asks for its outputs before it sums.
  public var asksForOutputs = false
  /// Groups of an image.
  public var groups = 1
  /// Input channels of a group.
  public var inputChannels = 1
  /// Blocks of output channels of a group.
  public var blocks = 1
  /// Taps of the kernel.
  public var taps = 1
  /// How a row is copied.
  public var row = RowCopy()
  /// Bytes of a row that become zero where it lies outside the image, in each remainder.
  public var zeroBytes = 0
  /// Remainders of the stride whose columns lie apart.
  public var remainders = 1
  /// From one worker's memory to the next's.
  public var scratchPerWorker = 0
  /// From a copied channel to the next.
  public var copiedChannel = 0
  /// From an input channel to the next, and from the channels of a group to the next one's.
  public var inputChannel = 0, inputGroup = 0
  /// From an output channel to the next, and from the channels of a group to the next one's.
  public var outputChannel = 0, outputGroup = 0
  /// From the filter and the biases of a group to the next one's.
  public var filterGroup = 0, biasGroup = 0
  /// Whether channels are copied; otherwise positions are read where the input lies.
  public var copies = true
  /// Whether there are positions between rows.
  public var hasGaps = false
  /// Whether negative results become zero.
  public var hasReLU = false

  /// Nothing of anything; to be filled in.
  public init() {}
}

/// Some output rows of an image.
/// - Units: offsets in bytes.
public struct PlaneBand: BitwiseCopyable {
  /// The rows that are copied for it.
  public var firstRow: Int, endRow: Int
  /// Its tiles.
  public var firstTiles: Int, endTiles: Int
  /// The vectors of its positions.
  public var firstVector: Int
  /// Its first output in a channel.
  public var output: Int

  /// A band.
  public init(rows: Range<Int>, tiles: Range<Int>, firstVector: Int, output: Int) {
    (firstRow, endRow) = (rows.lowerBound, rows.upperBound)
    (firstTiles, endTiles) = (tiles.lowerBound, tiles.upperBound)
    self.firstVector = firstVector
    self.output = output
  }
}

/// A row of a channel's copy.
/// - Units: offsets in bytes.
public struct PlaneRow: BitwiseCopyable {
  /// Where it lies in the channel; negative for a row of zeros.
  public var source: Int
  /// Where it lies in the copy.
  public var target: Int

  /// A row.
  public init(source: Int, target: Int) {
    self.source = source
    self.target = target
  }
}

/// Tiles of the same number of vectors that follow each other.
public struct PlaneTiles: BitwiseCopyable {
  /// Vectors of positions of a tile.
  public var vectors: Int
  /// Number of tiles.
  public var count: Int

  /// Tiles.
  public init(vectors: Int, count: Int) {
    self.vectors = vectors
    self.count = count
  }
}

/// A vector of positions and where its outputs go.
public struct PlaneVector: BitwiseCopyable {
  /// Its first output, in bytes from that of the band.
  public var output: Int
  /// Its positions that are outputs.
  public var valid: Int
  /// Lanes that are written: where outputs follow that are written later, the whole vector.
  public var written: Int
  /// Where the lanes of its outputs are listed, in bytes.
  public var lanes: Int

  /// A vector.
  public init(output: Int, valid: Int, written: Int, lanes: Int) {
    self.output = output
    self.valid = valid
    self.written = written
    self.lanes = lanes
  }
}

/// Output channels of a group that are computed together.
/// - Units: offsets in bytes.
public struct PlaneBlock: BitwiseCopyable {
  /// Number of channels.
  public var channels: Int
  /// Its filter, from that of the group.
  public var filter: Int
  /// Its biases, from those of the group.
  public var bias: Int
  /// Its first output, from that of the group.
  public var output: Int

  /// A block.
  public init(channels: Int, filter: Int, bias: Int, output: Int) {
    self.channels = channels
    self.filter = filter
    self.bias = bias
    self.output = output
  }
}

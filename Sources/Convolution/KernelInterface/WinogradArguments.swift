// SPDX-License-Identifier: Apache-2.0

/// What the Winograd microkernels work on: tensors, transforms and the cut into tasks.
///
/// A block of tiles is computed in three steps: the input transform writes its *points*, a matrix
/// product per point sums over the channels, and the output transform writes the outputs. Either one
/// task does all three for a block of tiles, with memory of its worker; or, where there are few
/// tiles, the input transform is a phase of its own and the tasks of the second one are a block of
/// tiles × a block of output channels.
///
/// - Shapes: transformed input `[point][tile][channel]`, transformed filter
///   `[output block][point][panel][channel][2 vectors][lane]`, products
///   `[point][tile][panel][2 vectors][lane]`, bias `[vector][lane]`; constants one vector each.
/// - Units: all steps count bytes.
public struct WinogradArguments {
  /// The input activations.
  public var input: UnsafeRawPointer
  /// The transformed and packed filter.
  public var filter: UnsafeRawPointer
  /// The packed bias; zeros where the operation has none.
  public var bias: UnsafeRawPointer
  /// The output activations.
  public var output: UnsafeMutableRawPointer
  /// The transforms' constants, each repeated over a vector.
  public var constants: UnsafeRawPointer
  /// The transformed input: of each worker, or of each block of tiles.
  public var transformed: UnsafeMutableRawPointer
  /// Memory of each worker for products and one tile.
  public var scratch: UnsafeMutableRawPointer
  /// All tiles.
  public var tiles: UnsafePointer<WinogradTile>

  /// Number of `tiles`.
  public var tileCount = 0
  /// Rows of tiles of an image, where each is a block.
  public var tileRows = 1
  /// Blocks of tiles, nearly equal.
  public var blocks = 1
  /// Input channels.
  public var channels = 0
  /// Input channels that are summed for all tiles of a block before the next are.
  public var channelsPerSum = 0
  /// Vectors of input channels.
  public var inputVectors = 0
  /// Vectors of input channels that a task of the input transform has, where that is a phase; the
  /// last one of a block may have one more, see `parts(of:)`.
  public var inputVectorsPerTask = 1
  /// Vectors of output channels.
  public var outputVectors = 0
  /// Output channels in the last vector; the rest of it is not written.
  public var lastLanes = 0
  /// Panels, of two vectors of output channels, in a block.
  public var panelsPerBlock = 1
  /// Blocks of panels.
  public var outputBlocks = 1
  /// Whether negative results become zero.
  public var hasReLU = false

  /// From one row of taps to the next in the input, and from one column to the next.
  public var inputRow = 0, inputColumn = 0
  /// From one vector of channels to the next in the input, and where the last one starts, which may
  /// overlap the one before.
  public var inputVector = 0, lastInputVector = 0
  /// From one row of a tile's outputs to the next, one column, one vector of channels.
  public var outputRow = 0, outputColumn = 0, outputVector = 0
  /// From one point to the next in the transformed input, and from one tile to the next.
  public var transformedPoint = 0, transformedTile = 0
  /// Where the last vector of channels lies in a tile of the transformed input.
  public var lastTransformedVector = 0
  /// From one worker's or block's transformed input to the next.
  public var transformedStep = 0
  /// From one point to the next in the products, and from one tile to the next.
  public var productPoint = 0, productTile = 0
  /// From one worker's scratch to the next; where in it the products start.
  public var scratchStep = 0, productOffset = 0

  /// Arguments whose numbers are still to be set.
  public init(
    input: UnsafeRawPointer, filter: UnsafeRawPointer, bias: UnsafeRawPointer,
    output: UnsafeMutableRawPointer, constants: UnsafeRawPointer,
    transformed: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer,
    tiles: UnsafePointer<WinogradTile>
  ) {
    self.input = input
    self.filter = filter
    self.bias = bias
    self.output = output
    self.constants = constants
    self.transformed = transformed
    self.scratch = scratch
    self.tiles = tiles
  }

  /// The tiles of block `block`.
  @inlinable @inline(__always)
  public func tiles(ofBlock block: Int) -> (first: Int, end: Int) {
    (tileCount &* block / blocks, tileCount &* (block &+ 1) / blocks)
  }

  /// The vectors of input channels of part `part` of `parts(of:perTask:)`.
  @inlinable @inline(__always)
  public func inputVectors(ofPart part: Int) -> (first: Int, end: Int) {
    let first = part &* inputVectorsPerTask
    let isLast = part &+ 1 == Self.parts(of: inputVectors, perTask: inputVectorsPerTask)
    return (first, isLast ? inputVectors : first &+ inputVectorsPerTask)
  }

  /// Tasks into which the input transform of a block cuts `vectors` vectors of channels.
  ///
  /// A last vector that would be alone stays with those before it. Without layout padding it overlaps
  /// the one before it, and what is written twice must have one writer.
  @inlinable @inline(__always)
  public static func parts(of vectors: Int, perTask: Int) -> Int {
    vectors < 2 ? 1 : (vectors &+ perTask &- 2) / perTask
  }
}

/// A square of outputs of a Winograd convolution, and the square of inputs that they come from.
///
/// - Units: offsets count bytes, the others rows and columns of the tile.
public struct WinogradTile: BitwiseCopyable {
  /// Where the first input lies, from the start of the activations; it may be outside the image.
  public var input: Int
  /// Where the first output lies.
  public var output: Int
  /// Input rows before `firstRow` and from `endRow` on are outside the image, and so zero.
  public var firstRow: Int32, endRow: Int32
  /// Input columns before `firstColumn` and from `endColumn` on are outside the image.
  public var firstColumn: Int32, endColumn: Int32
  /// Outputs of the tile that the image has.
  public var rows: Int32, columns: Int32

  /// A tile.
  public init(
    input: Int, output: Int, inputRows: Range<Int>, inputColumns: Range<Int>, rows: Int,
    columns: Int
  ) {
    self.input = input
    self.output = output
    firstRow = Int32(inputRows.lowerBound)
    endRow = Int32(inputRows.upperBound)
    firstColumn = Int32(inputColumns.lowerBound)
    endColumn = Int32(inputColumns.upperBound)
    self.rows = Int32(rows)
    self.columns = Int32(columns)
  }
}

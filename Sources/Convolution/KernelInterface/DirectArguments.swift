// SPDX-License-Identifier: Apache-2.0

/// What a direct convolution works on: plain data, made by its planner, read by its microkernels.
///
/// The planner decides everything that depends on the problem: which pixels form a tile, which taps
/// of a tile fall inside the image, how the sum over channels is cut so that a part of the filter
/// stays in cache. The kernels only walk these tables, so one kernel serves every layout.
///
/// A sum goes over blocks of channels, the rows of taps, the columns of taps, *runs* of channels and
/// the channels of a run, from slow to fast.
///
/// Numbers may be stored in other types than floats, see `DataType`: of pointers to floats it is then the
/// address that counts. A *quantum* is as many channels as four bytes hold: 1 of f32, 2 of bf16, 4 of u8.
///
/// - Shapes: filter `[panel][block][Kh][Kw][run][quantum of run][vector][lane][channel of quantum]`,
///   padded with zeros to whole vectors, quanta and runs; bias `[output channel]`, readable up to the last
///   one's whole vector. With `steps.joinsTaps`, `[Kw]` and `[run]` change places.
public struct DirectArguments: BitwiseCopyable {
  /// The input activations.
  public var input: UnsafePointer<Float>
  /// The packed filter, of floats or of other quanta.
  public var packedFilter: UnsafePointer<Float>
  /// The packed bias; zeros where the operation has none.
  public var bias: UnsafePointer<Float>
  /// The output activations.
  public var output: UnsafeMutablePointer<Float>
  /// What a step of a sum of integers is in steps of the output, for each output channel; nil of floats.
  public var scales: UnsafePointer<Float>?
  /// What sums of integers lack because the input's zero point is none; nil of floats.
  ///
  /// `[panel][class of rows][class of columns][vector][lane]`: minus the zero point times the sum of the
  /// weights of those taps that fall inside the image. Classes 0 have no taps.
  public var compensation: UnsafePointer<Int32>?
  /// Where several groups share a vector of output channels, the first quantum of the input that each lane
  /// sees, counted from the first group's; nil where all lanes see the same.
  public var spread: UnsafePointer<Int32>?
  /// What sums start from besides the bias, laid out as the output; nil where from the bias alone.
  public var addend: UnsafePointer<Float>?
  /// Where the sums of each segment of a row over its pixels go; nil where nobody wants them.
  public var channelSums: UnsafeMutablePointer<Float>?
  /// Where each worker collects the sums of a task, `[row][pixel][vector][lane]`, before it writes
  /// them with channels outermost; nil where tiles write the output themselves.
  ///
  /// An output in fewer bits than sums is written by tiles as well, once its sums are complete; until then
  /// they are here.
  public var scratch: UnsafeMutablePointer<Float>?
  /// Floats of a worker's scratch.
  public var scratchPerWorker: Int

  /// Output channels, a few vectors at a time.
  public var panels: UnsafePointer<DirectPanel>
  /// Output rows of all images.
  public var rows: UnsafePointer<DirectRow>
  /// Ranges of `sweeps`: for each width of panel, one per segment of a row.
  public var segments: UnsafePointer<DirectSegment>
  /// Tiles of an output row.
  public var sweeps: UnsafePointer<DirectSweep>
  /// How to step through the tensors.
  public var steps: DirectSteps

  /// Ranges of `panels`, one of which a task computes.
  public var panelTasks: UnsafePointer<DirectRange>
  /// Number of `panelTasks`.
  public var panelTaskCount: Int
  /// Ranges of `rows`, one of which a task computes.
  public var rowTasks: UnsafePointer<DirectRange>
  /// Number of `rowTasks`.
  public var rowTaskCount: Int
  /// Segments of a row, one of which a task computes.
  public var segmentCount: Int

  /// How a panel's rows are copied before they are summed; nil where tiles read the input itself.
  public var copy: DirectCopy?

  /// Number of independent tasks.
  public var tasks: Int { panelTaskCount * rowTaskCount * segmentCount }

  /// Arguments; see the properties.
  public init(
    input: UnsafePointer<Float>, packedFilter: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>?,
    scratchPerWorker: Int, panels: UnsafePointer<DirectPanel>, rows: UnsafePointer<DirectRow>,
    segments: UnsafePointer<DirectSegment>, sweeps: UnsafePointer<DirectSweep>,
    steps: DirectSteps, panelTasks: UnsafePointer<DirectRange>, panelTaskCount: Int,
    rowTasks: UnsafePointer<DirectRange>, rowTaskCount: Int, segmentCount: Int
  ) {
    self.input = input
    self.packedFilter = packedFilter
    self.bias = bias
    self.output = output
    self.scratch = scratch
    self.scratchPerWorker = scratchPerWorker
    self.panels = panels
    self.rows = rows
    self.segments = segments
    self.sweeps = sweeps
    self.steps = steps
    (self.panelTasks, self.panelTaskCount) = (panelTasks, panelTaskCount)
    (self.rowTasks, self.rowTaskCount) = (rowTasks, rowTaskCount)
    self.segmentCount = segmentCount
  }
}

/// A few vectors of output channels that a direct convolution computes together.
///
/// - Units: offsets count elements, in the filter quanta of a lane.
public struct DirectPanel: BitwiseCopyable {
  /// Vectors of output channels.
  public var vectors: Int
  /// Lanes of the last vector that are written.
  public var lanes: Int
  /// Where its filter starts.
  public var filterStart: Int
  /// Where its bias starts.
  public var biasStart: Int
  /// Where the input channels start that it sums over.
  public var inputStart: Int
  /// Where its first output channel starts.
  public var outputStart: Int
  /// Runs of input channels that it sums over.
  public var runs: Int
  /// Channels of the last run.
  public var lastRun: Int
  /// Index of the first segment for panels of this width.
  public var firstSegment: Int
  /// Where the sums of its first channel over pixels go.
  public var sumsStart = 0
  /// Where its compensation starts.
  public var compensationStart = 0
  /// Whether its sums start here; otherwise they wait in the output.
  public var starts = true
  /// Whether its sums are complete; otherwise the next panel goes on with them.
  public var finishes = true

  /// A panel.
  public init(
    vectors: Int, lanes: Int, filterStart: Int, biasStart: Int, inputStart: Int, outputStart: Int,
    runs: Int, lastRun: Int, firstSegment: Int
  ) {
    self.vectors = vectors
    self.lanes = lanes
    self.filterStart = filterStart
    self.biasStart = biasStart
    self.inputStart = inputStart
    self.outputStart = outputStart
    self.runs = runs
    self.lastRun = lastRun
    self.firstSegment = firstSegment
  }
}

/// Entries `first..<end` of a table, as plain data.
public struct DirectRange: BitwiseCopyable {
  /// The first entry.
  public var first: Int
  /// Past the last entry.
  public var end: Int

  /// The entries of `range`.
  public init(_ range: Range<Int>) {
    first = range.lowerBound
    end = range.upperBound
  }
}

/// An output row of a direct convolution.
///
/// - Units: offsets count elements.
public struct DirectRow: BitwiseCopyable {
  /// Where the input row of the first tap inside the image starts.
  public var input: Int
  /// Where the output row starts.
  public var output: Int
  /// First row of taps that falls inside the image.
  public var firstTap: Int
  /// Rows of taps that fall inside the image.
  public var taps: Int
  /// Where the row's sums over its pixels start.
  public var sums: Int
  /// The class of its taps; 0 where it has none.
  public var tapClass = 0

  /// A row.
  public init(input: Int, output: Int, firstTap: Int, taps: Int, sums: Int = 0) {
    self.input = input
    self.output = output
    self.firstTap = firstTap
    self.taps = taps
    self.sums = sums
  }
}

/// A part of an output row that one task computes.
public struct DirectSegment: BitwiseCopyable {
  /// First pixel.
  public var firstPixel: Int
  /// Pixels.
  public var pixels: Int
  /// The sweeps that compute it.
  public var sweeps: DirectRange

  /// The part of `pixels`, computed by `sweeps`.
  public init(_ pixels: Range<Int>, sweeps: DirectRange) {
    firstPixel = pixels.lowerBound
    self.pixels = pixels.count
    self.sweeps = sweeps
  }
}

/// Neighbouring tiles of an output row that sum the same columns of taps.
///
/// A tile whose taps all fall inside the image for all of its pixels is one sweep that `clears` and
/// `finishes`. At the image's edge a tile is several: one that clears, then for each set of taps
/// one over the pixels for which they fall inside, and the last one finishes.
///
/// - Units: offsets count elements.
public struct DirectSweep: BitwiseCopyable {
  /// Where the first tile's first tap reads, from the start of the input row.
  public var input: Int
  /// The first pixel of the first tile.
  public var firstPixel: Int
  /// Pixels of a tile.
  public var pixels: Int
  /// Tiles.
  public var tiles: Int
  /// First column of taps.
  public var firstTap: Int
  /// Columns of taps; 0 to clear or finish only.
  public var taps: Int
  /// Of these, the first columns that the sweep's first pixel has not, and the last ones that its last pixel
  /// has not; only of one tile.
  public var before = 0, after = 0
  /// Whether the sum starts here, from the bias, instead of from what the output holds.
  public var clears: Bool
  /// Whether the sum ends here, so that a ReLU may follow.
  public var finishes: Bool
  /// The class of its columns of taps; 0 where it has none.
  public var tapClass = 0

  /// A sweep.
  public init(
    input: Int, firstPixel: Int, pixels: Int, tiles: Int, firstTap: Int, taps: Int, clears: Bool,
    finishes: Bool
  ) {
    self.input = input
    self.firstPixel = firstPixel
    self.pixels = pixels
    self.tiles = tiles
    self.firstTap = firstTap
    self.taps = taps
    self.clears = clears
    self.finishes = finishes
  }
}

/// How a direct convolution steps through its tensors, and what its tables do not say.
///
/// - Units: all steps count elements.
public struct DirectSteps: BitwiseCopyable {
  /// Channels of a full run.
  public var run = 1
  /// Rows of the kernel.
  public var tapRows = 1
  /// Columns of the kernel.
  public var tapColumns = 1
  /// From one channel of a run to the next in the input.
  public var inputChannel = 1
  /// From one run of channels to the next in the input.
  public var inputRun = 0
  /// From one row of taps to the next in the input.
  public var inputTapRow = 0
  /// From one column of taps to the next in the input.
  public var inputTapColumn = 0
  /// From one output pixel's input to the next one's.
  public var inputPixel = 1
  /// From one channel's weights to the next one's; 0 where the filter is packed, so that each
  /// channel's vectors follow the last one's.
  public var filterChannel = 0
  /// From one pixel to the next in the output.
  public var outputPixel = 1
  /// From one vector of output channels to the next in the output.
  public var outputVector = 0
  /// From one channel to the next where the output is transposed; see `DirectArguments.scratch`.
  public var outputChannel = 0
  /// From one segment of a row and from one vector of output channels to the next in the sums over
  /// pixels.
  public var sumsSegment = 0, sumsVector = 0

  /// Runs that are summed for all pixels of a task before the next are.
  public var runsPerBlock = 1
  /// Blocks of runs; at least those of the panel that has most.
  public var blocks = 1
  /// Bytes of the next block's filter that tiles ask for with each quantum of channels; 0 where none is.
  public var aheadStep = 0
  /// Whether the columns of taps continue each other in the input as they do in the filter, so
  /// that a row of taps is one long run.
  public var joinsTaps = false
  /// Whether the bias belongs to pixels instead of lanes: the roles of pixels and output channels
  /// are exchanged.
  public var hasBiasPerPixel = false
  /// Whether negative results become zero.
  public var hasReLU = false
  /// Classes of columns of taps.
  public var columnClasses = 0
  /// How far an output of integers may lie below and above its zero point.
  public var lowest: Float = 0, highest: Float = 0
  /// The output that stands for zero.
  public var outputZero: Int32 = 0
  /// What kernels of narrow types write.
  public var output = Output.rounded
  /// Whether sums in scratch outlive the row they belong to; otherwise each row of a task uses the
  /// same.
  public var keepsSums = true
  /// Whether neighbouring tasks share their panels, and so the filter, or their pixels.
  public var panelsOutermost = true

  /// Steps of zero and no options; to be filled in.
  public init() {}

  /// What kernels of narrow types make of complete sums.
  public enum Output: BitwiseCopyable, Sendable {
    /// Numbers of the input's type.
    case rounded
    /// The sums themselves, of 32 bits.
    case sums
    /// Sums of integers as floats, times their scales.
    case scaled

    /// What an output of `type` is.
    public init(_ type: DataType) {
      self =
        switch type {
        case .f32, .bf16, .u8s8: .rounded
        case .bf16f32, .u8s8s32: .sums
        case .u8s8f32: .scaled
        }
    }
  }
}

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
/// - Shapes: filter `[panel][block][Kh][Kw][run][channel of run][vector][lane]`, padded with zeros to
///   whole vectors and runs; bias `[output channel]`, readable up to the last one's whole vector.
///   With `steps.joinsTaps`, `[Kw]` and `[run]` change places.
public struct DirectArguments: BitwiseCopyable {
  /// The input activations.
  public var input: UnsafePointer<Float>
  /// The packed filter.
  public var packedFilter: UnsafePointer<Float>
  /// The packed bias; zeros where the operation has none.
  public var bias: UnsafePointer<Float>
  /// The output activations.
  public var output: UnsafeMutablePointer<Float>
  /// What sums start from besides the bias, laid out as the output; nil where from the bias alone.
  public var addend: UnsafePointer<Float>?
  /// Where the sums of each segment of a row over its pixels go; nil where nobody wants them.
  public var channelSums: UnsafeMutablePointer<Float>?
  /// Where each worker collects the sums of a task, `[row][pixel][vector][lane]`, before it writes
  /// them with channels outermost; nil where tiles write the output themselves.
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
    addend = nil
    channelSums = nil
    self.scratch = scratch
    self.scratchPerWorker = scratchPerWorker
    self.panels = panels
    self.rows = rows
    self.segments = segments
    self.sweeps = sweeps
    self.steps = steps
    self.panelTasks = panelTasks
    self.panelTaskCount = panelTaskCount
    self.rowTasks = rowTasks
    self.rowTaskCount = rowTaskCount
    self.segmentCount = segmentCount
  }
}

// SPDX-License-Identifier: Apache-2.0

/// What a direct convolution works on: plain data, made by its planner, read by its microkernels.
///
/// The planner decides everything that depends on the problem: which pixels form a tile, which taps
/// of a tile fall inside the image, how the sum over channels is cut so that a part of the filter
/// stays in cache. The kernels only walk these tables, so one kernel serves every layout.
///
/// A sum goes over *runs* of channels that lie side by side in memory, the rows of taps, the
/// columns of taps and the channels of a run, from slow to fast.
///
/// - Shapes: filter `[panel][run][Kh][Kw][channel of run][vector][lane]`, bias
///   `[panel][vector][lane]`; both are padded with zeros to whole vectors and runs.
/// - Units: all offsets and steps count floats.
/// - Requires: where groups share a vector of output channels, the inputs of all of them must be
///   finite: the filter holds zeros for the channels of the other groups.
public struct DirectArguments {
  /// The input activations.
  public var input: UnsafePointer<Float>
  /// The packed filter.
  public var filter: UnsafePointer<Float>
  /// The packed bias; zeros where the operation has none.
  public var bias: UnsafePointer<Float>
  /// The output activations.
  public var output: UnsafeMutablePointer<Float>

  /// Output channels, a few vectors at a time.
  public var panels: UnsafePointer<DirectPanel>
  /// Output rows of all images.
  public var rows: UnsafePointer<DirectRow>
  /// Ranges of `sweeps`: for each width of panel, one per segment of a row.
  public var segments: UnsafePointer<DirectRange>
  /// Tiles of an output row.
  public var sweeps: UnsafePointer<DirectSweep>

  /// Channels of a full run.
  public var run: Int
  /// Rows of the kernel.
  public var tapRows: Int
  /// Columns of the kernel.
  public var tapColumns: Int
  /// From one run of channels to the next in the input.
  public var inputRun: Int
  /// From one row of taps to the next in the input.
  public var inputTapRow: Int
  /// From one column of taps to the next in the input.
  public var inputTapColumn: Int
  /// From one output pixel's input to the next one's.
  public var inputPixel: Int
  /// From one pixel to the next in the output.
  public var outputPixel: Int
  /// From one vector of output channels to the next in the output.
  public var outputVector: Int

  /// Runs that are summed for all pixels of a task before the next are.
  public var runsPerBlock: Int
  /// Blocks of runs; at least those of the panel that has most.
  public var blocks: Int
  /// Whether negative results become zero.
  public var hasReLU: Bool

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
  /// Whether neighbouring tasks share their panels, and so the filter, or their pixels.
  public var panelsOutermost: Bool

  /// Number of independent tasks.
  public var tasks: Int { panelTaskCount * rowTaskCount * segmentCount }

  /// Arguments; see the properties.
  public init(
    input: UnsafePointer<Float>, filter: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, panels: UnsafePointer<DirectPanel>,
    rows: UnsafePointer<DirectRow>, segments: UnsafePointer<DirectRange>,
    sweeps: UnsafePointer<DirectSweep>, run: Int, tapRows: Int, tapColumns: Int, inputRun: Int,
    inputTapRow: Int, inputTapColumn: Int, inputPixel: Int, outputPixel: Int, outputVector: Int,
    runsPerBlock: Int, blocks: Int, hasReLU: Bool, panelTasks: UnsafePointer<DirectRange>,
    panelTaskCount: Int, rowTasks: UnsafePointer<DirectRange>, rowTaskCount: Int,
    segmentCount: Int, panelsOutermost: Bool
  ) {
    self.input = input
    self.filter = filter
    self.bias = bias
    self.output = output
    self.panels = panels
    self.rows = rows
    self.segments = segments
    self.sweeps = sweeps
    self.run = run
    self.tapRows = tapRows
    self.tapColumns = tapColumns
    self.inputRun = inputRun
    self.inputTapRow = inputTapRow
    self.inputTapColumn = inputTapColumn
    self.inputPixel = inputPixel
    self.outputPixel = outputPixel
    self.outputVector = outputVector
    self.runsPerBlock = runsPerBlock
    self.blocks = blocks
    self.hasReLU = hasReLU
    self.panelTasks = panelTasks
    self.panelTaskCount = panelTaskCount
    self.rowTasks = rowTasks
    self.rowTaskCount = rowTaskCount
    self.segmentCount = segmentCount
    self.panelsOutermost = panelsOutermost
  }
}

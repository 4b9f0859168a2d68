// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What a tile needs to know besides its four pointers; all steps count bytes.
///
/// The loop nest of the sum is `tapRows` × `tapColumns` × `runs` × channels of a run.
struct DirectWork {
  /// Tiles side by side.
  var tiles = 1
  /// Runs of channels; 0 sums nothing.
  var runs = 0
  /// Channels of all runs but the last.
  var run = 0
  /// Channels of the last run.
  var lastRun = 0
  /// Rows of taps.
  var tapRows = 1
  /// Columns of taps.
  var tapColumns = 1
  /// Whether the loop nest is one run, so that tiles need not set it up.
  var isSingleRun = false
  /// The loop nests of the taps that the first pixel of a tile has not, and of those that the last has not;
  /// nil where there are none.
  var before, after: UnsafePointer<DirectWork>?
  /// From the input and the filter of a tile to those of such a loop nest.
  var shiftInput = 0, shiftFilter = 0
  /// Steps through the input.
  var inputRun = 0, inputTapRow = 0, inputTapColumn = 0, inputChannel = 4, inputPixel = 0
  /// Steps through the filter.
  var filterRun = 0, filterTapRow = 0, filterTapColumn = 0, filterChannel = 0
  /// Whether the steps are those of `PackedSteps`.
  var isPacked = true
  /// Steps through the output.
  var outputPixel = 0, outputVector = 0
  /// Vectors of a tile.
  var vectors = 1
  /// Output channels in the last vector; the rest of it is neither read nor written.
  var lanes = Vector.scalarCount
  /// Whether sums start from the bias; otherwise from what lies `start` bytes behind the output.
  var clears = true
  /// From the output to what sums start from: 0, or to another tensor.
  var start = 0
  /// Whether the bias is added to what sums start from.
  var addsBias = false
  /// Whether the bias belongs to pixels instead of lanes.
  var hasBiasPerPixel = false
  /// Whether negative results become zero.
  var rectifies = false
  /// Where the share of the first tile lies of what is read later and asked for meanwhile, and behind the
  /// last share.
  var ahead, aheadEnd: UnsafeRawPointer
  /// Bytes of it from one channel to the next, and from one tile's share to the next one's.
  var aheadStep = 0, aheadTile = 0

  /// The work of `panel` on a block of `runs` runs.
  ///
  /// A transposed output is collected with the panel's vectors side by side.
  @inline(__always)
  init(
    _ steps: DirectSteps, _ panel: UnsafePointer<DirectPanel>, runs: Int, isTransposed: Bool,
    filter: UnsafeRawPointer
  ) {
    (ahead, aheadEnd) = (filter, filter)
    self.runs = runs
    vectors = panel.pointee.vectors
    let width = vectors &* MemoryLayout<Vector>.size
    run = steps.run
    lastRun = steps.run
    inputRun = 4 &* steps.inputRun
    inputTapRow = 4 &* steps.inputTapRow
    inputTapColumn = 4 &* steps.inputTapColumn
    inputChannel = 4 &* steps.inputChannel
    inputPixel = 4 &* steps.inputPixel
    filterChannel = steps.filterChannel > 0 ? 4 &* steps.filterChannel : width
    isPacked = inputChannel == 4 && filterChannel == width
    let runBytes = steps.run &* filterChannel
    filterRun = steps.joinsTaps ? steps.tapColumns &* runBytes : runBytes
    filterTapColumn = steps.joinsTaps ? runBytes : runs &* runBytes
    filterTapRow = steps.tapColumns &* runs &* runBytes
    outputPixel = isTransposed ? width : 4 &* steps.outputPixel
    outputVector = isTransposed ? MemoryLayout<Vector>.size : 4 &* steps.outputVector
    lanes = isTransposed ? Vector.scalarCount : panel.pointee.lanes
    hasBiasPerPixel = steps.hasBiasPerPixel
  }

  /// Sets the loop nest to `taps` columns of `tapRows` rows.
  ///
  /// Loops of one pass are folded into the innermost, which is the cheapest: with the rows of taps in the
  /// outermost, first layers lost a tenth. Runs and their steps are those of `own`, the work of the panel.
  @inline(__always)
  mutating func nest(
    taps: Int, tapRows: Int, joinsTaps: Bool, _ own: UnsafePointer<DirectWork>
  ) {
    runs = taps > 0 && tapRows > 0 ? own.pointee.runs : 0
    (self.tapRows, tapColumns) = (tapRows, joinsTaps ? 1 : taps)
    run = joinsTaps ? own.pointee.run &* taps : own.pointee.run
    lastRun = joinsTaps ? run : own.pointee.lastRun
    if runs != 1 {
      (inputRun, filterRun) = (own.pointee.inputRun, own.pointee.filterRun)
      isSingleRun = false
      return
    }
    // Whatever is folded, each pass is this only run.
    run = lastRun
    if tapColumns > 1 {
      (runs, tapColumns) = (tapColumns, 1)
      (inputRun, filterRun) = (inputTapColumn, filterTapColumn)
    } else {
      (runs, self.tapRows) = (tapRows, 1)
      (inputRun, filterRun) = (inputTapRow, filterTapRow)
    }
    isSingleRun = runs == 1 && self.tapRows == 1 && before == nil && after == nil
  }

  /// Sets what this loop nest reads to be `columns` columns of taps behind what the tile's own nest reads.
  @inline(__always)
  mutating func shift(columns: Int) {
    shiftInput = columns &* inputTapColumn
    shiftFilter = columns &* filterTapColumn
  }

  /// Passes of the innermost loop of this nest in a tile.
  @inline(__always)
  var products: Int {
    runs > 0 ? tapRows &* tapColumns &* ((runs &- 1) &* run &+ lastRun) : 0
  }

  /// Passes of the innermost loops of all nests in a tile.
  @inline(__always)
  var allProducts: Int {
    var all = products
    if let before { all &+= before.pointee.products }
    if let after { all &+= after.pointee.products }
    return all
  }
}

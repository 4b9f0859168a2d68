// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What a tile needs to know besides its three pointers; all steps count bytes.
///
/// The loop nest of the sum is `tapRows` × `tapColumns` × `runs` × quanta of a run.
struct NarrowWork {
  /// Tiles side by side.
  var tiles = 1
  /// Runs of channels; 0 sums nothing.
  var runs = 0
  /// Quanta of channels of all runs but the last.
  var run = 0
  /// Whole quanta of the last run.
  var lastRun = 0
  /// Channels behind the whole quanta that are read by themselves, of all runs but the last, and of that.
  var rest = 0, lastRest = 0
  /// Where several runs are one: quanta of each, and bytes from the last one to the first of the next.
  var period = Int.max, jump = 0
  /// Rows of taps.
  var tapRows = 1
  /// Columns of taps.
  var tapColumns = 1
  /// Steps through the input.
  var inputRun = 0, inputTapRow = 0, inputTapColumn = 0, inputPixel = 0
  /// Steps through the filter.
  var filterRun = 0, filterTapRow = 0, filterTapColumn = 0
  /// Bytes of the filter for a quantum: the vectors of a tile, and of a pixel's waiting sums.
  var width = 0
  /// Whether sums start from the bias; otherwise from those that wait.
  var clears = true
  /// Whether sums are complete, so that outputs are written; otherwise they go on waiting.
  var finishes = false
  /// Lanes of the last vector that are written.
  var lanes = Vector.count
  /// Where outputs go, and steps through them.
  var result: UnsafeMutableRawPointer
  var resultPixel = 0, resultVector = 0
  /// What becomes of sums there.
  var output: NarrowOutput
  /// The bias of the panel.
  var bias: UnsafeRawPointer
  /// What sums of integers lack, one vector after the other.
  var compensation: UnsafeRawPointer
  /// Where several groups share a vector, the first quantum that each lane sees.
  var spread: UnsafeRawPointer
  /// There, bytes from a quantum to the next, and how many quanta further the next one is in what is loaded.
  var quantumStep = 0, nextQuantum: UInt32 = 1
  /// Where the share of the next block of the filter begins that the next tile asks for, and where that block
  /// ends.
  var ahead, aheadEnd: UnsafeRawPointer
  /// Bytes of it for each quantum, and for each tile.
  var aheadStep = 0, aheadTile = 0

  /// The work of `panel` on a block of `runs` runs; `result` is where the panel's outputs start.
  @inline(__always)
  init<A: Arithmetic>(
    _: A.Type, _ steps: DirectSteps, _ panel: UnsafePointer<DirectPanel>, runs: Int,
    bias: UnsafeRawPointer, result: UnsafeMutableRawPointer
  ) {
    (self.bias, compensation, spread) = (bias, bias, bias)
    (ahead, aheadEnd) = (bias, bias)
    self.result = result
    output = NarrowOutput(scales: bias)
    self.runs = runs
    width = panel.pointee.vectors &* Vector.bytes
    lanes = panel.pointee.lanes
    run = steps.run / A.quantum
    lastRun = run
    inputRun = A.elementBytes &* steps.inputRun
    inputTapRow = A.elementBytes &* steps.inputTapRow
    inputTapColumn = A.elementBytes &* steps.inputTapColumn
    inputPixel = A.elementBytes &* steps.inputPixel
    let runBytes = Self.quanta(A.self, steps) &* width
    filterRun = steps.joinsTaps ? steps.tapColumns &* runBytes : runBytes
    filterTapColumn = steps.joinsTaps ? runBytes : runs &* runBytes
    filterTapRow = steps.tapColumns &* runs &* runBytes
    let outputBytes = Self.outputBytes(A.self, steps)
    resultPixel = outputBytes &* steps.outputPixel
    resultVector = outputBytes &* steps.outputVector
  }

  /// Bytes of an element of the output.
  @inline(__always)
  static func outputBytes<A: Arithmetic>(_: A.Type, _ steps: DirectSteps) -> Int {
    steps.output == .rounded ? A.elementBytes : 4
  }

  /// Quanta for which a run has room in the filter.
  @inline(__always)
  static func quanta<A: Arithmetic>(_: A.Type, _ steps: DirectSteps) -> Int {
    (steps.run &+ A.quantum &- 1) / A.quantum
  }

  /// Sets the loop nest's counts, loops of one pass folded into the innermost, which is the cheapest.
  @inline(__always)
  mutating func nest(columns: Int) {
    tapColumns = columns
    guard runs == 1 else { return }
    // Whatever is folded, each pass is this only run.
    (run, rest) = (lastRun, lastRest)
    if columns > 1 {
      (runs, tapColumns) = (columns, 1)
      (inputRun, filterRun) = (inputTapColumn, filterTapColumn)
    } else {
      (runs, tapRows) = (tapRows, 1)
      (inputRun, filterRun) = (inputTapRow, filterTapRow)
    }
  }

  /// Whether panels of so many vectors make one run of several: for narrow tiles, a loop that begins anew
  /// costs as much as some quanta.
  @inline(__always)
  static func mergesRuns(vectors: Int) -> Bool {
    #if NARROW_AVX512BF16
      vectors <= 2
    #else
      // Elsewhere some of their sums were on the stack then.
      false
    #endif
  }

  /// Makes one run of equal runs that continue each other in the filter.
  @inline(__always)
  mutating func mergeRuns() {
    period = .max
    guard runs > 1, run == lastRun, rest == 0, lastRest == 0, filterRun == run &* width else {
      return
    }
    (period, jump) = (run, inputRun &- 4 &* (run &- 1))
    (lastRun, runs) = (runs &* run, 1)
  }

  /// Quanta of a tile's sums, but what is left of a last run.
  @inline(__always)
  var products: Int {
    runs > 0 ? tapRows &* tapColumns &* ((runs &- 1) &* run &+ lastRun) : 0
  }

  /// Makes one run of runs of a single quantum, as taps of groups are: between two quanta there are as many
  /// bytes then as between two runs.
  @inline(__always)
  mutating func joinRuns() {
    (quantumStep, nextQuantum) = (0, 1)
    guard run == 1, lastRun == 1, filterRun == width else { return }
    (quantumStep, nextQuantum) = (inputRun, 0)
    (lastRun, runs) = (runs, 1)
  }
}

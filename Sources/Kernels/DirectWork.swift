// SPDX-License-Identifier: Apache-2.0

/// What a tile needs to know besides its three pointers; all steps count bytes.
///
/// The loop nest of the sum is `runs` × `tapRows` × `tapColumns` × channels of a run.
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
  /// Steps through the input.
  var inputRun = 0, inputTapRow = 0, inputTapColumn = 0, inputPixel = 0
  /// Steps through the filter.
  var filterRun = 0, filterTapRow = 0, filterTapColumn = 0
  /// Steps through the output.
  var outputPixel = 0, outputVector = 0
  /// Whether sums start from the bias; otherwise from what the output holds.
  var clears = true
  /// Whether negative results become zero.
  var rectifies = false
  /// Output channels in the last vector; the rest of it is neither read nor written.
  var lanes = Vector.scalarCount
}

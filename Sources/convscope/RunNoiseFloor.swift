// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Foundation
internal import Measuring

/// The margin of a run's own comparisons, and where it comes from.
struct RunNoiseFloor {
  /// As a fraction.
  let relative: Double
  /// For run.json and people.
  let source: String

  /// What `machine --check` saw two interleaved processes of identical code differ by, in visits as
  /// short as a run's; where it was never measured, the usual one.
  init(stored: StoredNoiseFloor?) {
    guard let stored, let row = stored.row(near: MeasuringOptions.leastSampleNanoseconds) else {
      relative = MeasuringOptions.defaultNoiseFloor
      source = "the usual one of a shared machine; machine --check measures yours"
      return
    }
    relative = row.paired
    source =
      "measured here \(stored.measuredAt)"
      + (stored.loadAverage.map { ", at a load of \($0)" } ?? "")
  }

  /// That of a run which is continued: its parts have one margin.
  init(_ relative: Double, source: String?) {
    self.relative = relative
    self.source = source ?? "as the run was begun"
  }

  var text: String {
    "noise floor of the verdicts: " + String(format: "%.2f %%", 100 * relative) + ", \(source)"
  }
}

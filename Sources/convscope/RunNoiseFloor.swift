// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Foundation
internal import Measuring
internal import Reporting

/// The margins of a run's own comparisons, and where they come from.
struct RunNoiseFloor {
  let margins: NoiseMargins
  /// For run.json and people.
  let source: String

  /// What `machine --check` saw two interleaved processes of identical code differ by, for visits of
  /// each length; where it was never measured, the usual one.
  init(stored: StoredNoiseFloor?) {
    guard let stored, !stored.rows.isEmpty else {
      margins = NoiseMargins()
      source = "the usual one of a shared machine; machine --check measures yours"
      return
    }
    margins = NoiseMargins(
      rows: stored.rows.map {
        NoiseMargins.Row(visitNanoseconds: $0.visitNanoseconds, relative: $0.paired)
      })
    source =
      "measured here \(stored.measuredAt)"
      + (stored.loadAverage.map { ", at a load of \($0)" } ?? "")
  }

  /// That of a run which is continued: its parts have one margin.
  init(_ record: RunRecord) {
    margins = NoiseMargins(usual: record.noiseFloor, rows: record.noiseFloors ?? [])
    source = record.noiseFloorSource ?? "as the run was begun"
  }

  /// The margin of the shortest visits, as a fraction.
  var relative: Double {
    margins.margin(visit: MeasuringOptions.leastSampleNanoseconds).relative
  }

  var text: String {
    let percent = { (share: Double) in String(format: "%.2f %%", 100 * share) }
    let byLength = margins.rows.map {
      percent($0.relative) + String(format: " at %.3g ms", $0.visitNanoseconds / 1e6)
    }
    guard !byLength.isEmpty else {
      return "noise floor of the verdicts: \(percent(relative)), \(source)"
    }
    return "noise floor of the verdicts, by length of visits: "
      + "\(byLength.joined(separator: ", ")); \(source)"
  }
}

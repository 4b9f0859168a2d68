// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// A row of `measurements.csv` as answers read it.
struct MeasuredRow {
  var caseName: String
  /// What is computed, which two forms of a block share.
  var problem: String
  /// The block of which this is a layer alone; empty for other rows.
  var partOf: String
  var kernel: String
  /// How numbers are stored; empty in files of before there was a choice.
  var dataType: String
  var setting: Setting
  /// Median time of one iteration, in nanoseconds; nil where it was not timed.
  var time: Double?
  /// The bounds of its interval; nil where there were too few rounds.
  var interval: ClosedRange<Double>?
  var macs: Double
  var peakPercent: Double?
  var rooflinePercent: Double?
  var bound: String
  var accuracy: String
  var relativeRMSError: Double?
  var multiplicity: Double
  var layerClass: LayerClass
  var status: String
  var reason: String
  var stoppedBy: String
  /// Whether any counter of the row was read from hardware.
  var hasHardwareCounters: Bool

  init(_ row: CSVTable.Row) {
    (caseName, problem, partOf) = (row.text("case"), row.text("problem"), row.text("part_of"))
    (kernel, dataType) = (row.text("kernel"), row.text("dt"))
    setting = Setting(row)
    time = row.number("time_ns_median")
    interval = row.interval("time_ns")
    macs = row.number("macs") ?? 0
    peakPercent = row.number("peak_percent")
    rooflinePercent = row.number("roofline_percent")
    bound = row.text("bound")
    accuracy = row.text("accuracy")
    relativeRMSError = row.number("relative_rms_error")
    multiplicity = row.number("multiplicity") ?? 1
    layerClass = LayerClass(row)
    status = row.text("status")
    reason = row.text("reason")
    stoppedBy = row.text("stopped_by")
    hasHardwareCounters = zip(row.columns, row.cells).contains { column, cell in
      column.hasPrefix(RunTable.eventSource)
        && (cell.hasPrefix("hardware") || cell.hasPrefix("scaled"))
    }
  }
}

extension CSVTable.Row {
  /// The bounds of an estimate; nil where there were too few rounds.
  func interval(_ estimate: String) -> ClosedRange<Double>? {
    guard let lower = number("\(estimate)_lo"), let upper = number("\(estimate)_hi"),
      lower <= upper
    else { return nil }
    return lower...upper
  }
}

/// Under which conditions a row was measured.
struct Setting: Hashable {
  var workers: Int
  var cache: String
}

extension Setting {
  init(_ row: CSVTable.Row) {
    self.init(workers: row.integer("workers") ?? 1, cache: row.text("cache"))
  }
}

extension Setting: CustomStringConvertible {
  /// As a sentence names it.
  var description: String {
    "\(workers) \(workers == 1 ? "worker" : "workers"), "
      + (cache == "cold-filter" ? "filter cold" : "caches \(cache)")
  }
}

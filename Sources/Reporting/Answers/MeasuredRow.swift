// SPDX-License-Identifier: Apache-2.0

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

  init(_ row: [String], of table: CSVTable) {
    let text = { (column: String) in table.cell(row, column) ?? "" }
    let number = { (column: String) in table.number(row, column) }
    (caseName, problem, partOf) = (text("case"), text("problem"), text("part_of"))
    (kernel, dataType) = (text("kernel"), text("dt"))
    setting = Setting(workers: table.integer(row, "workers") ?? 1, cache: text("cache"))
    time = number("time_ns_median")
    interval = Self.range(number("time_ns_lo"), number("time_ns_hi"))
    macs = number("macs") ?? 0
    peakPercent = number("peak_percent")
    rooflinePercent = number("roofline_percent")
    bound = text("bound")
    accuracy = text("accuracy")
    relativeRMSError = number("relative_rms_error")
    multiplicity = number("multiplicity") ?? 1
    layerClass = LayerClass(row, of: table)
    status = text("status")
    reason = text("reason")
    stoppedBy = text("stopped_by")
    hasHardwareCounters = zip(table.columns, row).contains { column, cell in
      column.hasPrefix("counter_source:")
        && (cell.hasPrefix("hardware") || cell.hasPrefix("scaled"))
    }
  }

  static func range(_ lower: Double?, _ upper: Double?) -> ClosedRange<Double>? {
    guard let lower, let upper, lower <= upper else { return nil }
    return lower...upper
  }
}

/// Under which conditions a row was measured.
struct Setting: Hashable {
  var workers: Int
  var cache: String
}

extension Setting: CustomStringConvertible {
  /// As a sentence names it.
  var description: String {
    "\(workers) \(workers == 1 ? "worker" : "workers"), "
      + (cache == "cold-filter" ? "filter cold" : "caches \(cache)")
  }
}

// SPDX-License-Identifier: Apache-2.0

/// What the cells of a run's CSV files hold, for whoever reads them back.
public enum RunColumns {
  /// Bytes of one of a run's files that are read: a night of every suite has some ten megabytes.
  public static let largestFile = 1 << 30

  /// What says which row of `measurements.csv` is meant.
  public static let measurement = ["suite", "case", "kernel", "workers", "cache"]

  private static let count = AcceptedCells.integers(0...Int.max)
  private static let atLeastOne = AcceptedCells.integers(1...Int.max)
  private static let notNegative = AcceptedCells.numbers(Double.notNegative)

  /// What cells of one row cannot be together, whatever their columns accept; nil where they can.
  public static func fault(_ cell: (String) -> String?) -> String? {
    // A round, and a row that was measured: something ran.
    if cell("status") == "ok" || cell("round") != nil {
      for column in ["iterations", "rounds"]
      where cell(column).flatMap({ Int(reading: $0, in: 0...0) }) != nil {
        return "column \(column) is ‘0’; accepted is a whole number from 1 for what was measured"
      }
    }
    if cell("round") != nil,
      let column = ["iterations", "time_ns"].first(where: { cell($0) == "" })
    {
      return "column \(column) is empty; accepted is what was measured in the round"
    }
    for (name, middle) in [("time_ns", "time_ns_median"), ("speedup", "speedup")] {
      let columns = ["\(name)_lo", middle, "\(name)_hi"]
      let found = columns.compactMap { column in
        cell(column).flatMap { Double(reading: $0, in: Double.everyFinite) }.map { (column, $0) }
      }
      let values = found.map(\.1)
      guard values != values.sorted() else { continue }
      return "columns \(found.map(\.0).joined(separator: ", ")) are "
        + "\(values.map { "\($0)" }.joined(separator: ", ")); accepted is none below the one before"
    }
    return nil
  }

  /// What the cells of a column may hold, in any of the files; nil where that is text.
  public static func accepted(_ column: String) -> AcceptedCells? {
    column.hasPrefix("counter:") || column.hasPrefix("counter_imbalance:")
      ? .numbers(Double.everyFinite) : numbers[column]
  }

  private static let numbers: [String: AcceptedCells] = [
    "status": .words([
      "ok", "unsupported", "wrong", "mistrusted", "failed", "disturbed", "interrupted", "budget",
    ]),
    "verdict": .words(["faster", "slower", "same", "inconclusive"]),
    "cache": .words(["warm", "cold-filter", "cold"]),
    "disturbed": .sums(["stolen", "waited", "migrated", "slow", "shared"]),
    "workers": atLeastOne, "fewest_workers": atLeastOne,
    "rounds": count, "round": count, "iterations": count,
    "warm_up_iterations": count, "process": count, "processes": count, "worker": count,
    "cpu": count,
    "counted": .integers(0...1), "disturbed_rounds": count, "context_switches": count,
    "migrations": count, "multiplicity": atLeastOne, "scratch_bytes": count,
    "time_ns": .positive, "time_ns_median": .positive, "time_ns_lo": .positive,
    "time_ns_hi": .positive, "time_ns_min": .positive, "baseline_time_ns": .positive,
    "contender_time_ns": .positive, "waited_ns": notNegative, "stolen_ns": notNegative,
    "busy_ns": notNegative, "tasks": notNegative,
    "gflop_per_s": notNegative, "fma_gflop_per_s": notNegative, "peak_percent": notNegative,
    "roofline_percent": notNegative, "worker_imbalance": notNegative,
    "flop_per_byte": notNegative, "relative_rms_error": notNegative,
    "macs": count, "parameters": count, "traffic_bytes": count,
    "speedup": .positive, "speedup_lo": .positive, "speedup_hi": .positive,
    "mac_ratio": notNegative, "parameter_ratio": notNegative, "traffic_ratio": notNegative,
    "realised": .numbers(Double.everyFinite),
  ].merging(problem) { first, _ in first }

  /// The plain columns of a problem.
  private static let problem: [String: AcceptedCells] = Dictionary(
    uniqueKeysWithValues: [
      "groups", "batch", "in_channels", "in_height", "in_width", "out_channels", "out_height",
      "out_width", "kernel_height", "kernel_width", "stride_height", "stride_width",
      "dilation_height", "dilation_width",
    ].map { ($0, atLeastOne) }
      + ["pad_top", "pad_left", "pad_bottom", "pad_right"].map { ($0, count) })
}

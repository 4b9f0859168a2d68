// SPDX-License-Identifier: Apache-2.0

/// The CSV files in the folder of a run's suite, for whoever writes them and whoever reads them back:
/// their columns, whose names end with the unit, and what the cells of these hold.
public enum RunTable: String, CaseIterable, Sendable {
  case measurements, comparisons, workers, samples, metrics
  /// How many rows those before have at the end of each finished group of cases.
  case groups
  case scaling, layers

  /// Those to which each group of cases adds rows.
  public static let ofGroups: [RunTable] = [
    .measurements, .comparisons, .workers, .samples, .metrics,
  ]

  /// Bytes of one of a run's files that are read: a night of every suite has some ten megabytes.
  public static let largestFile = 1 << 30

  /// The file's name.
  public var file: String { "\(rawValue).csv" }

  /// The columns that scripts hold; those of counters and axes stand behind them.
  public var columns: [String] { Self.headers[self] ?? [] }

  /// How many columns, from the left, have the cells of their names: an axis may be called like a
  /// column, and the marks of groups are.
  var checkedColumns: Int {
    switch self {
    case .comparisons: columns.count
    case .groups: 0
    default: .max
    }
  }

  /// What says which row of `measurements.csv` is meant.
  public static let key = ["suite", "case", "kernel", "workers", "cache"]

  /// The columns of an event, of one row of `measurements.csv` or of one worker.
  public static func columns(ofEvent name: String) -> [String] {
    ["counter:\(name)", "\(eventSource)\(name)"]
  }

  /// How the column begins that says where the count of an event is from.
  public static let eventSource = "counter_source:"

  private static let headers: [RunTable: [String]] = [
    .measurements: [
      "suite", "case", "problem", "kernel", "isa", "layout", "workers", "cache", "rounds",
      "time_ns_median", "time_ns_lo", "time_ns_hi", "time_ns_min", "gflop_per_s", "peak_percent",
      "roofline_percent", "bound", "macs", "parameters", "traffic_bytes", "flop_per_byte",
      "worker_imbalance", "stopped_by", "status", "reason",
    ] + ofProblems + [
      "multiplicity", "accuracy", "relative_rms_error", "implementation", "scratch_bytes",
      "iterations", "fma_gflop_per_s", "disturbed_rounds", "part_of", "processes",
      "warm_up_iterations", "dt",
    ],
    .comparisons: [
      "suite", "comparison", "baseline_case", "contender_case", "baseline_kernel",
      "contender_kernel", "workers", "cache", "rounds", "baseline_time_ns", "contender_time_ns",
      "speedup", "speedup_lo", "speedup_hi", "mac_ratio", "parameter_ratio", "traffic_ratio",
      "realised", "verdict", "status", "reason",
    ],
    .workers: key + ["worker", "cpu", "busy_ns", "tasks"],
    .samples: key + [
      "round", "iterations", "time_ns", "counted", "disturbed", "context_switches", "migrations",
      "waited_ns", "stolen_ns", "fma_gflop_per_s", "process",
    ],
    .metrics: key + ["metric", "unit", "value", "reason"],
    .groups: ofGroups.map(\.rawValue),
    .scaling: [
      "suite", "case", "cache", "workers", "kernel", "fewest_workers", "fewest_kernel", "rounds",
      "speedup", "speedup_lo", "speedup_hi",
    ],
    .layers: [
      "suite", "case", "kernel", "workers", "place", "layer", "operation", "class", "time_ns",
      "share_percent", "gflop_per_s", "peak_percent", "roofline_percent", "bound", "macs",
      "traffic_bytes", "whole_time_ns",
    ],
  ]

  /// The plain columns of a single convolution.
  public static let ofProblems = [
    "groups", "batch", "in_channels", "in_height", "in_width", "out_channels", "out_height",
    "out_width", "kernel_height", "kernel_width", "stride_height", "stride_width", "pad_top",
    "pad_left", "pad_bottom", "pad_right", "dilation_height", "dilation_width",
  ]
}

extension RunTable {
  private static let count = AcceptedCells.integers(0...Int.max)
  private static let atLeastOne = AcceptedCells.integers(1...Int.max)
  private static let notNegative = AcceptedCells.numbers(Double.notNegative)

  /// What cells of one row cannot be together, whatever their columns accept; nil where they can.
  static func fault(_ cell: (String) -> String?) -> String? {
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
  static func accepted(_ column: String) -> AcceptedCells? {
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
  ].merging(
    ofProblems.map { ($0, $0.hasPrefix("pad_") ? count : atLeastOne) },
    uniquingKeysWith: { first, _ in first })
}

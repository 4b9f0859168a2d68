// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Inputs

/// A row of comparisons.csv.
public struct StoredComparison: Encodable, Hashable, Sendable {
  /// The suite.
  public var suite: String
  /// The comparison's name.
  public var name: String
  /// Cache state.
  public var cache: String
  /// Workers that computed together.
  public var workers: Int
  /// The element type; empty where the run has no such column.
  public var dataType: String
  /// What computed the baseline.
  public var baselineKernel: String
  /// What computed the contender.
  public var contenderKernel: String
  /// Baseline time over contender time; nil where one was not timed.
  public var speedup: Double?
  /// Lower bound of its interval; nil without one.
  public var lower: Double?
  /// Upper bound of its interval; nil without one.
  public var upper: Double?
  /// The share of the promised speedup that the clock shows; nil where nothing is promised.
  public var realised: Double?
  /// `faster`, `slower`, `same` or `inconclusive`, as the run judged it.
  public var verdict: String
  /// As in measurements.csv.
  public var status: String
  /// Why the status is not `ok`.
  public var reason: String

  /// Whether the run decided it.
  public var isDecided: Bool { status == "ok" && verdict != "inconclusive" }

  /// The columns without which a file is no comparisons.csv.
  private static let required = [
    "suite", "comparison", "baseline_kernel", "contender_kernel", "workers", "cache", "speedup",
    "speedup_lo", "speedup_hi", "realised", "verdict", "status",
  ]

  /// The rows of a suite's comparisons.csv, in order; `folder` is the suite's.
  /// - Throws: `ComparingError`.
  static func read(_ folder: URL) throws(ComparingError) -> [StoredComparison] {
    try StoredRun.table(.comparisons, in: folder, required: required).rows
      .map(StoredComparison.init)
  }

  private init(_ row: CSVTable.Row) {
    (suite, name) = (row.text("suite"), row.text("comparison"))
    (cache, dataType) = (row.text("cache"), row.text("data_type"))
    workers = row.integer("workers") ?? 1
    (baselineKernel, contenderKernel) = (row.text("baseline_kernel"), row.text("contender_kernel"))
    (speedup, realised) = (row.number("speedup"), row.number("realised"))
    (lower, upper) = (row.number("speedup_lo"), row.number("speedup_hi"))
    (verdict, status, reason) = (row.text("verdict"), row.text("status"), row.text("reason"))
  }
}

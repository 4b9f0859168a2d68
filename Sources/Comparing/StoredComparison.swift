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

  /// The rows of a suite's comparisons.csv, in order.
  /// - Throws: `ComparingError`.
  static func read(_ file: URL) throws(ComparingError) -> [StoredComparison] {
    try CSVReader(file, required: required).rows.map(StoredComparison.init)
  }

  private init(_ row: [String: String]) {
    // What is no number was refused when the file was read.
    func number(_ column: String) -> Double? {
      row[column].flatMap { Double(reading: $0, in: Double.everyFinite) }
    }
    (suite, name) = (row["suite"] ?? "", row["comparison"] ?? "")
    (cache, dataType) = (row["cache"] ?? "", row["data_type"] ?? "")
    workers = row["workers"].flatMap { Int(reading: $0, in: 1...Int.max) } ?? 1
    (baselineKernel, contenderKernel) = (
      row["baseline_kernel"] ?? "", row["contender_kernel"] ?? ""
    )
    (speedup, lower, upper) = (number("speedup"), number("speedup_lo"), number("speedup_hi"))
    realised = number("realised")
    (verdict, status, reason) = (row["verdict"] ?? "", row["status"] ?? "", row["reason"] ?? "")
  }
}

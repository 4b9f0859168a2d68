// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import Measuring
internal import Planning
internal import Statistics
internal import Suites

/// What `tune --table` writes: for each variant that was measured, what it was predicted to take.
public struct TuningTable {
  /// The header.
  public static let columns = [
    "case", "workers", "kernel", "implementation", "predicted_cycles", "time_ns", "time_lo_ns",
    "time_hi_ns", "status",
  ]

  private let writer: CSVWriter

  /// Begins `file`, in place of an earlier one.
  /// - Throws: `ReportingError.cannotWrite`.
  public init(_ file: URL) throws(ReportingError) {
    writer = try CSVWriter(file, columns: Self.columns)
  }

  /// Writes a row for `result`, with the cycles of one worker's share that were predicted.
  /// - Throws: `ReportingError.cannotWrite`.
  public func append(_ result: CaseResult, predictedCycles: Double?) throws(ReportingError) {
    try writer.append(Self.row(result, predictedCycles: predictedCycles))
  }

  static func row(_ result: CaseResult, predictedCycles: Double?) -> [String] {
    [
      result.entry.suiteCase.name, String(result.entry.workers), result.entry.contender.kernel,
      result.implementation ?? "", CellFormat.number(predictedCycles),
      CellFormat.decimal(result.time?.median), CellFormat.decimal(result.time?.lower),
      CellFormat.decimal(result.time?.upper), result.status.rawValue,
    ]
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Foundation
public import Measuring
internal import Planning
internal import Suites

/// What `verify` prints.
public enum VerificationReport {
  /// A line per result in at most `width` characters, rows that were not computed by their reason, and
  /// one line with the counts.
  public static func lines(_ results: [CaseResult], width: Int? = nil) -> [String] {
    var table = TextTable(
      [
        ("case", .left), ("kernel", .left), ("workers", .right), ("status", .left),
        ("rms error", .right), ("reason", .left),
      ], expendable: ["workers"])
    for result in results where result.status != .unsupported {
      table.append([
        result.entry.suiteCase.name, result.entry.contender.kernel, String(result.entry.workers),
        result.status == .ok ? "correct" : result.status.rawValue,
        result.relativeRMSError.map { String(format: "%.1e", $0) } ?? "—", result.reason,
      ])
    }
    let counts = RowStatus.allCases.compactMap { status -> String? in
      let count = results.count { $0.status == status }
      return count == 0 ? nil : "\(count) \(status == .ok ? "correct" : status.rawValue)"
    }
    let remarks = results.filter { $0.status == .unsupported }.map {
      Remarks.Row(
        name: "\($0.entry.suiteCase.name), \($0.entry.contender.kernel)",
        status: $0.status.rawValue, reason: $0.reason)
    }
    return (table.isEmpty ? [] : table.lines(width: width))
      + Remarks.lines(remarks).map { "  \($0)" } + [counts.joined(separator: ", ")]
  }
}

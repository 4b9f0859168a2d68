// SPDX-License-Identifier: Apache-2.0

internal import Foundation
public import Measuring
internal import Planning
internal import Suites

/// What `verify` prints.
public enum VerificationReport {
  /// A line per result, and one with the counts.
  public static func lines(_ results: [CaseResult]) -> [String] {
    var table = TextTable([
      ("case", .left), ("kernel", .left), ("workers", .right), ("status", .left),
      ("rms error", .right), ("reason", .left),
    ])
    for result in results {
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
    return table.lines() + [counts.joined(separator: ", ")]
  }
}

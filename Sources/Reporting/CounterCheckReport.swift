// SPDX-License-Identifier: Apache-2.0

public import Counters
internal import Foundation

/// What `list counters --check` prints.
public enum CounterCheckReport {
  /// A line per experiment, in at most `width` characters, and how many agree.
  public static func lines(_ checks: [CounterCheck], width: Int? = nil) -> [String] {
    var table = TextTable(
      [
        ("event", .left), ("work", .left), ("expected", .right), ("accepted", .left),
        ("counted", .right), ("", .left),
      ], expendable: ["accepted", "work"])
    for check in checks { table.append(cells(check)) }
    let agreeing = checks.count { $0.outcome == .agrees }
    let wrong = checks.count { $0.outcome == .disagrees }
    return table.lines(width: width) + [
      "  \(agreeing) agree, \(wrong) disagree, \(checks.count - agreeing - wrong) skipped"
    ]
  }

  private static func cells(_ check: CounterCheck) -> [String] {
    let accepted = check.accepted.map {
      "\(whole($0.lowerBound)) … \(whole($0.upperBound))"
    }
    return [
      check.event.name, check.work, check.expected.map(whole) ?? "—", accepted ?? "—",
      check.reading.value.map(whole) ?? "—", outcome(check),
    ]
  }

  private static func outcome(_ check: CounterCheck) -> String {
    let attempts = check.attempts == 1 ? "" : ", attempt \(check.attempts)"
    return switch check.outcome {
    case .agrees: "agrees (\(check.reading.source))\(attempts)"
    case .disagrees: "DISAGREES (\(check.reading.source))\(attempts)"
    case .skipped(let reason): "skipped: \(reason)"
    }
  }

  private static func whole(_ value: Double) -> String { String(format: "%.0f", value) }
}

// SPDX-License-Identifier: Apache-2.0

internal import Foundation
public import Measuring

/// What `gate --counts` prints.
public enum CountReport {
  /// A line per difference that is one, and a sum of all.
  public static func lines(_ differences: [CountDifference]) -> [String] {
    var table = TextTable([
      ("case", .left), ("kernel", .left), ("event", .left), ("base", .right), ("new", .right),
      ("change", .right), ("limit", .right), ("verdict", .left),
    ])
    let told = differences.filter { $0.verdict == .more || $0.verdict == .less }
    for difference in told { table.append(cells(difference)) }
    let unknown = differences.filter { $0.verdict == .unknown }.map { difference in
      "  \(difference.row.caseName), \(difference.row.kernel): \(difference.reason ?? "no count")"
    }
    func count(_ verdict: CountDifference.Verdict) -> Int {
      differences.count { $0.verdict == verdict }
    }
    return (told.isEmpty ? [] : table.lines()) + unknown + [
      "  \(count(.same)) counts are the same, \(count(.more)) are more, \(count(.less)) are less, "
        + "\(count(.unknown)) cases have none"
    ]
  }

  private static func cells(_ difference: CountDifference) -> [String] {
    [
      difference.row.caseName, difference.row.kernel, difference.event,
      CellFormat.number(difference.base), CellFormat.number(difference.new),
      difference.ratio.map { String(format: "%+.2f %%", 100 * ($0 - 1)) } ?? "—",
      String(format: "%.2f %%", 100 * difference.limit), difference.verdict.rawValue,
    ]
  }
}

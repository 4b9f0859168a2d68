// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Statistics

/// The answer of a suite that sets kernels against each other on the same cases.
struct LibraryAnswer {
  private let rows: SuiteRows

  init(_ rows: SuiteRows) { self.rows = rows }

  /// A paragraph per setting and accuracy class of the baselines.
  var paragraphs: [String] {
    rows.settings.flatMap { setting in
      ["exact", "fast"].compactMap { paragraph(setting, accuracy: $0) }
    }
  }

  private func paragraph(_ setting: Setting, accuracy: String) -> String? {
    let best = fastestBaselines(setting, accuracy: accuracy)
    guard !best.isEmpty else { return nil }
    let sorted = best.sorted { ($0.speedup ?? 0) < ($1.speedup ?? 0) }
    let mean = geometricMean(of: best.compactMap(\.speedup))
    let kind = accuracy == "exact" ? "sum products" : "transform first"
    var text =
      "\(setting), against the fastest of those that \(kind), case by case: "
      + "geometric mean \(Phrase.factor(mean)) over \(best.count) cases"
    for verdict in ["faster", "slower"] {
      text += ", \(verdict) on \(best.count { $0.verdict == verdict })"
    }
    text +=
      ", undecided or equal on "
      + "\(best.count { $0.verdict != "faster" && $0.verdict != "slower" })."
    if let worst = sorted.first, let most = sorted.last {
      text += " Best is \(place(most)), worst \(place(worst))."
    }
    return text
  }

  private func place(_ row: ComparedRow) -> String {
    "\(row.contenderCase) with \(Phrase.factor(row.speedup, row.interval)) against "
      + row.baselineKernel
  }

  /// For each case the comparison with the fastest baseline of a class.
  private func fastestBaselines(_ setting: Setting, accuracy: String) -> [ComparedRow] {
    let fitting = rows.comparisons.filter {
      $0.setting == setting && $0.speedup != nil && rows.baseline(of: $0)?.accuracy == accuracy
    }
    let cases = Dictionary(grouping: fitting, by: \.contenderCase)
    return cases.sorted { $0.key < $1.key }.compactMap { _, rivals in
      rivals.min { ($0.baselineTime ?? .infinity) < ($1.baselineTime ?? .infinity) }
    }
  }
}

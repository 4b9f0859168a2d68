// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Statistics

/// The answer of a suite that sets data types against each other on the same convolutions.
///
/// Two promises stand beside each gain: that of the instructions, which is the ratio of the measured peaks of
/// both types, and that of the roofline, which counts bytes as well. Both follow from the gain and the shares
/// that both sides reach of their roofs, for they compute as much.
struct PrecisionAnswer {
  private struct Pair {
    var row: ComparedRow
    var baseline, contender: MeasuredRow
    var speedup: Double

    /// How many times faster the contender's instructions are.
    var byInstruction: Double? { promised(\.peakPercent) }
    /// How many times higher the contender's roof is.
    var byRoofline: Double? { promised(\.rooflinePercent) }
    /// The share of the roofline's promise that the clock shows.
    var realised: Double? { byRoofline.map { speedup / $0 } }

    private func promised(_ share: KeyPath<MeasuredRow, Double?>) -> Double? {
      guard let base = baseline[keyPath: share], let own = contender[keyPath: share], own > 0
      else { return nil }
      return speedup * base / own
    }
  }

  private let pairs: [Pair]
  private let roofs: Roofs

  /// Nil where no comparison is between data types.
  init?(_ rows: SuiteRows, roofs: Roofs) {
    pairs = rows.comparisons.compactMap { row in
      guard let baseline = rows.baseline(of: row), let contender = rows.contender(of: row),
        let speedup = row.speedup, baseline.dataType != contender.dataType
      else { return nil }
      return Pair(row: row, baseline: baseline, contender: contender, speedup: speedup)
    }
    guard !pairs.isEmpty else { return nil }
    self.roofs = roofs
  }

  private var types: [String] { SuiteRows.distinct(pairs.map(\.contender.dataType)) }

  /// What to expect of each type, class by class of convolutions.
  var sentence: String {
    types.map { type in
      let own = pairs.filter { $0.contender.dataType == type }
      let classes = SuiteRows.distinct(own.map(\.contender.layerClass)).map { kind in
        let gains = own.filter { $0.contender.layerClass == kind }.map(\.speedup)
        return "\(kind.rawValue) \(Phrase.factor(geometricMean(of: gains)))"
      }
      let base = own[0].baseline.dataType
      return "\(type) runs \(Phrase.list(classes)) as fast as \(base)"
    }.joined(separator: "; ") + " (geometric means)."
  }

  /// For each type, what holds the case that keeps least of its promise.
  var reasons: [String] {
    types.compactMap { type in
      let own = pairs.filter { $0.contender.dataType == type && $0.realised != nil }
      guard let least = own.min(by: { ($0.realised ?? 0) < ($1.realised ?? 0) }),
        let reason = roofs.reason(least.contender)
      else { return nil }
      return "In \(type), \(Phrase.name(least.row.comparison)) keeps least of its promise "
        + "(\(Phrase.percent(least.realised))): it \(reason)."
    }
  }

  /// Every comparison in a line.
  var exhibit: Answer.Exhibit {
    var table = TextTable(
      [
        ("comparison", .left), ("by instruction", .right), ("by roofline", .right),
        ("measured", .right), ("± %", .right), ("realised", .right), ("time", .right),
        ("% roof", .right), ("rms error", .right), ("bound", .left), ("verdict", .left),
        ("kernel", .left),
      ], expendable: ["kernel", "rms error", "bound", "time", "± %", "verdict"])
    for pair in pairs {
      table.append([
        pair.row.comparison, Phrase.factor(pair.byInstruction), Phrase.factor(pair.byRoofline),
        Phrase.factor(pair.speedup), Phrase.halfWidth(pair.speedup, pair.row.interval),
        Phrase.percent(pair.realised), Phrase.time(pair.contender.time),
        Phrase.percent(pair.contender.rooflinePercent.map { $0 / 100 }),
        pair.contender.relativeRMSError.map { String(format: "%.1e", $0) } ?? Phrase.none,
        pair.contender.bound, ComparedTable.verdict(pair.row), pair.contender.kernel,
      ])
    }
    let setting = pairs[0].row.setting
    return Answer.Exhibit(title: "Data types, \(setting)", table: table)
  }
}

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

  private var classes: [LayerClass] { SuiteRows.distinct(pairs.map(\.contender.layerClass)) }

  /// The geometric mean over a class of convolutions in a type; nil where none is in it.
  private func gain(_ type: String, _ kind: LayerClass) -> Double? {
    let own = pairs.filter {
      $0.contender.dataType == type && $0.contender.layerClass == kind
    }
    return own.isEmpty ? nil : geometricMean(of: own.map(\.speedup))
  }

  /// Between which classes the gain of each type lies.
  var sentence: String {
    let base = pairs[0].baseline.dataType
    let parts = types.compactMap { type -> String? in
      let gains = classes.compactMap { kind in gain(type, kind).map { (factor: $0, kind: kind) } }
      guard let least = gains.min(by: { $0.factor < $1.factor }),
        let most = gains.max(by: { $0.factor < $1.factor })
      else { return nil }
      let (lowest, highest) = (Self.named(least), Self.named(most))
      return "\(type) \(lowest)" + (gains.count > 1 ? " to \(highest)" : "")
    }
    return "Against \(base), as geometric means over a class: \(parts.joined(separator: "; "))."
  }

  private static func named(_ gain: (factor: Double, kind: LayerClass)) -> String {
    "\(Phrase.factor(gain.factor)) (\(gain.kind.rawValue))"
  }

  /// Each class of convolutions in a line, a column for each type.
  var summary: Answer.Exhibit {
    var table = TextTable(
      [("convolutions", .left)] + types.map { ($0, .right) } + [("cases", .right)], expendable: [])
    for kind in classes {
      let gains = types.map { Phrase.factor(gain($0, kind)) }
      let cases = pairs.filter { $0.contender.layerClass == kind }.map(\.row.baselineCase)
      table.append([kind.rawValue] + gains + ["\(SuiteRows.distinct(cases).count)"])
    }
    return Answer.Exhibit(
      title: "How many times as fast as \(pairs[0].baseline.dataType), geometric means",
      table: table)
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
      ],
      expendable: [
        "kernel", "rms error", "bound", "by instruction", "% roof", "time", "± %",
      ])
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

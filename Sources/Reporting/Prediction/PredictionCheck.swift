// SPDX-License-Identifier: Apache-2.0

public import Foundation
internal import Inputs
internal import Predicting
internal import Statistics

/// Predictions beside what a stored run measured of the same cases.
public struct PredictionCheck {
  /// A prediction and a measurement.
  private struct Pair {
    var row: PredictedRow
    var measured: Double
    var error: Double
    var isInside: Bool
  }

  private let pairs: [Pair]
  private let networks: [(network: PredictedNetwork, measured: Double)]

  /// What the run in `folder` measured, with warm caches and the kernels that the predictions name.
  /// - Throws: `ReportingError` where a suite's tables cannot be read.
  public init(
    _ rows: [PredictedRow], _ networks: [PredictedNetwork], run folder: URL
  ) throws(ReportingError) {
    var pairs: [Pair] = []
    for suite in SuiteRows.distinct(rows.map(\.suite)) {
      let measured = try SuiteRows(folder: folder.appending(path: suite)).measurements
      for row in rows where row.suite == suite {
        let same = measured.first {
          $0.caseName == row.caseName && $0.setting == Setting(workers: row.workers, cache: "warm")
            && $0.kernel == row.kernel && $0.time != nil
        }
        guard let time = same?.time, let predicted = row.time else { continue }
        pairs.append(
          Pair(
            row: row, measured: time, error: predicted.nanoseconds / time - 1,
            isInside: predicted.lower <= time && time <= predicted.upper))
      }
    }
    self.pairs = pairs
    self.networks = networks.compactMap { network in
      Self.measured(network, pairs).map { (network, $0) }
    }
  }

  /// Nanoseconds of all layers of a network; nil where one was not measured.
  private static func measured(_ network: PredictedNetwork, _ pairs: [Pair]) -> Double? {
    let layers = pairs.filter {
      $0.row.suite == network.suite && $0.row.workers == network.workers
    }
    guard layers.count == network.layers else { return nil }
    return layers.reduce(0) { $0 + $1.measured * Double($1.row.multiplicity) }
  }

  /// How many cases both have.
  public var count: Int { pairs.count }

  /// How near the predictions are, in a sentence each.
  public var sentences: [String] {
    guard !pairs.isEmpty else { return ["The run has none of the predicted cases."] }
    let near = pairs.count { abs($0.error) <= 0.1 }
    let inside = pairs.count(where: \.isInside)
    let outside = pairs.count { $0.row.time?.isOutside ?? false }
    let share = { (count: Int) in
      "\(count) (\(Phrase.percent(Double(count) / Double(self.pairs.count))))"
    }
    let own =
      "Of \(pairs.count) measured times \(share(near)) are within ±10 % of the prediction and "
      + "\(share(inside)) inside its interval; the median error is "
      + "\(Phrase.percent(median(of: pairs.map { abs($0.error) }))), and \(outside) lie "
      + "\(PredictedRow.outside)."
    return [own]
      + networks.map { network, measured in
        let time = network.time
        let place = time.lower <= measured && measured <= time.upper ? "inside" : "outside"
        return "\(network.suite), workers \(network.workers): predicted "
          + "\(Phrase.time(time.nanoseconds, time.lower...max(time.lower, time.upper))), measured "
          + "\(Phrase.time(measured)), \(place) the interval; off by "
          + "\(Phrase.percent(time.nanoseconds / measured - 1))."
      }
  }

  /// The cases that are farthest off.
  public func table(worst count: Int) -> TextTable {
    var table = TextTable(
      [
        ("case", .left), ("workers", .right), ("predicted", .right), ("measured", .right),
        ("error", .right), ("interval", .left), ("kernel", .left),
      ], expendable: ["kernel"])
    for pair in pairs.sorted(by: { abs($0.error) > abs($1.error) }).prefix(count) {
      table.append([
        pair.row.caseName, String(pair.row.workers), Phrase.time(pair.row.time?.nanoseconds),
        Phrase.time(pair.measured), Phrase.percent(pair.error),
        pair.isInside ? "inside" : "outside", pair.row.kernel,
      ])
    }
    return table
  }
}

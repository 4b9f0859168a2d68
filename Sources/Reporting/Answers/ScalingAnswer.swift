// SPDX-License-Identifier: Apache-2.0

internal import Statistics

/// What more workers bring: a sentence for each number of them.
struct ScalingAnswer {
  private let rows: SuiteRows
  /// Times of a case in a network; a total is over these.
  private let isNetwork: Bool

  /// Of all rows but those of the cases in `blocks`, which are the same layers again; where there are
  /// blocks only, they are the layers.
  init(_ rows: SuiteRows, isNetwork: Bool, blocks: Set<String> = []) {
    var layers = rows
    layers.measurements.removeAll { blocks.contains($0.caseName) }
    self.rows = layers.measurements.isEmpty ? rows : layers
    self.isNetwork = isNetwork
  }

  /// The sentences.
  var sentences: [String] { rows.workers.dropFirst().compactMap(sentence) }

  private func sentence(_ workers: Int) -> String? {
    let layers = Set(rows.measurements.filter { $0.partOf.isEmpty }.map(\.caseName))
    let gains = rows.gains.filter { $0.workers == workers && layers.contains($0.caseName) }
      .sorted { $0.speedup < $1.speedup }
    guard let least = gains.first, let most = gains.last else { return nil }
    guard gains.count > 1 else {
      let factor = Phrase.factor(least.speedup, least.interval)
      return "\(workers) workers are \(factor) as fast as \(fewest)."
    }
    let whole = total(workers) ?? geometricMean(of: gains.map(\.speedup))
    let how = isNetwork ? "over all layers" : "over \(gains.count) cases"
    return "\(workers) workers are \(Phrase.factor(whole)) as fast as \(fewest) \(how): from "
      + "\(place(least)) to \(place(most))."
  }

  private var fewest: String {
    let count = rows.workers.first ?? 1
    return count == 1 ? "one" : "\(count)"
  }

  private func place(_ gain: ScaledRow) -> String {
    "\(Phrase.factor(gain.speedup, gain.interval)) at \(Phrase.name(gain.caseName))"
  }

  /// Of a network: all layers with the fewest workers over all with so many.
  private func total(_ workers: Int) -> Double? {
    guard isNetwork, let fewest = rows.workers.first else { return nil }
    let sum = { (count: Int) in
      rows.with(workers: count).measurements.filter { $0.partOf.isEmpty }
        .reduce(0.0) { $0 + ($1.time ?? 0) * $1.multiplicity }
    }
    let times = [sum(fewest), sum(workers)]
    return times[1] > 0 ? times[0] / times[1] : nil
  }

  /// Comparisons whose verdict is another one with more workers, as one remark for each number.
  var turned: [String] {
    let few = rows.with(workers: rows.workers.first)
    return rows.workers.dropFirst().compactMap { workers in
      let names = few.comparisons.compactMap { row -> String? in
        let same = rows.comparisons.first {
          $0.setting == Setting(workers: workers, cache: row.setting.cache)
            && $0.comparison == row.comparison && $0.contenderCase == row.contenderCase
            && RuntimeName.of($0.contenderKernel) == RuntimeName.of(row.contenderKernel)
        }
        let decided: Set = ["faster", "slower"]
        guard let same, decided.isSuperset(of: [row.verdict, same.verdict]),
          row.verdict != same.verdict
        else { return nil }
        return "\(Phrase.name(row.comparison)) (\(Phrase.factor(same.speedup)))"
      }
      guard !names.isEmpty else { return nil }
      return "with \(workers) workers it is the other way: \(Caveats.names(names))"
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

public import Comparing
public import Foundation
internal import Inputs
public import Measuring

/// The simulated counts of a stored run: what `run --counters simulated` wrote.
public struct StoredCounts {
  /// The run.
  public let run: StoredRun
  /// Its rows with simulated counts.
  public let counts: SimulatedCounts

  /// Reads a run's folder.
  /// - Throws: `ComparingError`.
  public init(_ folder: URL) throws(ComparingError) {
    run = try StoredRun(folder)
    var entries: [SimulatedCounts.Entry] = []
    for suite in run.suites {
      entries += try StoredRun.table(.measurements, in: folder.appending(path: suite)).rows
        .compactMap(Self.entry)
    }
    counts = SimulatedCounts(entries: entries)
  }

  /// The counts of the cases that `matches` and of the suites of `other`: what a gate that looks at
  /// some cases only has to compare.
  public func counts(
    asIn other: SimulatedCounts, where matches: (String) -> Bool
  ) -> SimulatedCounts {
    let suites = Set(other.entries.map(\.row.suite))
    return SimulatedCounts(
      entries: counts.entries.filter { suites.contains($0.row.suite) && matches($0.row.caseName) })
  }

  /// The facts on which simulated counts depend that are not as in `environment`, flattened as
  /// `StoredRun` does it; the caches, and what the CPU can execute.
  public func differences(
    to environment: [String: String]
  ) -> (ofMachine: [EnvironmentDifference], others: [EnvironmentDifference]) {
    let all = EnvironmentDifference.between(
      run.environment.filter { !$0.key.hasPrefix("libraries.") }, environment)
    func isOfMachine(_ difference: EnvironmentDifference) -> Bool {
      ["machine", "cpuModel"].contains(difference.key) || difference.key.hasPrefix("caches.")
    }
    return (all.filter(isOfMachine), all.filter { !isOfMachine($0) })
  }

  private static func entry(_ row: CSVTable.Row) -> SimulatedCounts.Entry? {
    var counts: [String: Double] = [:]
    for (column, source) in zip(row.columns, row.cells)
    where column.hasPrefix(RunTable.eventSource) && source.hasPrefix("simulated") {
      let event = String(column.dropFirst(RunTable.eventSource.count))
      counts[event] = row.number(RunTable.columns(ofEvent: event)[0]).flatMap { $0 < 0 ? nil : $0 }
    }
    guard !counts.isEmpty, let key = CaseKey(row) else { return nil }
    return SimulatedCounts.Entry(
      row: SimulatedRow(
        suite: key.suite, caseName: key.name, kernel: key.kernel, workers: key.workers,
        cache: key.cache),
      counts: counts)
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Inputs

/// A stored run in the formats that other tools read.
public enum RunExport {
  /// The name that a case has in every export.
  public static func name(_ key: CaseKey) -> String {
    "\(key.suite)/\(key.name)/\(key.kernel)/workers:\(key.workers)/\(key.cache)"
  }

  /// Google Benchmark's JSON: a repetition for each round that counts, so that its `compare.py`
  /// can test with U; Bencher, Conbench and github-action-benchmark read it, too.
  ///
  /// The clock is the wall's; the CPU time of a team of workers is not measured, so `cpu_time` is
  /// the same number. The host's name is left empty.
  public static func googleBenchmark(_ run: StoredRun) throws -> String {
    let timed = run.cases.filter(\.isTimed)
    let repetitions = timed.enumerated().flatMap { family, one in
      one.samples.enumerated().map { index, time in
        GoogleBenchmark.Repetition(one, family: family, index: index, time: time)
      }
    }
    let context = GoogleBenchmark.Context(
      date: run.startedAt,
      numCPUs: run.environment["onlineCPUs"]
        .flatMap { Int(reading: $0, in: 1...Int.max) } ?? 1)
    return try encoded(GoogleBenchmark(context: context, benchmarks: repetitions))
  }

  /// Bencher's metric format: benchmark → measure → value with bounds, in nanoseconds.
  public static func bencher(_ run: StoredRun) throws -> String {
    var metrics: [String: [String: BencherMetric]] = [:]
    for one in run.cases where one.isTimed {
      guard let median = one.medianNanoseconds else { continue }
      metrics[name(one.key)] = [
        "latency": BencherMetric(
          value: median, lower: one.lowerNanoseconds, upper: one.upperNanoseconds)
      ]
    }
    return try encoded(metrics)
  }

  /// CSV for Apache Otava, which takes no empty cells.
  ///
  /// One row per run in the order of time, one column per case that all of them timed, in
  /// nanoseconds.
  public static func otava(_ runs: [StoredRun]) -> String {
    let runs = runs.sorted { $0.startedAt < $1.startedAt }
    let tables = runs.map { run in
      Dictionary(
        run.cases.filter(\.isTimed).compactMap { one in
          one.medianNanoseconds.map { (name(one.key), $0) }
        }, uniquingKeysWith: { first, _ in first })
    }
    let everywhere = tables.dropFirst().reduce(Set((tables.first ?? [:]).keys)) {
      $0.intersection($1.keys)
    }.sorted()
    let rows = zip(runs, tables).map { run, times in
      [run.startedAt, run.revision ?? "", run.version] + everywhere.map { "\(times[$0] ?? 0)" }
    }
    return CSVTable(columns: ["time", "commit", "version"] + everywhere, rows: rows).text
  }

  private static func encoded(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}

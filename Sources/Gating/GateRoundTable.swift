// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Measuring
public import Planning
internal import Suites

/// The rows of gate-rounds.csv: every round of every case, disturbed ones included.
public enum GateRoundTable {
  /// The header.
  public static let columns = [
    "suite", "case", "workers", "stage", "session", "round", "first", "iterations",
    "base_time_ns", "new_time_ns", "counted", "disturbed", "warm_up_iterations",
  ]

  /// The row of a round.
  public static func row(_ round: GateRound, of entry: SuiteEntry) -> [String] {
    [
      entry.suite, entry.name, String(entry.entry.workers), round.stage.rawValue,
      String(round.session), String(round.round), round.first.rawValue,
      String(round.iterations), tenths(round.baseNanoseconds), tenths(round.newNanoseconds),
      round.counts ? "1" : "0", round.causes.map(\.rawValue).joined(separator: "+"),
      String(round.warmUp),
    ]
  }

  /// One digit after the point, as in samples.csv.
  private static func tenths(_ nanoseconds: Double) -> String {
    String((nanoseconds * 10).rounded() / 10)
  }
}

extension SuiteEntry {
  /// What a gate calls it: the case, and what else tells it from others of its suite.
  public var name: String {
    let cache = entry.cache == .warm ? nil : entry.cache.rawValue
    let isNamed = entry.selection == nil && entry.contender.instructionSet != nil
    return [entry.suiteCase.name, isNamed ? entry.contender.kernel : nil, cache]
      .compactMap { $0 }.joined(separator: ", ")
  }
}

// SPDX-License-Identifier: Apache-2.0

/// What the machine did in the rounds of a group, once for each number of workers of its entries.
///
/// What disturbs a CPU on which an entry does not run says nothing about it, and the pace beside it is
/// that of as many workers.
struct RoundLogs {
  private var logs: [Int: RoundLog]
  private let calibrations: [Int: Calibration]

  /// Logs for entries with these numbers of workers, each with a loop beside the rounds.
  init(
    workers: Set<Int>, seesVisits: Bool, watch: (Int) -> SchedulerWatch?,
    calibration: (Int) -> Calibration?
  ) {
    logs = Dictionary(
      uniqueKeysWithValues: workers.map {
        ($0, RoundLog(watch: watch($0), seesVisits: seesVisits))
      })
    calibrations = Dictionary(
      uniqueKeysWithValues: workers.compactMap { count in calibration(count).map { (count, $0) } })
  }

  /// The log of entries with so many workers.
  subscript(workers: Int) -> RoundLog { logs[workers] ?? RoundLog(watch: nil) }

  /// Notes the state of the machine before a round.
  mutating func begin() { forEach { $0.begin() } }

  /// Notes what a visit of an entry with so many workers lost.
  mutating func note(_ visit: Sample, workers: Int) { logs[workers]?.note(visit) }

  /// Notes what happened in the round, and then the pace.
  mutating func end() {
    forEach { $0.end() }
    for (workers, calibration) in calibrations {
      logs[workers]?.note(pace: calibration.gflopPerSecond())
    }
  }

  /// Forgets the rounds after the first `count`.
  mutating func keep(_ count: Int) { forEach { $0.keep(count) } }

  /// Whether the last round is marked for any of them, and should be measured again.
  var lastIsDisturbed: Bool { logs.values.contains { $0.lastIsDisturbed } }

  private mutating func forEach(_ body: (inout RoundLog) -> Void) {
    for workers in Array(logs.keys) { body(&logs[workers, default: RoundLog(watch: nil)]) }
  }
}

// SPDX-License-Identifier: Apache-2.0

/// What the machine did in the rounds of a group, once for each number of workers of its entries.
///
/// What disturbs a CPU on which an entry does not run says nothing about it, and the pace beside it is
/// that of as many workers.
struct RoundLogs {
  private var logs: [Int: RoundLog]
  private let calibrations: [Int: Calibration]
  private let peaks: [Int: Double]

  /// Logs for entries with these numbers of workers, each with a loop beside the rounds; `peaks` are
  /// what that loop reaches with so many workers that have a core each, in GFLOP/s.
  init(
    workers: Set<Int>, seesVisits: Bool, peaks: [Int: Double] = [:],
    watch: (Int) -> SchedulerWatch?, calibration: (Int) -> Calibration?
  ) {
    self.peaks = peaks
    logs = Dictionary(
      uniqueKeysWithValues: workers.map {
        ($0, RoundLog(watch: watch($0), seesVisits: seesVisits))
      })
    // One worker's pace says what several should reach, even where no entry has one.
    calibrations = Dictionary(
      uniqueKeysWithValues: workers.union([1]).compactMap { count in
        calibration(count).map { (count, $0) }
      })
  }

  /// The log of entries with so many workers.
  subscript(workers: Int) -> RoundLog { logs[workers] ?? RoundLog(watch: nil) }

  /// Complete rounds.
  var count: Int { logs.values.first?.rounds.count ?? 0 }

  /// Notes the state of the machine before a round.
  mutating func begin() { forEach { $0.begin() } }

  /// Notes what a visit of an entry with so many workers lost.
  mutating func note(_ visit: Sample, workers: Int) { logs[workers]?.note(visit) }

  /// Notes what happened in the round, and then the pace.
  mutating func end() {
    forEach { $0.end() }
    let paces = calibrations.mapValues { $0.gflopPerSecond() }
    for (workers, pace) in paces {
      let share = coreShare(of: workers, paces)
      logs[workers]?.note(pace: pace, coreShare: share)
    }
  }

  /// The share of a core that each of several workers had, as their pace and that of one show it.
  ///
  /// Both are of this minute: a clock that is slower today slows both.
  func coreShare(of workers: Int, _ paces: [Int: Double]) -> Double? {
    guard workers > 1, let pace = paces[workers], let alone = paces[1],
      let peak = peaks[workers], let peakAlone = peaks[1]
    else { return nil }
    return pace / alone * peakAlone / peak
  }

  /// Forgets the rounds after the first `count`.
  mutating func keep(_ count: Int) { forEach { $0.keep(count) } }

  /// Whether the last round is marked for any of them, and should be measured again.
  var lastIsDisturbed: Bool { logs.values.contains { $0.lastIsDisturbed } }

  private mutating func forEach(_ body: (inout RoundLog) -> Void) {
    for workers in Array(logs.keys) { body(&logs[workers, default: RoundLog(watch: nil)]) }
  }
}

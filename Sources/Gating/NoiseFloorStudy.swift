// SPDX-License-Identifier: Apache-2.0

public import Comparing
internal import Glibc
internal import Inputs
public import Measuring
public import Planning
internal import Statistics

/// Compares a build with itself, to see what identical code differs by on this machine.
public struct NoiseFloorStudy {
  /// The lengths of visits that are studied, in nanoseconds.
  public static let visitLengths = [0.25e6, 0.5e6, 2e6, 8e6]
  /// With 24 sessions, the 95 % quantile is one of them and not their maximum.
  public static let sessions = 24
  /// Rounds in a session; as many as a gate has.
  public static let rounds = GateOptions.defaultRounds

  private let entry: SuiteEntry
  private let launch: GateRun.Launch
  private let isInterrupted: () -> Bool

  /// A study with `entry`; `launch` starts a process of the build, whatever the side.
  public init(
    entry: SuiteEntry, launch: @escaping GateRun.Launch,
    isInterrupted: @escaping () -> Bool = { false }
  ) {
    self.entry = entry
    self.launch = launch
    self.isInterrupted = isInterrupted
  }

  /// Measures every length.
  /// - Throws: `SubjectFailure` where a process fails.
  public func rows() throws(SubjectFailure) -> [StoredNoiseFloor.Row] {
    var visits: [Int: GroupVisits] = [:]
    _ = try session(-1, visits: &visits)
    let usual = visits[0] ?? GroupVisits(warmUp: WarmUp(), iterations: [1, 1])
    var rows: [StoredNoiseFloor.Row] = []
    var lengths = Self.visitLengths[...]
    while let length = lengths.popFirst() {
      let share = length / GateOptions.visitNanoseconds
      let iterations = Int(
        clamping: (Double(usual.iterations[0]) * share).rounded(), to: 1...Int.max)
      var own = [0: GroupVisits(warmUp: usual.warmUp, iterations: [iterations, iterations])]
      var sessions: [[GateRound]] = []
      for number in 0..<Self.sessions where !isInterrupted() {
        sessions.append(try session(number, visits: &own))
      }
      if let row = Self.row(length, sessions) { rows.append(row) }
    }
    return rows
  }

  private func session(
    _ number: Int, visits: inout [Int: GroupVisits]
  ) throws(SubjectFailure) -> [GateRound] {
    let session = GateSession(
      number: abs(number), stage: .screening, entries: [entry], wanted: [0],
      rounds: Self.rounds, launch: launch, isInterrupted: isInterrupted)
    let outcome = session.run(visits: &visits, checks: false)
    if let failed = outcome.failures[0] { throw failed.failure }
    return outcome.rounds
  }

  /// The floors that sessions show; nil where there are too few.
  static func row(_ length: Double, _ sessions: [[GateRound]]) -> StoredNoiseFloor.Row? {
    let counted = sessions.map { $0.filter(\.counts) }.filter { !$0.isEmpty }
    let values = counted.compactMap { GateJudge.session($0.map(\.logSpeedup)) }
    guard values.count >= 2 else { return nil }
    // Processes of sessions that are half of the study apart, as two runs would be.
    let medians = counted.map { log(median(of: $0.map(\.baseNanoseconds))) }
    let half = medians.count / 2
    let apart = (0..<medians.count - half).map { medians[$0 + half] - medians[$0] }
    return StoredNoiseFloor.Row(
      visitNanoseconds: length, sessions: values.count, paired: floor(values),
      gate: NoiseFloor(series: RatioEstimate(symmetric: values))?.relative, apart: floor(apart))
  }

  private static func floor(_ logRatios: [Double]) -> Double {
    NoiseFloor(repetitions: logRatios.map { RatioEstimate(logRatios: [$0]) }).relative
  }
}

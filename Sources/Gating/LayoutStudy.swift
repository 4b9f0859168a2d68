// SPDX-License-Identifier: Apache-2.0

public import Comparing
internal import Glibc
public import Measuring
public import Planning
internal import Statistics

/// Compares a build with relinks of itself, to see what the place of its functions costs.
public struct LayoutStudy {
  /// Fresh processes of each build for each relink.
  public static let sessions = 6

  private let entries: [SuiteEntry]
  private let isInterrupted: () -> Bool

  /// A study with some cases.
  public init(entries: [SuiteEntry], isInterrupted: @escaping () -> Bool = { false }) {
    self.entries = entries
    self.isInterrupted = isInterrupted
  }

  /// Measures one relink.
  /// - Parameter launch: Starts a process: the relinked build as the new one.
  /// - Returns: how far each case's time is from the original's, as a fraction; those with too few
  ///   calm rounds are left out.
  /// - Throws: `SubjectFailure` where a process fails.
  public func differences(
    launch: @escaping GateRun.Launch
  ) throws(SubjectFailure) -> [Double] {
    var visits: [Int: GroupVisits] = [:]
    var evidence = StageEvidence()
    var number = 0
    while number < Self.sessions, !isInterrupted() {
      let session = GateSession(
        number: number, stage: .screening, entries: entries, wanted: Array(entries.indices),
        rounds: GateOptions.defaultRounds, launch: launch, isInterrupted: isInterrupted)
      let outcome = session.run(visits: &visits, checks: false)
      if let failed = outcome.failures.values.first { throw failed.failure }
      evidence.add(outcome.rounds)
      number += 1
    }
    return entries.indices.map { evidence.values($0) }.filter { $0.count >= 3 }
      .map { expm1(abs(median(of: $0))) }
  }

  /// The floor that the differences of several relinks show; nil where there are too few.
  public static func floor(_ differences: [[Double]]) -> StoredNoiseFloor.Layout? {
    let all = differences.flatMap { $0 }
    guard differences.count >= 2, all.count >= 4 else { return nil }
    let floor = NoiseFloor(
      repetitions: all.map { RatioEstimate(logRatios: [log1p($0)]) })
    return StoredNoiseFloor.Layout(
      relative: floor.relative, largest: all.max() ?? 0, relinks: differences.count,
      comparisons: all.count)
  }
}

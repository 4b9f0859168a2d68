// SPDX-License-Identifier: Apache-2.0

public import Children
public import Planning

/// Measures a group in fresh processes, one after the other, and merges what they find.
///
/// What a process has by chance stays for its life: identical code in two processes differs by more
/// than two rounds of one process do. Spreading the rounds makes that part of the interval.
public struct ProcessSpread {
  /// Runs one process: a part for each entry of the group; nil where it gave no answer.
  public typealias Launch = (Task) -> [CasePart]?

  /// What one process has to do.
  public struct Task: Sendable {
    /// What it measures.
    public var group: PlanGroup
    /// Its number, from 0.
    public var process: Int
    /// Time for its rounds, in seconds.
    public var budget: Double
    /// How long visits are, as an earlier process found it; nil in the first.
    public var visits: GroupVisits?
  }

  private let count: Int
  private let interruption: Interruption
  private let launch: Launch

  /// As many processes as a run takes by itself where what it compares is small.
  ///
  /// With 15 the interval is between the fourth and the twelfth of their medians (96 %), and a
  /// comparison of two runs decides over a dozen cases, which takes 13; with 8 the interval would be
  /// between the smallest and the largest.
  public static let usualCount = 15
  /// Up to so many groups are small.
  public static let mostGroups = 16
  /// Calm rounds of each process: what a process has by chance does not become less with more.
  public static let roundsPerProcess = 12

  /// The processes of a run that asks for no number: several where it compares something and has few
  /// groups, this one alone where it has many, times and no comparisons, or contenders in processes
  /// of their own, which each would have to start again.
  public static func usualCount(for plan: Plan, hasExternals: Bool) -> Int {
    let isComparing = plan.groups.contains { !$0.pairs.isEmpty }
    return isComparing && !hasExternals && plan.groups.count <= mostGroups ? usualCount : 1
  }

  /// Fewer processes than this have no 95 % interval, as fewer rounds have none.
  public static let leastForInterval = RoundLoop.leastRounds

  /// A spread over `count` processes, each started by `launch`.
  public init(count: Int, interruption: Interruption, launch: @escaping Launch) {
    self.count = count
    self.interruption = interruption
    self.launch = launch
  }

  /// Measures a group.
  /// - Parameters:
  ///   - group: What to measure.
  ///   - budget: Time for the rounds of all processes, in seconds.
  ///   - noiseFloor: The margins of the verdicts.
  ///   - events: Told what happens.
  /// - Returns: a row per entry and per pair, whatever became of it.
  public func measure(
    _ group: PlanGroup, budget: Double, noiseFloor: NoiseMargins,
    events: (MeasuringEvent) -> Void
  ) -> GroupResult {
    var parts: [[CasePart]] = []
    var visits: GroupVisits?
    for process in 0..<count where !interruption.isRequested {
      events(.process(number: process, count: count))
      let task = Task(
        group: group, process: process, budget: budget / Double(count), visits: visits)
      let found = part(task)
      visits = visits ?? Self.visits(found)
      parts.append(found)
      // What does not work in one process is not worth the time of the others.
      if found.allSatisfy({ $0.samples.isEmpty }) { break }
    }
    let cases = group.entries.enumerated().map { place, entry in
      parts.isEmpty
        ? CaseResult(entry: entry, status: .interrupted, reason: "stopped before it began")
        : CaseResult.merged(parts.map { $0[place] }, of: entry)
    }
    return GroupResult(group: group, cases: cases, noiseFloor: noiseFloor)
  }

  /// How long the visits of a process were; nil where it measured nothing.
  private static func visits(_ found: [CasePart]) -> GroupVisits? {
    guard found.contains(where: { $0.iterations > 0 }) else { return nil }
    // Rows of cold caches have none, whatever the others have.
    let warmUp = found.map(\.warmUp).max() ?? 0
    return GroupVisits(
      warmUp: WarmUp(iterations: max(WarmUp.least, warmUp)), iterations: found.map(\.iterations))
  }

  /// What a process found.
  private func part(_ task: Task) -> [CasePart] {
    let entries = task.group.entries
    guard let found = launch(task), found.count == entries.count else {
      // Of what was ended because it took too long to stop nothing is known.
      return entries.map {
        interruption.isRequested
          ? CasePart(.interrupted, $0, reason: "stopped while its process made it ready")
          : CasePart(.failed, $0, reason: "its process gave no answer")
      }
    }
    return found
  }
}

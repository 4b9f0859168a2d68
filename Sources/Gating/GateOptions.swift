// SPDX-License-Identifier: Apache-2.0

/// How much a gate measures.
public struct GateOptions: Hashable, Sendable {
  /// Fresh process pairs per stage.
  public var sessions: Int
  /// Rounds per session and case.
  public var rounds: Int
  /// Time for everything, in seconds.
  public var budget: Double

  /// With 24, sessions that differ by 1 % decide a case at the first look, and such as differ by 2 %
  /// three cases of four.
  public static let defaultSessions = 24
  /// Processes start in a few hundredths of a second, so few rounds in many processes find more
  /// than many rounds in few.
  public static let defaultRounds = 12
  /// What a person waits for without leaving.
  public static let defaultBudget = 80.0
  /// A visit lasts about so long, in nanoseconds, where one iteration does not last longer: it is
  /// long against the wake-up of a worker, and short against what neighbours do.
  public static let visitNanoseconds = 500_000.0
  /// Share of the budget after which undecided cases are measured no longer: the second stage may
  /// take as long as the first.
  static let screeningShare = 0.5
  /// Fewer rounds than this give a poor median; an even number, so that either build comes first in
  /// half of them.
  static let leastRounds = 4

  /// Options; what is not given is at its default.
  public init(
    sessions: Int = defaultSessions, rounds: Int = defaultRounds, budget: Double = defaultBudget
  ) {
    self.sessions = sessions
    self.rounds = rounds
    self.budget = budget
  }
}

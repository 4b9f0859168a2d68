// SPDX-License-Identifier: Apache-2.0

/// How much a gate measures.
public struct GateOptions: Hashable, Sendable {
  /// Fresh process pairs per stage.
  public var sessions: Int
  /// Rounds per session and case in the first stage; the second, with few cases, has twice as many.
  public var rounds: Int
  /// Time for everything, in seconds.
  public var budget: Double

  /// At the family-wise error of 1 % over a dozen cases, the sign test needs 12 sessions that all
  /// agree; with 24, four may disagree.
  public static let defaultSessions = 24
  /// Processes start in a few hundredths of a second, so few rounds in many processes find more
  /// than many rounds in few.
  public static let defaultRounds = 12
  /// What a person waits for without leaving.
  public static let defaultBudget = 80.0
  /// A visit lasts about so long, in nanoseconds, where one iteration does not last longer: it is
  /// long against the wake-up of a worker, and short against what neighbours do.
  public static let visitNanoseconds = 500_000.0
  /// Iterations of a visit at most, whatever a process says that one takes.
  static let mostIterations = 1_000_000
  /// Cases that are undecided are measured at most so many times as long.
  static let mostSessionsFactor = 4
  /// Share of the budget after which undecided cases are measured no longer, so that there is time
  /// for the second stage.
  static let screeningShare = 0.75
  /// Fewer rounds than this give a poor median.
  static let leastRounds = 3

  /// Options; what is not given is at its default.
  public init(
    sessions: Int = defaultSessions, rounds: Int = defaultRounds, budget: Double = defaultBudget
  ) {
    self.sessions = sessions
    self.rounds = rounds
    self.budget = budget
  }
}

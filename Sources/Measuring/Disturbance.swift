// SPDX-License-Identifier: Apache-2.0

/// What else the machine did while a round was measured.
///
/// A value is nil where the system does not show it.
public struct Disturbance: Codable, Hashable, Sendable {
  /// Why a round says little about the code: the words of the column `disturbed`.
  public enum Cause: String, CaseIterable, Hashable, Sendable {
    /// The hypervisor gave our CPUs to someone else.
    case stolen
    /// A worker was interrupted and did not get its CPU back at once.
    case waited
    /// A worker ran on another CPU than before.
    case migrated
    /// The calibration loop beside the round was much slower than usual.
    case slow
    /// Workers had less than a core each: the hypervisor ran two of our CPUs on one.
    case shared
  }

  /// How long the round took, in nanoseconds.
  public var nanoseconds: Double
  /// Time that the hypervisor took from the workers' CPUs, in nanoseconds; comes in ticks of 10 ms.
  public var stolenNanoseconds: Double?
  /// Time that workers lost of what was timed, in nanoseconds, over all workers and visits.
  public var waitedNanoseconds: Double?
  /// How often a worker had to give up its CPU inside of what was timed.
  public var contextSwitches: Int?
  /// The largest share that one visit lost of its timed part.
  public var lostShare: Double?
  /// How often a worker changed its CPU.
  public var migrations: Int?
  /// What the calibration loop reached just after the round, in GFLOP/s.
  public var pace: Double?
  /// What the calibration loop usually reaches, in GFLOP/s; nil before that is known.
  public var usualPace: Double?
  /// The share of a core that each worker had; nil for one worker, or where it is not known.
  public var coreShare: Double?

  /// Conditions of a round of which only the length is known.
  public init(nanoseconds: Double) {
    self.nanoseconds = nanoseconds
  }

  /// Takes note of what the workers lost of a visit whose timed part took `nanoseconds`; nil where
  /// that is not seen.
  public mutating func add(_ lost: [LostTime]?, of nanoseconds: Double) {
    guard let lost, let worst = lost.map(\.nanoseconds).max() else { return }
    waitedNanoseconds = lost.reduce(waitedNanoseconds ?? 0) { $0 + $1.nanoseconds }
    contextSwitches = lost.reduce(contextSwitches ?? 0) { $0 + $1.switches }
    lostShare = max(lostShare ?? 0, worst / max(nanoseconds, 1))
  }

  /// The share of a visit, or of a round, that may be lost before the round is marked: as much as
  /// `--precision` asks for.
  public static let largestLostShare = 0.01
  /// A calibration below this share of the usual one marks the round: clocks and neighbours change
  /// the pace by some per cent all the time, and that cancels in a ratio.
  public static let leastPaceShare = 0.85
  /// Workers that have less of a core mark the round: two on one core have half of it each.
  public static let leastCoreShare = 0.75

  /// Why the round is marked as disturbed; empty where it is not.
  public var causes: [Cause] {
    var causes: [Cause] = []
    if let stolenNanoseconds, stolenNanoseconds > Self.largestLostShare * nanoseconds {
      causes.append(.stolen)
    }
    // Of a visit, not of the round: half of a short visit may be a hundredth of a long round.
    if let lostShare, lostShare > Self.largestLostShare { causes.append(.waited) }
    if let migrations, migrations > 0 { causes.append(.migrated) }
    if let pace, let usualPace, pace < Self.leastPaceShare * usualPace { causes.append(.slow) }
    if let coreShare, coreShare < Self.leastCoreShare { causes.append(.shared) }
    return causes
  }

  /// Whether the round is marked.
  public var isDisturbed: Bool { !causes.isEmpty }
}

// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Machine
internal import Statistics

extension MachineLimits {
  /// What else the machine did while its limits were taken.
  public struct Surroundings: Codable, Hashable, Sendable {
    /// Load average of the minute before; nil where the system does not show it.
    public var loadAverage: Double?
    /// CPUs online.
    public var cpus: Int
    /// How often a limit loop ran under the clock, over all limits.
    public var tries = 0
    /// In how many of these a worker was interrupted, see `Disturbance.Cause.waited`.
    public var disturbedTries = 0
    /// Limits without a single calm try.
    public var disturbedLimits = 0
    /// The FMA loop of the widest instruction set on all workers before, between and after the
    /// limits, in GFLOP/s.
    public var paces: [Double] = []
    /// The first number of workers that had less than a core each while the peaks were taken; nil
    /// where none had, or where CPUs are threads of a core as the system itself says.
    public var withoutOwnCore: Int?

    /// Nothing measured yet.
    public init(loadAverage: Double?, cpus: Int) {
      self.loadAverage = loadAverage
      self.cpus = cpus
    }

    /// What disturbed the limits, so that they are not kept; nil where nothing did.
    public var disturbance: String? {
      if let reason = MachineLoad.reasonAgainst(loadAverage, cpus: cpus) { return reason }
      if disturbedLimits > 0 {
        return "\(disturbedLimits) of the limits had no calm try, and \(disturbedTries) of all "
          + "\(tries) tries were interrupted"
      }
      if let withoutOwnCore {
        return "\(withoutOwnCore) workers had less than a core each, as if two CPUs were on one"
      }
      guard let slowest = paces.min(), let fastest = paces.max(),
        slowest < Disturbance.leastPaceShare * fastest
      else { return nil }
      return "the pace of the FMA loop changed between "
        + String(format: "%.1f and %.1f GFLOP/s", slowest, fastest)
    }
  }

  /// The first number of workers whose FMA loops did less in a cycle than those of workers on cores
  /// of their own, see `Disturbance.leastCoreShare`: in a cycle, since the clock falls with the number
  /// of cores at work.
  /// - Parameters:
  ///   - peaks: the FMA peak of all workers together by their number, in GFLOP/s.
  ///   - clocks: the clock by number of workers.
  /// - Returns: their number; nil where there is none.
  static func withoutOwnCore(peaks: [Int: Double], clocks: [CoreClock]) -> Int? {
    let inCycle = clocks.compactMap { clock in
      peaks[clock.workers].map { ($0 / Double(clock.workers) / clock.gigahertz, clock.workers) }
    }
    let alone = inCycle.first { $0.1 == 1 }?.0 ?? 0
    return inCycle.first { $0.0 < Disturbance.leastCoreShare * alone }?.1
  }

  /// What a reader should know before trusting shares of these limits; nil where nothing disturbed
  /// them, or a version measured them that did not look.
  public var doubt: String? {
    surroundings?.disturbance.map {
      "the machine's limits were measured beside other work (\($0)): shares of peak and roofline may "
        + "be too high"
    }
  }

  /// The higher one of each limit: what was reached once can be reached.
  /// - Requires: `other` is of the same machine.
  func raised(to other: MachineLimits) -> MachineLimits {
    var raised = other
    raised.peaks = other.peaks.map { peak in
      var peak = peak
      let same = peaks.first {
        $0.instructionSet == peak.instructionSet && $0.workers == peak.workers
          && $0.dataType == peak.dataType
      }
      peak.gflopPerSecond = max(peak.gflopPerSecond, same?.gflopPerSecond ?? 0)
      return peak
    }
    raised.bandwidths = other.bandwidths.map { level in
      var level = level
      let sames = bandwidths.filter { $0.level == level.level && $0.workers == level.workers }
      guard let same = sames.first else { return level }
      level.readGBPerSecond = max(level.readGBPerSecond, same.readGBPerSecond)
      level.writeGBPerSecond = max(level.writeGBPerSecond, same.writeGBPerSecond)
      level.triadGBPerSecond = max(level.triadGBPerSecond, same.triadGBPerSecond)
      return level
    }
    return raised
  }
}

/// The tries of one limit: the best calm one counts, since a limit is what nothing disturbed.
struct LimitTries {
  /// So many at least.
  static let least = 9
  /// Where fewer than this were calm, more are made.
  static let enoughCalm = 3
  /// So many at most.
  static let most = 18

  private(set) var count = 0
  private(set) var disturbed = 0
  private var calmest = Double.infinity
  private var fastest = Double.infinity

  /// Whether there are enough.
  var isOver: Bool {
    count >= Self.most || (count >= Self.least && count - disturbed >= Self.enoughCalm)
  }

  /// Whether no try was calm.
  var isDisturbed: Bool { count > 0 && disturbed == count }

  /// The shortest calm try, or the shortest of all where none was calm; infinite where there was
  /// none.
  var best: Double { isDisturbed ? fastest : calmest }

  /// Notes a try and what its workers lost.
  mutating func take(seconds: Double, lost: [LostTime]) {
    var visit = Disturbance(nanoseconds: seconds * 1e9)
    visit.add(lost, of: seconds * 1e9)
    count += 1
    fastest = min(fastest, seconds)
    if visit.isDisturbed {
      disturbed += 1
    } else {
      calmest = min(calmest, seconds)
    }
  }
}

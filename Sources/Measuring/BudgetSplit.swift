// SPDX-License-Identifier: Apache-2.0

internal import Convolution
public import Planning
internal import Statistics
internal import Suites

/// Splits a time over groups so that as many comparisons as possible are decided; what one leaves
/// over, the others get.
///
/// A round of a group visits each of its entries once. Every group must have its least rounds, so
/// these are booked first, wherever it stands; what then is left goes to all alike, by the number of
/// entries and comparisons, as far as they need it: short problems end with every comparison
/// decided, where equal numbers of rounds would decide none.
public struct BudgetSplit {
  /// What rounds of a group take.
  public struct Need {
    /// Seconds of the least rounds that give an interval.
    public var least: Double
    /// Seconds of as many rounds as usually decide.
    public var enough: Double
    /// Its part of what is left over.
    public var weight: Double

    /// A need.
    public init(least: Double, enough: Double, weight: Double) {
      self.least = least
      self.enough = max(least, enough)
      self.weight = weight
    }

    /// Its seconds where a unit of weight has `seconds`.
    func share(_ seconds: Double) -> Double { min(max(least, seconds * weight), enough) }
  }

  private var left: Double?
  private var needs: ArraySlice<Need>
  private let now: () -> Double

  /// - Parameters:
  ///   - total: seconds for all groups together; without, each may take the usual time of a group.
  ///   - needs: those of each group, in the order in which they follow.
  ///   - now: seconds on a clock that does not go back.
  public init(
    total: Double?, needs: [Need], now: @escaping () -> Double = BudgetSplit.seconds
  ) {
    left = total
    self.needs = needs[...]
    self.now = now
  }

  /// Seconds since the first call, on the system's clock that never goes back.
  public static func seconds() -> Double {
    start.duration(to: .now) / .seconds(1)
  }

  private static let start = ContinuousClock.now

  /// Runs `body` with the next group's share, in seconds, and books what it took.
  public mutating func spend<Value>(_ body: (Double) -> Value) -> Value {
    let share = left.map { Self.share(of: needs, in: max(0, $0)) }
    _ = needs.popFirst()
    let begun = now()
    let value = body(share ?? MeasuringOptions.defaultGroupBudget)
    left = left.map { $0 - (now() - begun) }
    return value
  }

  /// What the first of several groups may take of `seconds`.
  private static func share(of needs: ArraySlice<Need>, in seconds: Double) -> Double {
    guard let first = needs.first else { return seconds }
    let least = needs.reduce(0) { $0 + $1.least }
    let enough = needs.reduce(0) { $0 + $1.enough }
    if seconds <= least { return least > 0 ? seconds * first.least / least : 0 }
    if seconds >= enough { return enough > 0 ? seconds * first.enough / enough : seconds }
    // What a unit of weight has so that all of it is given: between nothing and all.
    var range = (0.0, seconds / (needs.map(\.weight).filter { $0 > 0 }.min() ?? 1))
    for _ in 0..<halvings {
      let middle = (range.0 + range.1) / 2
      let given = needs.reduce(0) { $0 + $1.share(middle) }
      if given < seconds { range.0 = middle } else { range.1 = middle }
    }
    return first.share(range.0)
  }

  private static let halvings = 40
}

extension PlanGroup {
  /// About what its rounds take on a core that reaches `gflopPerSecond` with usual code.
  public func need(gflopPerSecond: Double = 50) -> BudgetSplit.Need {
    let times = entries.map { $0.roughNanoseconds(gflopPerSecond) }
    let visit = VisitLength.nanoseconds(
      slowest: times.max() ?? 0, least: MeasuringOptions.leastSampleNanoseconds)
    let round = times.reduce(0) { sum, time in
      sum + Self.betweenVisits + max(visit, time) + Double(WarmUp.least) * time
    }
    let rounds = RelativeWidth.defaultLeastRounds * (pairs.isEmpty ? 1 : 2)
    return BudgetSplit.Need(
      least: Double(RoundLoop.leastRounds) * round / 1e9, enough: Double(rounds) * round / 1e9,
      weight: Double(entries.count + pairs.count))
  }

  /// What goes with a visit besides its iterations, in nanoseconds.
  private static let betweenVisits = 300_000.0
}

extension PlanEntry {
  /// The order of magnitude of an iteration, in nanoseconds, whatever computes it.
  fileprivate func roughNanoseconds(_ gflopPerSecond: Double) -> Double {
    let cost = suiteCase.cost
    let computing = 2 * Double(cost.macs) / gflopPerSecond
    return max(computing, Double(cost.trafficBytes) / Self.roughGBPerSecond) / Double(workers)
  }

  private static let roughGBPerSecond = 10.0
}

// SPDX-License-Identifier: Apache-2.0

public import Planning

/// Splits a time over groups in proportion to what has to be measured in each; what one leaves over,
/// the others get.
///
/// A round of a group visits each of its entries once. With equal shares, a curve of thirty cases would
/// end after a thirtieth of the rounds of a single layer, too few to decide any of its comparisons.
public struct BudgetSplit {
  private var left: Double?
  private var weights: ArraySlice<Int>
  private let now: () -> Double

  /// - Parameters:
  ///   - total: seconds for all groups together; without, each may take the usual time of a group.
  ///   - weights: one of each group, in the order in which they follow.
  ///   - now: seconds on a clock that does not go back.
  public init(
    total: Double?, weights: [Int], now: @escaping () -> Double = BudgetSplit.seconds
  ) {
    left = total
    self.weights = weights[...]
    self.now = now
  }

  /// Seconds since the first call, on the system's clock that never goes back.
  public static func seconds() -> Double {
    start.duration(to: .now) / .seconds(1)
  }

  private static let start = ContinuousClock.now

  /// Runs `body` with the next group's share, in seconds, and books what it took.
  public mutating func spend<Value>(_ body: (Double) -> Value) -> Value {
    let ahead = weights.reduce(0, +)
    let weight = weights.popFirst() ?? 1
    let share = left.map { max(0, $0) * Double(weight) / Double(max(ahead, 1)) }
    let begun = now()
    let value = body(share ?? MeasuringOptions.defaultGroupBudget)
    left = left.map { $0 - (now() - begun) }
    return value
  }
}

extension PlanGroup {
  /// Entries, and comparisons once more: their intervals take rounds, a time alone does not.
  public var weight: Int { max(1, entries.count + pairs.count) }
}

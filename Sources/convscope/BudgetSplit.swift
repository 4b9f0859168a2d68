// SPDX-License-Identifier: Apache-2.0

internal import Measuring

/// Splits a time over groups: what one leaves over, the others get.
struct BudgetSplit {
  private var left: Double?
  private var groups: Int

  init(total: Double?, groups: Int) {
    left = total
    self.groups = groups
  }

  /// Runs `body` with the next group's share, in seconds, and books what it took.
  mutating func spend<Value>(_ body: (Double) -> Value) -> Value {
    let share = left.map { max(0, $0) / Double(max(groups, 1)) }
    let start = ContinuousClock.now
    let value = body(share ?? MeasuringOptions.defaultGroupBudget)
    let spent = (ContinuousClock.now - start).components
    left = left.map { $0 - Double(spent.seconds) - Double(spent.attoseconds) * 1e-18 }
    groups -= 1
    return value
  }
}

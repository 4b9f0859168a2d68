// SPDX-License-Identifier: Apache-2.0

import Measuring
import Testing

@Suite("A budget over groups")
struct BudgetSplitTests {
  /// Seconds that pass only where a test says so.
  private final class Clock {
    var seconds = 0.0
  }

  /// What each group is given, where each takes its share of `used`.
  private func shares(of total: Double?, weights: [Int], used: [Double]) -> [Double] {
    let clock = Clock()
    var budget = BudgetSplit(total: total, weights: weights) { clock.seconds }
    return used.map { part in
      budget.spend { share in
        clock.seconds += share * part
        return share
      }
    }
  }

  @Test("is split in proportion to the weights")
  func proportion() {
    #expect(shares(of: 100, weights: [1, 3, 6], used: [1, 1, 1]) == [10, 30, 60])
  }

  @Test("passes on what a group leaves over")
  func leftover() {
    #expect(shares(of: 100, weights: [2, 1, 1], used: [0, 0.5, 1]) == [50, 50, 75])
  }

  @Test("leaves nothing to those behind one that took it all, and never less")
  func overdrawn() {
    #expect(shares(of: 10, weights: [1, 1], used: [4, 1]) == [5, 0])
  }

  @Test("is the usual one of a group where none is given")
  func usual() {
    let usual = MeasuringOptions.defaultGroupBudget
    #expect(shares(of: nil, weights: [1, 9], used: [1, 1]) == [usual, usual])
  }
}

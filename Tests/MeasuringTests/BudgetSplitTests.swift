// SPDX-License-Identifier: Apache-2.0

import Convolution
import Measuring
import Planning
import Suites
import Testing

@Suite("A budget over groups")
struct BudgetSplitTests {
  /// Seconds that pass only where a test says so.
  private final class Clock {
    var seconds = 0.0
  }

  private typealias Need = BudgetSplit.Need

  /// What each group is given, where each takes its share of `used`.
  private func shares(of total: Double?, _ needs: [Need], used: [Double]) -> [Double] {
    let clock = Clock()
    var budget = BudgetSplit(total: total, needs: needs) { clock.seconds }
    return used.map { part in
      budget.spend { share in
        clock.seconds += share * part
        return (share * 1000).rounded() / 1000
      }
    }
  }

  @Test("is split by the number of cases between the least and enough")
  func between() {
    let needs = [1.0, 3, 6].map { Need(least: 0, enough: 1000, weight: $0) }
    #expect(shares(of: 100, needs, used: [1, 1, 1]) == [10, 30, 60])
  }

  @Test("gives short problems enough and long ones their least, wherever they stand")
  func shortFirst() {
    let (long, short) = (
      Need(least: 60, enough: 500, weight: 1), Need(least: 1, enough: 10, weight: 1)
    )
    #expect(shares(of: 90, [long, short, short], used: [1, 1, 1]) == [70, 10, 10])
    #expect(shares(of: 90, [short, short, long], used: [1, 1, 1]) == [10, 10, 70])
    // Too little for all that must be: each its part of it.
    #expect(shares(of: 31, [short, short, long], used: [1, 1, 1]) == [0.5, 0.5, 30])
  }

  @Test("is spent where there is more than enough")
  func plenty() {
    let needs = [1.0, 4].map { Need(least: 0, enough: $0, weight: 1) }
    #expect(shares(of: 50, needs, used: [1, 1]) == [10, 40])
  }

  @Test("passes on what a group leaves over")
  func leftover() {
    let needs = [2.0, 1, 1].map { Need(least: 0, enough: 1000, weight: $0) }
    #expect(shares(of: 100, needs, used: [0, 0.5, 1]) == [50, 50, 75])
  }

  @Test("leaves nothing to those behind one that took it all, and never less")
  func overdrawn() {
    let needs = [1.0, 1].map { Need(least: 0, enough: 1000, weight: $0) }
    #expect(shares(of: 10, needs, used: [4, 1]) == [5, 0])
  }

  @Test("is the usual one of a group where none is given")
  func usual() {
    let usual = MeasuringOptions.defaultGroupBudget
    let needs = [1.0, 9].map { Need(least: 1, enough: 2, weight: $0) }
    #expect(shares(of: nil, needs, used: [1, 1]) == [usual, usual])
  }

  private func group(_ problem: String, cases: Int, pairs: Int = 0) throws -> PlanGroup {
    let entry = PlanEntry(
      suiteCase: SuiteCase(name: problem, steps: [try ProblemDescriptor.parse(problem)]),
      contender: .external(name: "x"), workers: 1, cache: .warm)
    let pair = PlanPair(comparison: "c", baseline: 0, contender: 0, axes: [:])
    return PlanGroup(
      suite: "s", axisNames: [], entries: Array(repeating: entry, count: cases),
      pairs: Array(repeating: pair, count: pairs))
  }

  @Test("needs more for long problems, for more cases and for comparisons")
  func needs() throws {
    // 1.9 and 0.0005 GMAC.
    let long = try group("ic256ih56oc256kh3ph1", cases: 12).need()
    let short = try group("ic16ih14oc16kh3ph1", cases: 12).need()
    let twice = try group("ic16ih14oc16kh3ph1", cases: 24).need()
    let compared = try group("ic16ih14oc16kh3ph1", cases: 12, pairs: 12).need()
    #expect(long.least > 100 * short.least && short.least > 0 && short.enough > short.least)
    #expect(twice.least == 2 * short.least && twice.weight == 2 * short.weight)
    #expect(compared.least == short.least && compared.enough == 2 * short.enough)
    #expect(try group("ic16ih14oc16kh3ph1", cases: 0).need().enough == 0)
  }
}

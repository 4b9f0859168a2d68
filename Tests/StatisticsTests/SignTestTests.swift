// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

@Suite struct SignTestTests {
  /// Outcomes with at most `successes` of `count`, of 2^count, from a binomial table.
  static let tailTable: [(successes: Int, count: Int, outcomes: Double)] = [
    (0, 6, 1), (1, 6, 7), (2, 6, 22), (3, 6, 42), (5, 6, 63), (1, 10, 11), (2, 10, 56),
    (4, 10, 386), (5, 10, 638), (5, 20, 21_700), (6, 20, 60_460),
  ]

  @Test("Tails of the fair binomial are those of the table", arguments: tailTable)
  func tails(successes: Int, count: Int, outcomes: Double) {
    let probability = exp(FairBinomial.logCumulative(successes, count: count))
    #expect(abs(probability - outcomes / pow(2, Double(count))) < 1e-13)
  }

  @Test("Tails beyond both ends are certain and impossible")
  func tailEnds() {
    #expect(FairBinomial.logCumulative(-1, count: 6) == -.infinity)
    #expect(FairBinomial.logCumulative(6, count: 6) == 0)
    #expect(FairBinomial.logCumulative(0, count: 0) == 0)
  }

  @Test(
    "A lower and an upper tail that share no outcome add up to one", arguments: [1, 7, 40, 333])
  func tailSymmetry(count: Int) {
    for successes in 0..<count {
      let lower = exp(FairBinomial.logCumulative(successes, count: count))
      let upper = exp(FairBinomial.logCumulative(count - successes - 1, count: count))
      #expect(abs(lower + upper - 1) < 1e-12)
    }
  }

  /// By Chernoff `log P(X ≤ n/4) ≤ -n·D(¼‖½)`, and the single term at n/4 is a lower bound.
  @Test("A tail too small for a Double still has a logarithm")
  func tinyTail() {
    let count = 100_000
    let logTail = FairBinomial.logCumulative(count / 4, count: count)
    let divergence = 0.25 * log(0.5) + 0.75 * log(1.5)
    #expect(logTail < -Double(count) * divergence)
    #expect(logTail > -Double(count) * divergence - 10)
    #expect(FairBinomial.logCumulative(0, count: 5000) == -5000 * log(2))
  }

  static let rankTable: [(count: Int, confidence: Double, rank: Int?)] = [
    (5, 0.95, nil), (6, 0.95, 1), (8, 0.95, 1), (9, 0.95, 2), (10, 0.95, 2), (12, 0.95, 3),
    (15, 0.95, 4), (20, 0.95, 6), (25, 0.95, 8), (30, 0.95, 10), (50, 0.95, 18),
    (100, 0.95, 40), (7, 0.99, nil), (8, 0.99, 1), (20, 0.99, 4), (1000, 0.95, 469),
  ]

  @Test("The rank of the bounds is that of the table", arguments: rankTable)
  func ranks(count: Int, confidence: Double, rank: Int?) {
    #expect(SignTest.rank(count: count, confidence: confidence) == rank)
  }

  @Test("A confidence that equals a tail exactly counts as reached", arguments: [1, 2, 6, 11, 30])
  func exactLevels(count: Int) {
    let outermost = 1 - 2 * pow(0.5, Double(count))
    guard outermost > 0 else {
      #expect(SignTest.rank(count: count, confidence: 0.01) == nil)
      return
    }
    #expect(SignTest.rank(count: count, confidence: outermost) == 1)
    #expect(SignTest.leastCount(confidence: outermost) == count)
  }

  @Test("The least count is the first that has a rank", arguments: [0.5, 0.9, 0.95, 0.99, 0.9999])
  func leastCount(confidence: Double) {
    let least = SignTest.leastCount(confidence: confidence)
    #expect(SignTest.rank(count: least - 1, confidence: confidence) == nil)
    #expect(SignTest.rank(count: least, confidence: confidence) == 1)
  }

  /// Counts, and the p-value that twice the table's outcomes give.
  static let pValueTable: [(below: Int, above: Int, pValue: Double)] = [
    (0, 6, 0.03125), (6, 0, 0.03125), (1, 9, 0.021484375), (5, 5, 1), (3, 3, 1),
    (14, 6, 0.115318298339844),
  ]

  @Test("The two-sided p-value doubles the smaller tail, up to one", arguments: pValueTable)
  func twoSided(below: Int, above: Int, pValue: Double) {
    #expect(abs(SignTest(below: below, ties: 0, above: above).pValue - pValue) < 1e-13)
  }

  @Test("A tie counts against either direction")
  func ties() {
    let test = SignTest(below: 0, ties: 2, above: 8)
    #expect(abs(test.pValue - 112.0 / 1024) < 1e-13)
    #expect(SignTest(below: 0, ties: 7, above: 0).pValue == 1)
  }

  @Test("Values are counted by their signs")
  func signs() {
    let test = SignTest([-1, 2, 3, 4, 5, 6, 7, 8, 9, 0.5])
    #expect((test.below, test.ties, test.above) == (1, 0, 9))
    #expect(SignTest([0, -0.0, 1]).ties == 2)
  }

  @Test("Thousands of equal signs keep a p-value in logarithms")
  func manyRounds() {
    let test = SignTest(below: 5000, ties: 0, above: 0)
    #expect(test.pValue == 0)
    #expect(abs(test.logPValue + 4999 * log(2)) < 1e-9)
  }
}

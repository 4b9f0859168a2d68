// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

@Suite struct SignedRankTests {
  /// Wilcoxon's table: sums that are reached at most with 2.5 % (one side) by so many values.
  @Test(
    "Critical values are those of the table",
    arguments: [(6, 0), (7, 2), (8, 3), (9, 5), (10, 8), (12, 13), (20, 52), (24, 81)])
  func table(count: Int, critical: Int) {
    let distribution = SignedRank.NullDistribution(count: count)
    #expect(distribution.largest(below: 0.025) == critical)
    #expect(distribution.cumulative(critical) <= 0.025)
    #expect(distribution.cumulative(critical + 1) > 0.025)
    #expect(abs(distribution.cumulative(count * (count + 1) / 2) - 1) < 1e-12)
  }

  @Test("Few values have no interval at all")
  func few() {
    #expect(SignedRank.NullDistribution(count: 5).largest(below: 0.025) == nil)
    #expect(SignedRank([1, 2, 3, 4, 5]).interval(confidence: 0.95) == nil)
    let six = SignedRank([1, 2, 3, 4, 5, 6])
    #expect(six.interval(confidence: 0.95).map { [$0.lower, $0.upper] } == [1, 6])
    #expect(abs(six.pValue - 2.0 / 64) < 1e-15)
  }

  /// Pairs of −1, 2, 4: −1, 0.5, 1.5, 2, 3, 4; one of them is below zero.
  @Test("Center and statistic by hand")
  func byHand() {
    let test = SignedRank([2, -1, 4])
    #expect(test.means == [-1, 0.5, 1.5, 2, 3, 4])
    #expect(test.center == 1.75)
    // The sums 0 and 1 of {1, 2, 3}: two of eight.
    #expect(abs(test.pValue - 2 * 2.0 / 8) < 1e-15)
    // Pairs of −2, 2: one at zero, which speaks against either side.
    #expect(SignedRank([-2, 2]).pValue == 1)
  }

  @Test("Interval and test say the same, with and without correlation", arguments: [1, 1.7, 4])
  func duality(inflation: Double) {
    var noise = Noise(seed: 5)
    for count in [8, 13, 24, 40] {
      for shift in [0, 0.3, 0.6, 1] {
        // Rounded, so that there are ties and zeros.
        let values = (0..<count).map { _ in ((noise.normal() + shift) * 4).rounded() / 4 }
        let estimate = RatioEstimate(
          symmetric: values, confidence: 0.97, inflation: inflation)
        #expect(estimate.excludesOne == (estimate.pValue <= 0.03 * (1 + 1e-9)), "\(values)")
      }
    }
  }

  @Test("Exchanging the sides inverts everything")
  func antisymmetric() throws {
    let values = [0.1, -0.03, 0.2, 0.07, 0.01, 0.3, -0.02, 0.15, 0.11]
    let one = RatioEstimate(symmetric: values)
    let other = RatioEstimate(symmetric: values.map { -$0 })
    #expect(abs(one.ratio * other.ratio - 1) < 1e-15 && one.pValue == other.pValue)
    #expect(abs(try #require(one.lower) * (try #require(other.upper)) - 1) < 1e-15)
  }

  @Test(
    "The interval holds the center of symmetric values as often as promised",
    arguments: [8, 24], [0.95, 0.99])
  func coverage(count: Int, confidence: Double) {
    let coverage = CoverageTests.coverage(trials: 4000, truth: exp(0.02)) { noise in
      let estimate = RatioEstimate(
        symmetric: (0..<count).map { _ in 0.02 + 0.04 * noise.normal() }, confidence: confidence)
      return (estimate.lower, estimate.upper)
    }
    #expect(coverage >= confidence - 0.003, "seed \(CoverageTests.seed)")
  }

  @Test("It finds what the sign test does not")
  func power() {
    var noise = Noise(seed: 9)
    var (ranks, signs) = (0, 0)
    for _ in 0..<500 {
      let values = (0..<24).map { _ in 0.04 + 0.04 * noise.normal() }
      ranks += RatioEstimate(symmetric: values).pValue <= 0.01 / 12 ? 1 : 0
      signs += RatioEstimate(logRatios: values).pValue <= 0.01 / 12 ? 1 : 0
    }
    #expect(ranks > 350 && signs < 300, "\(ranks) \(signs)")
  }

  @Test("What a dozen series have in common is known where one of them says little")
  func common() {
    var noise = Noise(seed: 3)
    let independent = (0..<12).map { _ in noise.autoregression(24, correlation: 0) }
    let correlated = (0..<12).map { _ in noise.autoregression(24, correlation: 0.5) }
    #expect(SerialCorrelation.commonInflation(of: independent) < 1.4)
    let inflation = SerialCorrelation.commonInflation(of: correlated)
    #expect(inflation > 1.8 && inflation < 5, "\(inflation)")
    #expect(SerialCorrelation.commonInflation(of: []) == 1)
    #expect(SerialCorrelation.commonInflation(of: [[1, 2], [3]]) == 1)
  }
}

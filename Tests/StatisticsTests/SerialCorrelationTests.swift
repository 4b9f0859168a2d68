// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

@Suite struct SerialCorrelationTests {
  @Test("A series that alternates, or never changes, is not widened")
  func noInflation() {
    #expect(SerialCorrelation.varianceInflation(of: [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) == 1)
    #expect(SerialCorrelation.varianceInflation(of: Array(repeating: 3, count: 20)) == 1)
    #expect(SerialCorrelation.varianceInflation(of: [1]) == 1)
  }

  /// Signs of eight values, four below and four above: −−−−++++ has products 5 of 8 at lag 1,
  /// 2 at lag 2, −1 at lag 3; 1/8 is added to each.
  @Test("The inflation of a step is that of its signs, computed by hand")
  func step() {
    let inflation = SerialCorrelation.varianceInflation(of: [1, 2, 3, 4, 5, 6, 7, 8])
    // 1 + 2·(5 + 1)/8, then the pair (2 + 1 − 1 + 1)/8 > 0, twice.
    #expect(abs(inflation - (1 + 2 * 6.0 / 8 + 2 * 3.0 / 8)) < 1e-12)
  }

  /// ++−−++−−++−−: signs with products 1 at lag 1, −10 at lag 2.
  @Test("Pairs of lags are summed only while they are positive")
  func endsAtNegativePair() {
    let values: [Double] = [2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1]
    let inflation = SerialCorrelation.varianceInflation(of: values)
    #expect(abs(inflation - (1 + 2 * (1.0 + 1) / 12)) < 1e-12)
  }

  @Test("Without inflation the widened rank is the exact one", arguments: [0.9, 0.95, 0.99])
  func exactRank(confidence: Double) {
    for count in 1...200 {
      #expect(
        SignTest.rank(count: count, confidence: confidence, inflation: 1)
          == SignTest.rank(count: count, confidence: confidence))
    }
  }

  @Test("The rank moves out by standard deviations and ends at the extremes")
  func widenedRank() {
    // Exact rank 6 of 20 is 4.5 from the middle 10.5; twice that is 9, three times is outside.
    #expect(SignTest.rank(count: 20, confidence: 0.95, inflation: 4) == 1)
    #expect(SignTest.rank(count: 20, confidence: 0.95, inflation: 9) == nil)
    #expect(SignTest.rank(count: 20, confidence: 0.95, inflation: 1.1) == 5)
    #expect(SignTest.rank(count: 5, confidence: 0.95, inflation: 1) == nil)
  }

  @Test("A series in rising order has a wider interval than the same samples shuffled")
  func seriesBounds() {
    let rising = (1...40).map(Double.init)
    var generator = SplitMix64(seed: 4)
    let shuffled = generator.permutation(of: 40).map { Double($0 + 1) }
    let series = Estimate(series: rising)
    #expect(Estimate(samples: rising) == Estimate(samples: shuffled))
    #expect(
      Estimate(samples: rising).relativeWidth ?? 0 < Estimate(series: rising).relativeWidth ?? 9)
    #expect(series.median == 20.5)
    #expect(series.minimum == 1)
    #expect(series.count == 40)
  }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

@Suite struct DetectableEffectTests {
  static func estimate(_ lower: Double?, _ ratio: Double, _ upper: Double?) -> RatioEstimate {
    RatioEstimate(ratio: ratio, lower: lower, upper: upper, rounds: 20, ties: 0, pValue: 1)
  }

  /// In logarithms of the base 1.01: bounds at −1 and 1, so h = 1 and δ = 2.
  @Test("Without a margin it is twice the reach of the interval, wherever the median lies")
  func noMargin() throws {
    let centered = Self.estimate(1 / 1.01, 1, 1.01)
    #expect(abs(try #require(centered.detectableEffect()) - (1.01 * 1.01 - 1)) < 1e-12)
    let shifted = Self.estimate(1.5 / 1.01, 1.5, 1.5 * 1.01)
    #expect(abs(try #require(shifted.detectableEffect()) - (1.01 * 1.01 - 1)) < 1e-12)
  }

  @Test("A margin wider than the reach takes its place once")
  func wideMargin() throws {
    let centered = Self.estimate(1 / 1.01, 1, 1.01)
    #expect(abs(try #require(centered.detectableEffect(margin: 0.05)) - (1.01 * 1.05 - 1)) < 1e-12)
    #expect(abs(try #require(centered.detectableEffect(margin: 0.005)) - 0.0201) < 1e-12)
  }

  @Test("The farther bound counts, on either side")
  func asymmetric() throws {
    let low = Self.estimate(1 / 1.03, 1, 1.01)
    let high = Self.estimate(1 / 1.01, 1, 1.03)
    #expect(abs(try #require(low.detectableEffect()) - (1.03 * 1.03 - 1)) < 1e-12)
    #expect(abs(try #require(high.detectableEffect()) - (1.03 * 1.03 - 1)) < 1e-12)
  }

  @Test("Without bounds nothing is promised")
  func noBounds() {
    #expect(Self.estimate(nil, 1, nil).detectableEffect() == nil)
  }

  /// 2.576 and 3.291 deviations are what 99 and 99.9 % of normal values stay within.
  @Test("A claim that needs more confidence needs a larger effect, and enough rounds")
  func confidence() throws {
    func estimate(rounds: Int) -> RatioEstimate {
      RatioEstimate(
        ratio: 1, lower: 1 / 1.01, upper: 1.01, rounds: rounds, ties: 0, confidence: 0.99,
        pValue: 1)
    }
    let effect = try #require(estimate(rounds: 24).detectableEffect(confidence: 0.999))
    #expect(abs(log1p(effect) - 2 * log(1.01) * 3.2905 / 2.5758) < 1e-5)
    #expect(estimate(rounds: 11).detectableEffect(confidence: 0.999) != nil)
    #expect(estimate(rounds: 10).detectableEffect(confidence: 0.999) == nil)
    #expect(estimate(rounds: 10).detectableEffect() != nil)
  }
}

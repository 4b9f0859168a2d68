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
}

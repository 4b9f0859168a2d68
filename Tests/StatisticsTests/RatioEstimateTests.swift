// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

@Suite struct RatioEstimateTests {
  @Test("The ratio is the median of the rounds' ratios, not the ratio of the medians")
  func medianOfRatios() {
    let estimate = RatioEstimate(numerators: [2, 40, 600], denominators: [1, 10, 300])
    #expect(abs(estimate.ratio - 2) < 1e-12)
    #expect(estimate.lower == nil)
    #expect(estimate.upper == nil)
    #expect(estimate.relativeWidth == nil)
    #expect(!estimate.excludesOne)
  }

  @Test("Of six rounds the bounds are the extremes, of ten the second from each side")
  func bounds() throws {
    let six = RatioEstimate(
      numerators: [1.1, 1.2, 1.3, 1.4, 1.5, 1.6], denominators: Array(repeating: 1, count: 6))
    #expect(abs(try #require(six.lower) - 1.1) < 1e-12)
    #expect(abs(try #require(six.upper) - 1.6) < 1e-12)
    #expect(abs(six.ratio - (1.3 * 1.4).squareRoot()) < 1e-12)
    #expect(six.excludesOne)
    #expect(abs(six.pValue - 2.0 / 64) < 1e-15)
    let ten = RatioEstimate(
      numerators: (1...10).map(Double.init), denominators: Array(repeating: 1, count: 10))
    #expect(abs(try #require(ten.lower) - 2) < 1e-12)
    #expect(abs(try #require(ten.upper) - 9) < 1e-12)
    let width = try #require(ten.relativeWidth)
    #expect(abs(width - 7 / 30.squareRoot()) < 1e-12)
  }

  @Test("Equal rounds are counted as ties and pull the interval to one")
  func ties() {
    let estimate = RatioEstimate(
      numerators: [1, 1, 2, 2, 2, 2, 2, 2, 2, 2], denominators: Array(repeating: 1, count: 10))
    #expect(estimate.rounds == 10)
    #expect(estimate.ties == 2)
    #expect(estimate.ratio == 2)
    #expect(estimate.lower == 1)
    #expect(!estimate.excludesOne)
    let allTies = RatioEstimate(
      numerators: Array(repeating: 3, count: 8),
      denominators: Array(repeating: 3, count: 8))
    #expect(allTies.ratio == 1)
    #expect(allTies.pValue == 1)
    #expect(allTies.relativeWidth == 0)
  }

  @Test("Swapping the sides inverts ratio and bounds", arguments: 0..<20 as Range<UInt64>)
  func antisymmetry(seed: UInt64) throws {
    var noise = Noise(seed: seed)
    let count = 6 + Int(seed)
    let first = (0..<count).map { _ in exp(noise.normal()) }
    let second = (0..<count).map { _ in exp(noise.normal()) }
    let forward = RatioEstimate(numerators: first, denominators: second)
    let backward = RatioEstimate(numerators: second, denominators: first)
    #expect(abs(forward.ratio * backward.ratio - 1) < 1e-12)
    #expect(abs(try #require(forward.lower) * #require(backward.upper) - 1) < 1e-12)
    #expect(abs(try #require(forward.upper) * #require(backward.lower) - 1) < 1e-12)
    #expect(forward.pValue == backward.pValue)
  }

  @Test(
    "The interval excludes one exactly where the p-value is at most the level",
    arguments: [0.5, 0.9, 0.95, 0.99])
  func duality(confidence: Double) {
    var excluded = 0
    for seed in 0..<400 as Range<UInt64> {
      var noise = Noise(seed: seed)
      // Rounding to tenths makes ties frequent.
      let logRatios = (0..<(6 + Int(seed) % 30)).map { _ in
        ((noise.normal() + 0.5) * 10).rounded() / 10
      }
      let estimate = RatioEstimate(logRatios: logRatios, confidence: confidence)
      #expect(
        estimate.excludesOne == (estimate.pValue <= 1 - confidence + 1e-9), "seed \(seed)")
      excluded += estimate.excludesOne ? 1 : 0
    }
    #expect(excluded > 20 && excluded < 380)
  }
}

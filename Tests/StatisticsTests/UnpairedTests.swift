// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

@Suite struct UnpairedTests {
  /// Ten alternating values each; 97.5 % of a side of ten needs rank 2 (2 · 11/1024 = 0.0215).
  @Test("The interval divides the bounds of the two sides, each at half the error")
  func bounds() throws {
    let numerators: [Double] = [20, 29, 21, 28, 22, 27, 23, 26, 24, 25]
    let denominators: [Double] = [10, 19, 11, 18, 12, 17, 13, 16, 14, 15]
    let estimate = RatioEstimate(unpairedNumerators: numerators, denominators: denominators)
    #expect(abs(estimate.ratio - 24.5 / 14.5) < 1e-12)
    #expect(abs(try #require(estimate.lower) - 21.0 / 18) < 1e-12)
    #expect(abs(try #require(estimate.upper) - 28.0 / 11) < 1e-12)
    #expect(estimate.rounds == 10)
    #expect(estimate.ties == 0)
    // At rank 1 the interval is 20/19 to 29/10, which also excludes one; it ends at 2 · 2/1024.
    #expect(abs(estimate.pValue - 4.0 / 1024) < 1e-6)
  }

  @Test("The p-value is at most the level exactly where the interval excludes one")
  func duality() {
    var excluded = 0
    for seed in 0..<200 as Range<UInt64> {
      var noise = Noise(seed: seed)
      let numerators = noise.times(.normal, count: 15).map { $0 + 2 }
      let denominators = noise.times(.normal, count: 22)
      let estimate = RatioEstimate(unpairedNumerators: numerators, denominators: denominators)
      #expect(estimate.excludesOne == (estimate.pValue <= 0.05), "seed \(seed)")
      excluded += estimate.excludesOne ? 1 : 0
    }
    #expect(excluded > 20 && excluded < 180)
  }

  @Test("Equal sides have a p-value of one, and too few samples no bounds")
  func undecided() {
    let values: [Double] = [3, 1, 2, 4, 1, 5, 2, 3]
    let equal = RatioEstimate(unpairedNumerators: values, denominators: values)
    #expect(equal.ratio == 1)
    #expect(equal.pValue == 1)
    let few = RatioEstimate(unpairedNumerators: [9, 8, 9], denominators: values)
    #expect(few.lower == nil)
    #expect(few.upper == nil)
  }

  @Test("A run that changes its speed now and then gets a wider interval than one that mixes")
  func slowChanges() throws {
    // Four fast, four slow, four fast, ...; shuffled, the same samples follow at random.
    let changing = (0..<80).map { (number: Int) -> Double in
      let level: Double = (number / 4).isMultiple(of: 2) ? 100 : 150
      return level + Double(number) / 8
    }
    var generator = SplitMix64(seed: 8)
    let mixed = generator.permutation(of: 80).map { changing[$0] }
    let other = Array(repeating: 100.0, count: 40)
    let wide = RatioEstimate(unpairedNumerators: changing, denominators: other)
    let narrow = RatioEstimate(unpairedNumerators: mixed, denominators: other)
    #expect(wide.ratio == narrow.ratio)
    #expect(try #require(wide.relativeWidth) > #require(narrow.relativeWidth))
  }

  @Test("Swapping the sides inverts ratio and bounds", arguments: 0..<10 as Range<UInt64>)
  func antisymmetry(seed: UInt64) throws {
    var noise = Noise(seed: seed)
    let first = noise.times(.logNormal, count: 20)
    let second = noise.times(.bimodal, count: 31)
    let forward = RatioEstimate(unpairedNumerators: first, denominators: second)
    let backward = RatioEstimate(unpairedNumerators: second, denominators: first)
    #expect(abs(forward.ratio * backward.ratio - 1) < 1e-12)
    #expect(abs(try #require(forward.lower) * #require(backward.upper) - 1) < 1e-12)
    #expect(forward.pValue == backward.pValue)
  }
}

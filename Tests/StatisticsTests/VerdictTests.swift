// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Statistics

@Suite struct VerdictTests {
  static func estimate(
    _ ratio: Double, _ lower: Double?, _ upper: Double?, pValue: Double = 0.001
  ) -> RatioEstimate {
    RatioEstimate(ratio: ratio, lower: lower, upper: upper, rounds: 20, ties: 0, pValue: pValue)
  }

  @Test(
    "Verdicts need an interval and an effect beyond the margin",
    arguments: [
      (1.10, 1.05, 1.15, Verdict.faster),
      (0.90, 0.85, 0.95, .slower),
      (1.00, 0.99, 1.01, .same),
      // Excludes one, but is within the margin as a whole: real and too small to matter.
      (1.01, 1.005, 1.015, .same),
      (0.99, 0.985, 0.995, .same),
      // Excludes one, median within the margin, interval not.
      (1.015, 1.005, 1.03, .inconclusive),
      (0.985, 0.97, 0.995, .inconclusive),
      // Beyond the margin, but the interval holds one.
      (1.10, 0.99, 1.20, .inconclusive),
      (0.90, 0.80, 1.01, .inconclusive),
      // A bound of exactly one does not exclude one.
      (1.10, 1.00, 1.20, .inconclusive),
      (0.90, 0.80, 1.00, .inconclusive),
      // Just within and just beyond the margin of 2 % on either side.
      (1.0199, 1.01, 1.03, .inconclusive), (1.0201, 1.01, 1.03, .faster),
      (1 / 1.0199, 0.97, 0.99, .inconclusive), (1 / 1.0201, 0.97, 0.99, .slower),
      (1.00, 0.97, 1.01, .inconclusive), (1.00, 0.99, 1.03, .inconclusive),
    ])
  func verdicts(ratio: Double, lower: Double, upper: Double, expected: Verdict) {
    let speedup = Self.estimate(ratio, lower, upper)
    #expect(Verdict(speedup: speedup, noiseFloor: 0.02) == expected)
    #expect(Verdict(speedup: speedup, noiseFloor: 0.005, threshold: 0.02) == expected)
    // A difference within the floor but beyond the threshold is no claim, and not the same either.
    let small = Verdict(speedup: speedup, noiseFloor: 0.02, threshold: 0.005)
    #expect(small == (expected == .same ? .inconclusive : expected))
  }

  @Test("Where there is a threshold, same means within it, not within the noise floor")
  func same() {
    let five = Self.estimate(0.952, 0.951, 0.954)
    #expect(Verdict(speedup: five, noiseFloor: 0.08, threshold: 0.02) == .inconclusive)
    #expect(Verdict(speedup: five, noiseFloor: 0.08) == .same)
    let none = Self.estimate(1.001, 0.99, 1.01)
    #expect(Verdict(speedup: none, noiseFloor: 0.08, threshold: 0.02) == .same)
  }

  @Test("Without bounds nothing is concluded")
  func noBounds() {
    #expect(Verdict(speedup: Self.estimate(2, nil, nil), noiseFloor: 0) == .inconclusive)
  }

  @Test("Without a margin an interval that is exactly one is same")
  func exactlyOne() {
    #expect(Verdict(speedup: Self.estimate(1, 1, 1), noiseFloor: 0) == .same)
  }

  @Test("In a family a claim must survive the correction, and only claims are touched")
  func family() {
    let speedups = [
      Self.estimate(0.8, 0.7, 0.9, pValue: 0.002),
      Self.estimate(0.8, 0.7, 0.9, pValue: 0.004),
      Self.estimate(1.0, 0.99, 1.01, pValue: 0.8),
      Self.estimate(1.3, 1.2, 1.4, pValue: 0.0001),
    ]
    // Adjusted: 3 · 0.002 = 0.006, 2 · 0.004 = 0.008, 0.8, 4 · 0.0001.
    #expect(
      Verdict.family(speedups, noiseFloor: 0.02) == [.slower, .slower, .same, .faster])
    #expect(
      Verdict.family(speedups, noiseFloor: 0.02, familyWiseError: 0.007)
        == [.slower, .inconclusive, .same, .faster])
    #expect(
      Verdict.family(speedups, noiseFloor: 0.02, familyWiseError: 0.005)
        == [.inconclusive, .inconclusive, .same, .faster])
  }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

/// Simulations of false and missed claims; drawn from `seed`, so the same on every machine.
@Suite struct ErrorRateTests {
  static let seed: UInt64 = 7_070_707
  static let comparisons = 12
  static let rounds = 30

  /// Speedups of a family in which the first `slowed` contenders take `factor` times as long, all
  /// under drift that the sides of a round share.
  static func family(
    _ shape: Noise.Shape, slowed: Int = 0, factor: Double = 1, noise: inout Noise
  ) -> [RatioEstimate] {
    (0..<comparisons).map { index in
      let drift = noise.autoregression(rounds, correlation: 0.9).map { exp(0.02 * $0) }
      let baseline = zip(drift, noise.times(shape, count: rounds)).map(*)
      let contender = zip(drift, noise.times(shape, count: rounds)).map(*)
      let slowdown = index < slowed ? factor : 1
      return RatioEstimate(numerators: baseline, denominators: contender.map { $0 * slowdown })
    }
  }

  static func isClaim(_ verdict: Verdict) -> Bool { verdict == .faster || verdict == .slower }

  @Test(
    "Over a family of equal codes any claim is as rare as stated",
    arguments: Noise.Shape.independent, [0.05, 0.01])
  func familyWiseError(shape: Noise.Shape, level: Double) {
    var noise = Noise(seed: Self.seed)
    let families = 2000
    var corrected = 0
    var uncorrected = 0
    for _ in 0..<families {
      let speedups = Self.family(shape, noise: &noise)
      let verdicts = Verdict.family(speedups, noiseFloor: 0, familyWiseError: level)
      corrected += verdicts.contains(where: Self.isClaim) ? 1 : 0
      let single = speedups.map { Verdict(speedup: $0, noiseFloor: 0) }
      uncorrected += single.contains(where: Self.isClaim) ? 1 : 0
    }
    #expect(Double(corrected) / Double(families) <= level, "seed \(Self.seed)")
    #expect(corrected > 0, "seed \(Self.seed)")
    // Without the correction, one in three families would hold a false claim.
    #expect(Double(uncorrected) / Double(families) > 0.3, "seed \(Self.seed)")
  }

  @Test("Real slowdowns in a family are found and bring no false claims on the others")
  func realSlowdowns() {
    var noise = Noise(seed: Self.seed)
    let families = 1000
    let slowed = 6
    var falseClaims = 0
    var found = 0
    for _ in 0..<families {
      let speedups = Self.family(.normal, slowed: slowed, factor: 1.03, noise: &noise)
      let verdicts = Verdict.family(speedups, noiseFloor: 0, familyWiseError: 0.05)
      falseClaims += verdicts[slowed...].contains(where: Self.isClaim) ? 1 : 0
      found += verdicts[..<slowed].count { $0 == .slower }
      #expect(!verdicts[..<slowed].contains(.faster))
    }
    #expect(Double(falseClaims) / Double(families) <= 0.05, "seed \(Self.seed)")
    #expect(Double(found) / Double(families * slowed) > 0.95, "seed \(Self.seed)")
  }

  @Test(
    "A slowdown of the detectable size is found, one of a third of it mostly is not",
    arguments: Noise.Shape.independent, [0, 0.01, 0.1])
  func detectableEffect(shape: Noise.Shape, margin: Double) throws {
    var noise = Noise(seed: Self.seed)
    let trials = 1000
    var found = 0
    var foundThird = 0
    for _ in 0..<trials {
      let reference = noise.times(shape, count: 40)
      let estimate = RatioEstimate(
        numerators: reference, denominators: noise.times(shape, count: 40))
      let effect = try #require(estimate.detectableEffect(margin: margin))
      func isFound(_ effect: Double) -> Bool {
        let slowed = noise.times(shape, count: 40).map { $0 * (1 + effect) }
        let speedup = RatioEstimate(
          numerators: noise.times(shape, count: 40), denominators: slowed)
        return Verdict(speedup: speedup, noiseFloor: margin) == .slower
      }
      found += isFound(effect) ? 1 : 0
      foundThird += isFound(effect / 3) ? 1 : 0
    }
    #expect(Double(found) / Double(trials) > (shape == .bimodal ? 0.85 : 0.95))
    #expect(Double(foundThird) / Double(trials) < 0.5, "seed \(Self.seed)")
  }

  @Test("A further comparison of equal codes exceeds the noise floor as rarely as stated")
  func noiseFloor() {
    var noise = Noise(seed: Self.seed)
    let trials = 4000
    var exceeded = 0
    for _ in 0..<trials {
      let repetitions = (0..<40).map { _ in
        RatioEstimate(logRatios: [0.01 * noise.normal()])
      }
      let floor = NoiseFloor(repetitions: Array(repetitions.dropLast()))
      exceeded += abs(log(repetitions[39].ratio)) > log1p(floor.relative) ? 1 : 0
    }
    #expect(abs(Double(exceeded) / Double(trials) - 0.05) < 0.01, "seed \(Self.seed)")
  }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

/// Simulations of how often an interval holds the truth.
///
/// Everything is drawn from `seed`, so a
/// result is the same on every machine and every run.
@Suite struct CoverageTests {
  static let seed: UInt64 = 20_250_811

  /// The share of `trials` in which `interval` holds `truth`, of those that have one.
  static func coverage(
    trials: Int = 4000, seed: UInt64 = seed, truth: Double,
    interval: (inout Noise) -> (lower: Double?, upper: Double?)
  ) -> Double {
    var noise = Noise(seed: seed)
    var given = 0
    var held = 0
    for _ in 0..<trials {
      let bounds = interval(&noise)
      guard let lower = bounds.lower, let upper = bounds.upper else { continue }
      given += 1
      held += lower <= truth && truth <= upper ? 1 : 0
    }
    return Double(held) / Double(max(1, given))
  }

  @Test(
    "The interval of a median holds it as often as promised, and not by being needlessly wide",
    arguments: Noise.Shape.independent, [6, 12, 20, 50])
  func independentSamples(shape: Noise.Shape, count: Int) throws {
    let coverage = Self.coverage(truth: shape.median) { noise in
      let estimate = Estimate(samples: noise.times(shape, count: count))
      return (estimate.lower, estimate.upper)
    }
    #expect(coverage >= 0.95, "seed \(Self.seed)")
    // What the ranks one step further in or out would cover, from the binomial table.
    let rank = try #require(SignTest.rank(count: count, confidence: 0.95))
    let exact = 1 - 2 * exp(FairBinomial.logCumulative(rank - 1, count: count))
    #expect(abs(coverage - exact) < 0.01, "seed \(Self.seed)")
  }

  @Test(
    "The interval of a series holds the median as often as promised",
    arguments: Noise.Shape.independent + [.autocorrelated(0.1), .autocorrelated(0.3)],
    [10, 20, 60])
  func series(shape: Noise.Shape, count: Int) {
    let coverage = Self.coverage(truth: shape.median) { noise in
      let estimate = Estimate(series: noise.times(shape, count: count))
      return (estimate.lower, estimate.upper)
    }
    #expect(coverage >= 0.95, "seed \(Self.seed)")
  }

  @Test(
    "The interval of a series of ratios holds the truth as often as promised, its p-value with it",
    arguments: [Noise.Shape.autocorrelated(0.1), .autocorrelated(0.3)], [12, 27, 61])
  func ratioSeries(shape: Noise.Shape, count: Int) {
    var rejected = 0
    let trials = 2000
    let coverage = Self.coverage(trials: trials, truth: 1) { noise in
      let times = noise.times(shape, count: count)
      let ratio = RatioEstimate(series: times.map { log($0 / shape.median) })
      rejected += ratio.pValue <= 0.05 ? 1 : 0
      #expect(ratio.excludesOne == (ratio.pValue <= 0.05))
      return (ratio.lower, ratio.upper)
    }
    #expect(coverage >= 0.945, "seed \(Self.seed)")
    #expect(Double(rejected) / Double(trials) <= 0.055, "seed \(Self.seed)")
  }

  @Test("Strong correlation breaks the plain interval and not that of a long series")
  func strongCorrelation() {
    let shape = Noise.Shape.autocorrelated(0.6)
    let series = Self.coverage(trials: 2000, truth: shape.median) { noise in
      let estimate = Estimate(series: noise.times(shape, count: 100))
      return (estimate.lower, estimate.upper)
    }
    let plain = Self.coverage(trials: 2000, truth: shape.median) { noise in
      let estimate = Estimate(samples: noise.times(shape, count: 100))
      return (estimate.lower, estimate.upper)
    }
    #expect(series >= 0.95, "seed \(Self.seed)")
    #expect(plain < 0.85, "seed \(Self.seed)")
  }

  @Test(
    "The interval of a ratio holds it as often as promised",
    arguments: Noise.Shape.independent, [6, 12, 20, 50])
  func independentRounds(shape: Noise.Shape, count: Int) {
    let coverage = Self.coverage(truth: 1.03) { noise in
      let estimate = RatioEstimate(
        numerators: noise.times(shape, count: count).map { $0 * 1.03 },
        denominators: noise.times(shape, count: count))
      return (estimate.lower, estimate.upper)
    }
    #expect(coverage >= 0.95, "seed \(Self.seed)")
    #expect(coverage < 0.98, "seed \(Self.seed)")
  }

  /// Drift that both sides of a round share, under noise of their own.
  ///
  /// The share is the drift's part of the variance. 0.9 and 0.11 give the raw times a first-order correlation of about 0.1.
  @Test(
    "Drift that both sides of a round share does not touch the interval of their ratio",
    arguments: [(0.9, 0.11), (0.9, 0.9), (0.99, 0.99)], [12, 20, 50])
  func sharedDrift(drift: (correlation: Double, share: Double), count: Int) {
    let coverage = Self.coverage(truth: 1.03) { noise in
      let shared = noise.autoregression(count, correlation: drift.correlation)
      func side(_ factor: Double) -> [Double] {
        shared.map {
          let own = (1 - drift.share).squareRoot() * noise.normal()
          return factor * exp(0.05 * (drift.share.squareRoot() * $0 + own))
        }
      }
      let estimate = RatioEstimate(numerators: side(1.03), denominators: side(1))
      return (estimate.lower, estimate.upper)
    }
    #expect(coverage >= 0.95, "seed \(Self.seed)")
  }

  /// The price of an exact test: it believes that rounds are independent.
  @Test(
    "Rounds that still correlate by a tenth cost the ratio's interval at most two points",
    arguments: [12, 17, 20, 50])
  func correlatedRounds(count: Int) {
    let coverage = Self.coverage(truth: 1) { noise in
      let logRatios = noise.autoregression(count, correlation: 0.1)
      let estimate = RatioEstimate(logRatios: logRatios)
      return (estimate.lower, estimate.upper)
    }
    #expect(coverage >= 0.93, "seed \(Self.seed)")
  }

  /// Precisions that the shapes reach after some thirty rounds.
  static let precisions: [(Noise.Shape, Double)] = [
    (.normal, 0.006), (.logNormal, 0.2), (.bimodal, 0.02),
  ]

  @Test("Stopping at a precision costs at most a point of coverage", arguments: precisions)
  func stoppedByPrecision(shape: Noise.Shape, precision: Double) {
    var lengths: [Int] = []
    let coverage = Self.coverage(trials: 1000, truth: 1) { noise in
      var criterion = FirstOf([RelativeWidth(precision: precision), FixedRounds(120)])
      var (numerators, denominators): ([Double], [Double]) = ([], [])
      while true {
        numerators += noise.times(shape, count: 1)
        denominators += noise.times(shape, count: 1)
        let estimate = RatioEstimate(numerators: numerators, denominators: denominators)
        let observation = RoundObservation(
          elapsedNanoseconds: 0, relativeWidths: [estimate.relativeWidth])
        guard criterion.observe(observation) == nil else {
          lengths.append(estimate.rounds)
          return (estimate.lower, estimate.upper)
        }
      }
    }
    #expect(coverage >= 0.94, "seed \(Self.seed)")
    #expect(Set(lengths).count > 3)
  }

  /// What rounds of one process are like, one after the other.
  static let processes: [(name: String, correlation: Double, drift: Double)] = [
    ("independent", 0, 0), ("0.2", 0.2, 0), ("0.4", 0.4, 0), ("0.5", 0.5, 0),
    ("drift", 0, 0.02), ("drift and 0.3", 0.3, 0.02),
  ]

  /// Log ratios of rounds: first-order correlation, and a slow wave beneath with a drawn phase.
  static func series(
    _ kind: (name: String, correlation: Double, drift: Double), _ noise: inout Noise
  ) -> [Double] {
    let phase = 2 * Double.pi * noise.uniform()
    return noise.autoregression(120, correlation: kind.correlation).enumerated().map { round, own in
      0.02 * own + kind.drift * sin(2 * .pi * Double(round) / 80 + phase)
    }
  }

  @Test(
    "Rounds of one process that stop by themselves keep the coverage", arguments: [0.006, 0.015])
  func stoppedSeries(precision: Double) {
    for kind in Self.processes {
      var lengths: [Int] = []
      let coverage = Self.coverage(trials: 400, truth: 0) { noise in
        var criterion = FirstOf([
          RelativeWidth(precision: precision), StableNoise(), FixedRounds(120),
        ])
        let all = Self.series(kind, &noise)
        for count in 1...all.count {
          let estimate = Estimate(series: Array(all.prefix(count)))
          let observation = RoundObservation(
            elapsedNanoseconds: 0, relativeWidths: [RatioEstimate.relativeWidth(of: estimate)])
          guard criterion.observe(observation) != nil else { continue }
          lengths.append(count)
          return (estimate.lower, estimate.upper)
        }
        return (nil, nil)
      }
      print(
        "stopped series, \(kind.name), ±\(precision): \(coverage), "
          + "\(median(of: lengths.map(Double.init))) rounds")
      // A drift that is slower than the series shows in none of it.
      #expect(coverage >= (kind.drift > 0 ? 0.5 : 0.93), "\(kind.name), seed \(Self.seed)")
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

/// Seeded noise for simulations.
struct Noise {
  private var generator: SplitMix64

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
  }

  /// Uniform in (0, 1).
  mutating func uniform() -> Double {
    (Double(generator.next() >> 11) + 0.5) * 0x1p-53
  }

  /// Standard normal, by Box and Muller.
  mutating func normal() -> Double {
    (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
  }

  /// A first-order autoregression with standard normal values and `correlation` between
  /// neighbours.
  mutating func autoregression(_ count: Int, correlation: Double) -> [Double] {
    let innovation = (1 - correlation * correlation).squareRoot()
    var value = normal()
    return (0..<count).map { _ in
      defer { value = correlation * value + innovation * normal() }
      return value
    }
  }

  /// Times whose median is known.
  mutating func times(_ shape: Shape, count: Int) -> [Double] {
    switch shape {
    case .normal: (0..<count).map { _ in 100 + normal() }
    case .logNormal: (0..<count).map { _ in 100 * exp(0.3 * normal()) }
    case .bimodal: (0..<count).map { _ in (uniform() < 0.6 ? 100 : 110) + normal() }
    case .autocorrelated(let correlation):
      autoregression(count, correlation: correlation).map { 100 + $0 }
    }
  }

  /// What times look like.
  enum Shape: Hashable, CustomTestStringConvertible {
    case normal
    case logNormal
    /// Six of ten around 100, four around 110: a machine with two speeds.
    case bimodal
    case autocorrelated(Double)

    static let independent: [Shape] = [.normal, .logNormal, .bimodal]

    /// The median of the distribution.
    var median: Double {
      // Of the bimodal, Φ(m − 100) = 5/6; the other mode is nine deviations away.
      self == .bimodal ? 100 + 0.967_421_566_101_701 : 100
    }

    var testDescription: String {
      switch self {
      case .normal: "normal"
      case .logNormal: "log-normal"
      case .bimodal: "bimodal"
      case .autocorrelated(let correlation): "autocorrelated \(correlation)"
      }
    }
  }
}

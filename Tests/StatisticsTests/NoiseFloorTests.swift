// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

@Suite struct NoiseFloorTests {
  static func ratio(_ value: Double) -> RatioEstimate {
    RatioEstimate(ratio: value, lower: nil, upper: nil, rounds: 20, ties: 0, pValue: 1)
  }

  @Test("Of nineteen repetitions the largest is the 95 % floor, on whichever side of one it is")
  func repetitions() {
    let ratios = (1...18).map { 1 + Double($0) / 1000 } + [1 / 1.05]
    let floor = NoiseFloor(repetitions: ratios.map(Self.ratio))
    #expect(abs(floor.relative - 0.05) < 1e-12)
    #expect(abs(floor.coverage - 0.95) < 1e-12)
  }

  @Test("Of thirty-nine repetitions one may lie beyond the floor")
  func oneBeyond() {
    let ratios = (1...39).map { 1 + Double($0) / 1000 }
    let floor = NoiseFloor(repetitions: ratios.map(Self.ratio))
    #expect(abs(floor.relative - 0.038) < 1e-12)
    #expect(abs(floor.coverage - 0.95) < 1e-12)
  }

  @Test("Of twenty repetitions still the largest: the next one counts as the twenty-first")
  func twenty() {
    let ratios = (1...20).map { 1 + Double($0) / 1000 }
    let floor = NoiseFloor(repetitions: ratios.map(Self.ratio))
    #expect(abs(floor.relative - 0.02) < 1e-12)
    #expect(abs(floor.coverage - 0.95) < 1e-12)
  }

  @Test("Too few repetitions say how much their largest is worth")
  func fewRepetitions() {
    let floor = NoiseFloor(repetitions: [1.01, 0.98, 1.0, 1.003].map(Self.ratio))
    #expect(abs(floor.relative - (1 / 0.98 - 1)) < 1e-12)
    #expect(floor.coverage == 0.8)
  }

  @Test("From one series it is the bound farther from one")
  func series() throws {
    let upper = RatioEstimate(ratio: 1, lower: 0.99, upper: 1.03, rounds: 9, ties: 0, pValue: 1)
    #expect(abs(try #require(NoiseFloor(series: upper)).relative - 0.03) < 1e-12)
    let lower = RatioEstimate(
      ratio: 1, lower: 1 / 1.04, upper: 1.03, rounds: 9, ties: 0, confidence: 0.9, pValue: 1)
    let floor = try #require(NoiseFloor(series: lower))
    #expect(abs(floor.relative - 0.04) < 1e-12)
    #expect(floor.coverage == 0.9)
    #expect(NoiseFloor(series: Self.ratio(1)) == nil)
  }
}

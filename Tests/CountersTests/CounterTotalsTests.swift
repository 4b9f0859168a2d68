// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Counters

@Suite("Totals over workers")
struct CounterTotalsTests {
  private static func reading(_ value: Double?, _ source: Provenance) -> CounterReading {
    CounterReading(name: "PAPI_TOT_INS", alias: "instructions", value: value, source: source)
  }

  @Test(
    "A total has the sum and the weakest source of its parts",
    arguments: [
      ([reading(3, Provenance(.hardware)), reading(4, Provenance(.hardware))], 7, "hardware"),
      (
        [reading(3, Provenance(.scaled(0.5))), reading(4, Provenance(.scaled(0.25)))], 7,
        "scaled(0.25)"
      ),
      (
        [reading(3, Provenance(.hardware)), reading(4, Provenance(.scaled(0.9)))], 7, "scaled(0.90)"
      ),
      ([reading(3, Provenance(.software, countedAs: "x"))], 3, "software as x"),
      (
        [reading(nil, .unavailable("a")), reading(3, Provenance(.hardware))], nil,
        "unavailable: worker 0: a"
      ),
      (
        [
          reading(3, Provenance(.hardware, countedAs: "x")),
          reading(4, Provenance(.hardware, countedAs: "y")),
        ], 7, "hardware as different events"
      ),
      (
        [reading(3, Provenance(.hardware)), reading(nil, .unavailable("lost"))], nil,
        "unavailable: worker 1: lost"
      ),
      (
        [reading(nil, .unavailable("no PMU")), reading(nil, .unavailable("no PMU"))], nil,
        "unavailable: no PMU"
      ),
    ] as [([CounterReading], Double?, String)])
  func total(_ parts: [CounterReading], _ value: Double?, _ source: String) {
    let totals = CounterReading.totals(of: parts.map { [$0] })
    #expect(totals.map(\.value) == [value])
    #expect(totals.map { "\($0.source)" } == [source])
    #expect(totals.map(\.alias) == ["instructions"])
  }

  @Test("No workers have no totals")
  func empty() { #expect(CounterReading.totals(of: []).isEmpty) }

  @Test("Imbalance is the largest value over the mean")
  func imbalance() {
    let hardware = Provenance(.hardware)
    let readings = [1.0, 2, 3].map { Self.reading($0, hardware) }
    #expect(CounterReading.imbalance(of: readings) == 1.5)
    #expect(CounterReading.imbalance(of: [Self.reading(0, hardware)]) == nil)
    let missing = readings + [Self.reading(nil, .unavailable("lost"))]
    #expect(CounterReading.imbalance(of: missing) == nil)
    #expect(CounterReading.imbalance(of: []) == nil)
  }
}

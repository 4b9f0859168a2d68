// SPDX-License-Identifier: Apache-2.0

@testable internal import Counters

/// Counter groups and what Valgrind writes.
enum CounterFuzzing {
  static func group(_ text: String) {
    guard let group = try? CounterGroup(text: text, file: "fuzzed.txt") else { return }
    let readings = group.events.enumerated().map { place, event in
      place == 1
        ? CounterReading(
          name: event.name, alias: event.alias, value: nil, source: .unavailable("not here"))
        : CounterReading(
          name: event.name, alias: event.alias, value: Double(place),
          source: Provenance(.simulated, countedAs: ""))
    }
    for metric in group.metrics(from: readings, inputs: MetricInputs(timeNs: 1, macs: 2)) {
      require((metric.value == nil) == (metric.reason != nil), "a metric without its reason")
    }
  }

  static func callgrind(_ text: String) {
    guard let dump = CallgrindDump(text) else { return }
    let group = CounterGroup(eventNames: SimulatedEvent.allCases.map(\.rawValue) + ["PAPI_FP_OPS"])
    for reading in dump.readings(of: group) {
      require(reading.value.map { $0.isFinite && $0 >= 0 } ?? true, "a count of \(reading)")
    }
  }
}

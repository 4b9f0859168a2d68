// SPDX-License-Identifier: Apache-2.0

internal import Counters
internal import Measuring
internal import Planning
internal import Suites

/// A counter that was asked for and has no value in a row that was timed.
struct MissingCounter: CustomStringConvertible {
  var event: String
  var row: String
  var reason: String

  /// The first counter without a value; nil where every timed row has all.
  static func first(of group: CounterGroup, in results: [GroupResult]) -> MissingCounter? {
    for result in results.flatMap(\.cases) where result.time != nil {
      let totals = CounterReading.totals(of: result.counters)
      for event in group.events {
        let reading = totals.first { $0.name == event.name }
        guard reading?.value == nil else { continue }
        return MissingCounter(
          event: event.name,
          row: "\(result.entry.suiteCase.name), \(result.entry.contender.kernel)",
          reason: reading?.source.reason ?? "not counted for this row")
      }
    }
    return nil
  }

  var description: String { "counter \(event) has no value (\(row)): \(reason)" }
}

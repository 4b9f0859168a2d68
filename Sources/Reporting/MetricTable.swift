// SPDX-License-Identifier: Apache-2.0

public import Counters
internal import Convolution
public import Measuring
internal import Planning
internal import Suites

/// The rows of `metrics.csv`: what a counter group derives from the counts of each timed result.
public struct MetricTable: Sendable {
  private let group: CounterGroup

  /// A table of the metrics of `group`.
  public init(_ group: CounterGroup) {
    self.group = group
  }

  /// The rows of a result, in the order of the group; none where it was not timed.
  public func rows(_ result: CaseResult, suite: String) -> [[String]] {
    readings(result).map { reading in
      result.entry.key(in: suite) + [
        reading.name, reading.unit, CellFormat.number(reading.value), reading.reason ?? "",
      ]
    }
  }

  /// The same for a person, in at most `width` characters: a line per result and metric that has a value.
  public func lines(_ groups: [GroupResult], width: Int? = nil) -> [String] {
    var table = TextTable(
      [
        ("case", .left), ("kernel", .left), ("workers", .right), ("metric", .left),
        ("value", .right), ("unit", .left),
      ], expendable: ["kernel", "workers"])
    var isEmpty = true
    for result in groups.flatMap(\.cases) {
      for reading in readings(result) where reading.value != nil {
        isEmpty = false
        table.append([
          result.entry.suiteCase.name, result.entry.contender.kernel,
          String(result.entry.workers), reading.name, CellFormat.number(reading.value),
          reading.unit,
        ])
      }
    }
    return isEmpty ? [] : [""] + table.lines(width: width)
  }

  /// The metrics of one iteration, of all workers together.
  private func readings(_ result: CaseResult) -> [MetricReading] {
    guard result.time != nil, !result.counters.isEmpty else { return [] }
    // Counts are means over the rounds, so the time that they are set against is one as well.
    let time = result.samples.reduce(0, +) / Double(result.samples.count)
    let cost = result.entry.suiteCase.cost
    return group.metrics(
      from: CounterReading.totals(of: result.counters),
      inputs: MetricInputs(
        timeNs: time, macs: Double(cost.macs), flops: Double(cost.flops),
        bytes: Double(cost.trafficBytes)))
  }
}

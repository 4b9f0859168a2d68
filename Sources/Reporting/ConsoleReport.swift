// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation
public import Measuring
internal import Planning
internal import Statistics
internal import Suites

/// What a person reads at the end of a suite.
public struct ConsoleReport: Sendable {
  private let limits: MachineLimits

  /// A report against the machine's `limits`.
  public init(limits: MachineLimits) {
    self.limits = limits
  }

  /// The comparisons of a suite's groups as a table; nothing where there are none.
  public func comparisons(_ groups: [GroupResult]) -> [String] {
    guard groups.contains(where: { !$0.pairs.isEmpty }) else { return [] }
    let severalKernels =
      Set(
        groups.flatMap { group in group.cases.map(\.entry.contender.kernel) }
      ).count > 1
    var table = TextTable(
      [
        ("comparison", .left), ("baseline → contender", .left), ("workers", .right),
        ("promised", .right), ("measured", .right), (IntervalName.column(groups), .left),
        ("realised", .right),
        ("time", .right), ("% peak", .right), ("verdict", .left),
      ] + (severalKernels ? [("kernel", .left)] : []))
    for group in groups {
      for pair in group.pairs {
        table.append(row(pair, in: group) + (severalKernels ? [kernels(pair, in: group)] : []))
      }
    }
    return table.lines()
  }

  /// The cases of a suite's groups as a table.
  public func cases(_ groups: [GroupResult]) -> [String] {
    var table = TextTable([
      ("case", .left), ("kernel", .left), ("workers", .right), ("time", .right),
      ("± %", .right), ("GFLOP/s", .right), ("% peak", .right), ("% roofline", .right),
      ("bound", .left), ("status", .left),
    ])
    for group in groups {
      for result in group.cases { table.append(row(result)) }
    }
    return table.lines()
  }

  /// Reasons of rows that are not as they should be, each once.
  public func remarks(_ groups: [GroupResult]) -> [String] {
    var seen: Set<String> = []
    return groups.flatMap(\.cases).filter { $0.status != .ok }.map { result in
      "\(result.entry.suiteCase.name), \(result.entry.contender.kernel): "
        + "\(result.status.rawValue): \(result.reason)"
    }.filter { seen.insert($0).inserted }
  }

  private func row(_ result: PairResult, in group: GroupResult) -> [String] {
    let baseline = group.cases[result.pair.baseline]
    let contender = group.cases[result.pair.contender]
    let promise = Promise(
      baseline: baseline.entry.suiteCase.cost, contender: contender.entry.suiteCase.cost)
    let place = MeasurementTable(counters: [], limits: limits).place(contender)
    return [
      result.pair.comparison,
      "\(baseline.entry.suiteCase.name) → \(contender.entry.suiteCase.name)",
      String(contender.entry.workers), factor(promise.speedup),
      factor(result.speedup?.ratio), interval(result.speedup),
      percent(result.speedup.flatMap { promise.realised(speedup: $0.ratio) }),
      Self.duration(contender.time?.median), percent(place?.peakShare), verdict(result),
    ]
  }

  private func kernels(_ pair: PairResult, in group: GroupResult) -> String {
    let names = [pair.pair.baseline, pair.pair.contender].map {
      group.cases[$0].entry.contender.kernel
    }
    return names[0] == names[1] ? names[0] : names.joined(separator: " → ")
  }

  private func row(_ result: CaseResult) -> [String] {
    let place = MeasurementTable(counters: [], limits: limits).place(result)
    return [
      result.entry.suiteCase.name, result.entry.contender.kernel, String(result.entry.workers),
      Self.duration(result.time?.median),
      result.time?.relativeWidth.map { String(format: "%.1f", 50 * $0) } ?? "—",
      place?.gflopPerSecond.map { String(format: "%.1f", $0.value) } ?? "—",
      percent(place?.peakShare), percent(place?.rooflineShare),
      place?.bound ?? "—", result.status.rawValue,
    ]
  }

  private func verdict(_ result: PairResult) -> String {
    switch result.status {
    case .ok: result.verdict.rawValue
    case .disturbed: "undecided (disturbed)"
    default: result.status.rawValue
    }
  }

  private func factor(_ value: Double?) -> String { factor(value.flatMap { Rate($0) }) }

  private func factor(_ rate: Rate?) -> String {
    rate.map { String(format: $0.value < 10 ? "%.2f×" : "%.1f×", $0.value) } ?? "—"
  }

  private func interval(_ estimate: RatioEstimate?) -> String {
    guard let lower = estimate?.lower, let upper = estimate?.upper else { return "—" }
    return "\(factor(lower)) … \(factor(upper))"
  }

  private func percent(_ share: Rate?) -> String {
    share.map { String(format: "%.0f %%", $0.percent) } ?? "—"
  }

  /// A time with the unit that leaves one to three digits before the point.
  static func duration(_ nanoseconds: Double?) -> String {
    guard let nanoseconds else { return "—" }
    let units = [("ns", 1.0), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)]
    let unit = units.last { nanoseconds >= $0.1 } ?? units[0]
    return String(format: "%.3g \(unit.0)", nanoseconds / unit.1)
  }
}

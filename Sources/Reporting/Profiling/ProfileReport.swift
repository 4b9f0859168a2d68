// SPDX-License-Identifier: Apache-2.0

public import Counters
internal import Foundation
internal import Inputs
public import Measuring
internal import Planning
internal import Statistics
internal import Suites

/// What a person reads of a profile.
public struct ProfileReport: Sendable {
  private let profile: CaseProfile
  private let limits: MachineLimits
  private let group: CounterGroup

  /// A report of `profile` against the machine's `limits`, with the metrics of `group`.
  public init(_ profile: CaseProfile, limits: MachineLimits, group: CounterGroup) {
    self.profile = profile
    self.limits = limits
    self.group = group
  }

  /// The summary.
  public func lines(width: Int? = nil) -> [String] {
    header() + [""] + phases(width) + [""] + workers(width) + [""] + rates() + counters(width)
  }

  private func header() -> [String] {
    let entry = profile.entry
    let chosen = [entry.contender.kernel, profile.implementation].compactMap { $0 }
    return [
      "\(entry.suiteCase.name): \(entry.suiteCase.descriptor)",
      "  \(chosen.joined(separator: ", ")), \(entry.workers) "
        + (entry.workers == 1 ? "worker" : "workers") + ", \(entry.cache.rawValue) caches",
      "  time of one iteration  \(Phrase.time(profile.time.median))"
        + interval(profile.time),
      "  outside of the clock   \(Phrase.time(profile.preparationNanoseconds)) "
        + "once, for packing the filter and laying out the input",
    ]
  }

  private func interval(_ estimate: Estimate) -> String {
    guard let lower = estimate.lower, let upper = estimate.upper else { return "" }
    return " (\(Phrase.time(lower)) … \(Phrase.time(upper)))"
  }

  private func phases(_ width: Int?) -> [String] {
    var table = TextTable(
      [
        ("phase", .left), ("% of time", .right), ("", .left), ("per iteration", .right),
        ("tasks", .right), ("imbalance", .right),
      ], expendable: ["", "imbalance"])
    let total = profile.workerNanoseconds
    let workers = Double(profile.cpus.count)
    for (phase, count) in profile.phasesByName {
      let busy = phase.busyNanoseconds.reduce(0, +)
      table.append(
        shareCells(count > 1 ? "\(phase.name), \(count) times" : phase.name, busy / total) + [
          Phrase.time(busy / workers), String(phase.tasks), factor(phase.imbalance),
        ])
    }
    let wait = profile.phases.reduce(0) { $0 + $1.waitNanoseconds.reduce(0, +) }
    table.append(
      shareCells("wait", wait / total) + [Phrase.time(wait / workers), "", ""])
    return table.lines(width: width)
  }

  private func shareCells(_ name: String, _ share: Double) -> [String] {
    [
      name, String(format: "%.1f", 100 * share),
      String(repeating: "█", count: Int(clamping: (20 * share).rounded(), to: 0...20)),
    ]
  }

  private func workers(_ width: Int?) -> [String] {
    var table = TextTable([
      ("worker", .right), ("CPU", .right), ("busy", .right), ("wait", .right), ("tasks", .right),
      ("% waiting", .right),
    ])
    for (worker, cpu) in profile.cpus.enumerated() {
      let busy = profile.phases.reduce(0) { $0 + $1.busyNanoseconds[worker] }
      let wait = profile.phases.reduce(0) { $0 + $1.waitNanoseconds[worker] }
      let tasks = profile.phases.reduce(0) { $0 + $1.tasksPerWorker[worker] }
      table.append([
        String(worker), String(cpu), Phrase.time(busy), Phrase.time(wait),
        String(format: "%.0f", tasks), String(format: "%.1f", 100 * wait / (busy + wait)),
      ])
    }
    return table.lines(width: width) + [
      "  imbalance (largest over mean busy time)  \(factor(profile.imbalance))"
    ]
  }

  private func rates() -> [String] {
    let entry = profile.entry
    let place = RooflinePlace(
      cost: entry.suiteCase.cost, nanoseconds: profile.time.median,
      instructionSet: entry.contender.instructionSet, dataType: entry.suiteCase.dataType,
      workers: entry.workers,
      coldMemory: entry.cache == .cold, limits: limits, calibration: profile.calibration)
    let whole = Rate(profile.rate)
    let percent = zipped(place.peakShare?.percent, whole?.value).map { $0 / $1 }
    func line(_ name: String, _ rate: Rate?) -> String {
      let share = zipped(rate?.value, percent).map {
        String(format: ", %.0f %% of the FMA peak", $0 * $1)
      }
      return "  \(name)  "
        + "\(rate.map { String(format: "%.1f GFLOP/s", $0.value) } ?? "—")\(share ?? "")"
    }
    let roof = place.rooflineShare.map { String(format: "%.0f %%", $0.percent) } ?? "—"
    return [
      line("the whole iteration               ", whole),
      line("inside the tasks of the arithmetic", profile.rateInsideKernel.flatMap { Rate($0) }),
      "  the roof is \(place.bound ?? "not known"), of which it reaches \(roof)",
      place.doubt.map { "  it would be \($0)" },
      String(
        format: "  profiling cost %+.1f %% (median of pairs with and without its clocks)",
        100 * (profile.overhead.ratio - 1)),
    ].compactMap { $0 }
  }

  private func counters(_ width: Int?) -> [String] {
    guard profile.phases.contains(where: { !$0.counters.isEmpty }) else { return [] }
    var table = TextTable([
      ("counter", .left), ("phase", .left), ("all workers, per iteration", .right),
      ("source", .left),
    ])
    for event in group.events {
      for phase in profile.phases {
        let total = CounterReading.totals(of: phase.counters).first { $0.name == event.name }
        guard let total, total.value != nil else { continue }
        table.append([
          event.name, phase.name, CellFormat.number(total.value), total.source.description,
        ])
      }
    }
    return [""] + table.lines(width: width) + missing()
  }

  /// Events without a value, by reason.
  private func missing() -> [String] {
    let readings = CounterReading.totals(of: profile.phases[0].counters)
    let reasons = Dictionary(grouping: readings.filter { $0.value == nil }) {
      $0.source.reason ?? ""
    }
    return reasons.sorted { $0.key < $1.key }.map { reason, readings in
      "  not counted: \(readings.map(\.name).joined(separator: ", ")) (\(reason))"
    }
  }

  private func factor(_ value: Double?) -> String {
    value.map { String(format: "%.3f", $0) } ?? "—"
  }

  private func zipped(_ left: Double?, _ right: Double?) -> (Double, Double)? {
    guard let left, let right else { return nil }
    return (left, right)
  }
}

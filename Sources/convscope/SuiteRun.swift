// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Convolution
internal import Foundation
internal import Measuring
internal import Planning
internal import Reporting
internal import Suites

/// Takes the suites of a run one after the other: measures, writes, prints and answers.
struct SuiteRun {
  /// What to measure, and for how long.
  let options: RunOptions
  /// The run that is continued; nil for a new one.
  let continuation: RunContinuation?
  /// Where rows and answers go.
  let folder: RunFolder
  /// What the machine can do at most.
  let keeper: LimitKeeper
  /// The record of the run.
  var record: RunRecord
  /// What counts each group by simulation; nil where nothing does.
  let simulated: SimulatedGroup?
  /// The metrics to print behind each suite; nil to leave them to the files.
  let metrics: MetricTable?
  /// How tables are printed.
  let style: TableStyle
  /// Whether there is no progress on standard error.
  let isSilent: Bool
  /// Whether somebody wants to stop.
  let interruption: Interruption
  /// Finds where the time of a network goes; nil where that cannot be seen.
  let profile: (PlanEntry, Interruption) -> CaseProfile?

  /// Measures a group in its share of the time, in seconds.
  typealias GroupMeasurement = (PlanGroup, Double, (MeasuringEvent) -> Void) -> GroupResult

  /// Measures what is left to measure; rows and record are on disk whenever it ends.
  /// - Parameter measure: What measures until somebody asks to stop, or until the time is over.
  /// - Returns: what was found, group by group.
  /// - Throws: errors of writing, and of what measures.
  mutating func run(by measure: (Interruption) -> GroupMeasurement) throws -> [GroupResult] {
    // Before the files of the suites, so that a run can be continued from its first moment on; one
    // that is continued must have turned out to be the same.
    if continuation == nil { try folder.write(record) }
    let finished = try open()
    if continuation != nil { try folder.write(record) }
    let results = try self.measure(skipping: finished, by: measure)
    record.endedAt = RunRecord.now
    record.interrupted = interruption.isRequested
    try folder.write(record)
    return results
  }

  /// Opens the files of all suites.
  /// - Returns: how many groups of each suite an earlier part has finished.
  private func open() throws -> [String: Int] {
    var finished: [String: Int] = [:]
    for suite in options.suites {
      if continuation == nil {
        try folder.begin(suite: suite.name, axes: suite.axisNames)
      } else {
        finished[suite.name] = try folder.resume(
          suite: suite.name, axes: suite.axisNames, groups: Array(groups(of: suite)))
      }
    }
    return finished
  }

  private func groups(of suite: Suite, after finished: Int = 0) -> ArraySlice<PlanGroup> {
    options.plan.groups.filter { $0.suite == suite.name }.dropFirst(finished)
  }

  /// Measures group by group; every row is on disk before the next group begins.
  private mutating func measure(
    skipping finished: [String: Int], by measuring: (Interruption) -> GroupMeasurement
  ) throws -> [GroupResult] {
    let left = options.suites.flatMap { groups(of: $0, after: finished[$0.name] ?? 0) }
    let total = budget(for: left)
    let needs = needs(of: left)
    let progress = Progress(weights: needs.map(\.enough), budget: total, isSilent: isSilent)
    var budget = BudgetSplit(total: total, needs: needs)
    let limit = total.flatMap { options.promisesBudget ? $0 : nil }
    let end = limit.map { interruption.after(seconds: $0) } ?? interruption
    let measure = measuring(end)
    var results: [GroupResult] = []
    var answers: [Answer] = []
    var printer = SuitePrinter(style: style)
    for suite in options.suites {
      var ofSuite: [GroupResult] = []
      for group in groups(of: suite, after: finished[suite.name] ?? 0)
      where !interruption.isRequested {
        let show = progress.begin(group)
        let measured = budget.spend { measure(group, $0, show) }
        let isCut = end.isOutOfTime
        ofSuite.append(
          try keep(isCut ? measured.stopped(byBudget: limit ?? 0) : measured, until: end))
      }
      progress.clear()
      answers.append(try close(suite, ofSuite, until: end))
      try show(answers, ofSuite, &printer)
      results += ofSuite
    }
    return results
  }

  /// Writes the answers so far, and prints the last one where something was measured for it.
  private mutating func show(
    _ answers: [Answer], _ measured: [GroupResult], _ printer: inout SuitePrinter
  ) throws {
    if !measured.isEmpty, let last = answers.last { printer.print(last) }
    try folder.write(answers, of: record)
    for line in metrics?.lines(measured, width: style.width) ?? [] { Console.out(line) }
  }

  /// Completes the rows of a group and writes them.
  private mutating func keep(
    _ measured: GroupResult, until end: Interruption
  ) throws -> GroupResult {
    let result = simulated?.filling(measured) ?? measured
    if !end.isOutOfTime { raiseLimits(by: result) }
    try folder.append(result)
    return result
  }

  /// Writes what follows from all rows of a suite.
  private func close(
    _ suite: Suite, _ results: [GroupResult], until end: Interruption
  ) throws -> Answer {
    if suite.isWholeNetwork, !results.isEmpty, !interruption.isRequested {
      let profiles = results.flatMap(\.cases).filter(Self.isFused)
        .compactMap { end.isRequested ? nil : profile($0.entry, end) }
      try folder.writeLayers(profiles, suite: suite.name, limits: record.limits)
    }
    return try folder.answer(suite, limits: record.limits)
  }

  /// Whether a row is of a network's fused form, and was timed.
  private static func isFused(_ result: CaseResult) -> Bool {
    guard case .graph(let variant) = result.entry.contender else { return false }
    return variant.form == .fused && result.time != nil
  }

  /// Measures the machine's limits again where rows show that they are too low.
  private mutating func raiseLimits(by result: GroupResult) {
    guard let reason = folder.contradiction(result), keeper.raise(because: reason) else { return }
    record.limits = keeper.limits
    folder.use(keeper.limits)
  }

  /// The time for the groups that are left: what was given with `--resume`, or their share of the run's.
  private func budget(for left: [PlanGroup]) -> Double? {
    guard continuation != nil, !options.hasOwnBudget else { return options.budget }
    let open = needs(of: left).reduce(0) { $0 + $1.enough }
    let all = needs(of: options.plan.groups).reduce(0) { $0 + $1.enough }
    return options.budget.map { all > 0 ? $0 * open / all : $0 }
  }

  /// What the rounds of groups take, by half of what a core reaches at most.
  private func needs(of groups: [PlanGroup]) -> [BudgetSplit.Need] {
    let peak = record.limits.peakOfWorkers[1]
    return groups.map { group in
      peak.map { group.need(gflopPerSecond: $0 / 2) } ?? group.need()
    }
  }
}

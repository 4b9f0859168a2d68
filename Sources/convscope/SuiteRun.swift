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
  let profile: (PlanEntry) -> CaseProfile?

  /// Measures a group in its share of the time, in seconds.
  typealias GroupMeasurement = (PlanGroup, Double, (MeasuringEvent) -> Void) -> GroupResult

  /// Opens the files of all suites.
  /// - Returns: how many groups of each suite an earlier part has finished.
  func open() throws -> [String: Int] {
    var finished: [String: Int] = [:]
    for suite in options.suites {
      let groups = options.plan.groups.filter { $0.suite == suite.name }
      if continuation == nil {
        try folder.begin(suite: suite.name, axes: suite.axisNames)
      } else {
        finished[suite.name] = try folder.resume(
          suite: suite.name, axes: suite.axisNames, groups: groups)
      }
    }
    return finished
  }

  /// Measures group by group; every row is on disk before the next group begins.
  mutating func measure(
    skipping finished: [String: Int], by measure: GroupMeasurement
  ) throws -> [GroupResult] {
    let left = options.suites.flatMap { suite in
      options.plan.groups.filter { $0.suite == suite.name }.dropFirst(finished[suite.name] ?? 0)
    }
    let progress = Progress(groups: left.count, isSilent: isSilent)
    var budget = BudgetSplit(total: budget(for: left), weights: left.map(\.weight))
    var results: [GroupResult] = []
    var answers: [Answer] = []
    var printer = SuitePrinter(style: style)
    for suite in options.suites {
      var ofSuite: [GroupResult] = []
      let groups = options.plan.groups.filter { $0.suite == suite.name }
      for group in groups.dropFirst(finished[suite.name] ?? 0) {
        if interruption.isRequested { break }
        progress.begin(group)
        let measured = budget.spend { share in
          measure(group, share) { progress.show($0, of: group) }
        }
        let result = simulated?.filling(measured) ?? measured
        raiseLimits(by: result)
        try folder.append(result)
        ofSuite.append(result)
      }
      progress.clear()
      try folder.writeScaling(suite: suite.name)
      if suite.isWholeNetwork, !ofSuite.isEmpty, !interruption.isRequested {
        let profiles = ofSuite.flatMap(\.cases).filter(Self.isFused).compactMap {
          profile($0.entry)
        }
        try folder.writeLayers(profiles, suite: suite.name, limits: record.limits)
      }
      answers.append(try Answer(suite, run: folder.url, limits: record.limits))
      if !ofSuite.isEmpty {
        printer.print(answers[answers.count - 1])
      }
      try folder.write(answers, of: record)
      if let metrics {
        for line in metrics.lines(ofSuite, width: style.width) { Console.out(line) }
      }
      results += ofSuite
    }
    return results
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
    let weight = left.map(\.weight).reduce(0, +)
    let total = options.plan.groups.map(\.weight).reduce(0, +)
    return options.budget.map { $0 * Double(weight) / Double(max(total, 1)) }
  }
}

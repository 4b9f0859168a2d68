// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Counters
internal import Inputs
public import Measuring
internal import Planning
internal import Statistics
internal import Suites

/// The rows of `measurements.csv`.
public struct MeasurementTable: Sendable {
  /// Names of the counters, in the order of their columns.
  public let counters: [String]
  private let limits: MachineLimits

  /// A table with a pair of columns for each of `counters`.
  public init(counters: [String], limits: MachineLimits) {
    self.counters = counters
    self.limits = limits
  }

  /// The header.
  public var columns: [String] {
    RunTable.measurements.columns + counters.flatMap(RunTable.columns(ofEvent:))
  }

  /// The row of a result.
  public func row(_ result: CaseResult, suite: String) -> [String] {
    let entry = result.entry
    let place = place(result)
    return [
      suite, entry.suiteCase.name, entry.suiteCase.descriptor, entry.contender.kernel,
      entry.contender.instructionSet?.rawValue ?? "", entry.contender.layout ?? "",
      String(entry.workers), entry.cache.rawValue,
    ] + timeCells(result, place) + costCells(result) + [
      CellFormat.number(result.workerImbalance), result.stoppedBy, result.status.rawValue,
      reason(result, place),
    ] + problemCells(entry.suiteCase) + [
      String(entry.suiteCase.multiplicity), result.accuracy?.rawValue ?? "",
      CellFormat.number(result.relativeRMSError), result.implementation ?? "",
      CellFormat.integer(result.scratchBytes), CellFormat.integer(result.iterations),
      CellFormat.number(result.calibration),
      CellFormat.integer(result.rounds.isEmpty ? nil : result.disturbedRounds),
      entry.suiteCase.partOf ?? "",
      CellFormat.integer(result.time == nil ? nil : result.processCount),
      CellFormat.integer(result.time == nil ? nil : result.warmUp),
      entry.suiteCase.dataType.rawValue,
    ] + counterCells(result)
  }

  /// Where a timed result stands under the machine's roofs.
  public func place(_ result: CaseResult) -> RooflinePlace? {
    guard let time = result.time else { return nil }
    return RooflinePlace(
      cost: result.entry.suiteCase.cost, nanoseconds: time.median,
      instructionSet: result.entry.contender.instructionSet,
      dataType: result.entry.suiteCase.dataType, workers: result.entry.workers,
      coldMemory: result.entry.cache == .cold, limits: limits, calibration: result.calibration,
      accuracy: result.accuracy)
  }

  /// Why the rows of `group` show that the machine's limits are too low; nil where they do not.
  public func contradiction(_ group: GroupResult) -> String? {
    for result in group.cases {
      let workers = result.entry.workers
      if let pace = limits.contradiction(pace: result.calibration, workers: workers) { return pace }
      guard let doubt = place(result)?.doubt else { continue }
      return "\(result.entry.suiteCase.name) reached \(doubt)"
    }
    return nil
  }

  /// The result's own reason, and why cells of the arithmetic are empty.
  private func reason(_ result: CaseResult, _ place: RooflinePlace?) -> String {
    let isEmpty = result.time != nil && result.entry.suiteCase.cost.macs == 0
    let why = isEmpty ? "no multiply-accumulates: the bandwidth is its only roof" : ""
    return [result.reason, why, place?.doubt ?? ""].filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private func timeCells(_ result: CaseResult, _ place: RooflinePlace?) -> [String] {
    [
      CellFormat.integer(result.time?.count), CellFormat.decimal(result.time?.median),
      CellFormat.decimal(result.time?.lower), CellFormat.decimal(result.time?.upper),
      CellFormat.decimal(result.time?.minimum), CellFormat.rate(place?.gflopPerSecond),
      CellFormat.percent(place?.peakShare), CellFormat.percent(place?.rooflineShare),
      place?.bound ?? "",
    ]
  }

  private func costCells(_ result: CaseResult) -> [String] {
    let cost = result.entry.suiteCase.cost
    return [
      String(cost.macs), String(cost.parameters), String(cost.trafficBytes),
      CellFormat.rate(Rate(cost.flops, per: cost.trafficBytes)),
    ]
  }

  /// The plain columns of a single convolution; empty for a chain or block, which has no single shape.
  private func problemCells(_ suiteCase: SuiteCase) -> [String] {
    guard suiteCase.graph == nil, suiteCase.steps.count == 1,
      let problem = suiteCase.steps.first?.problem
    else {
      return RunTable.ofProblems.map { _ in "" }
    }
    return [
      problem.groups, problem.batch, problem.inChannels, problem.input.height,
      problem.input.width, problem.outChannels, problem.output.height, problem.output.width,
      problem.kernel.height, problem.kernel.width, problem.stride.height, problem.stride.width,
      problem.padding.top, problem.padding.left, problem.padding.bottom, problem.padding.right,
      problem.dilation.height, problem.dilation.width,
    ].map(String.init)
  }

  private func counterCells(_ result: CaseResult) -> [String] {
    let totals = CounterReading.totals(of: result.counters)
    return counters.flatMap { CellFormat.count(of: $0, in: totals, what: "row") }
  }
}

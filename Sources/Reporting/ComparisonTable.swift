// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Inputs
public import Measuring
internal import Planning
internal import Statistics
internal import Suites

/// The rows of `comparisons.csv`.
public struct ComparisonTable: Sendable {
  /// The suite's axes, in the order of their columns.
  public let axes: [String]
  private let limits: MachineLimits?

  /// A table with a column for each of `axes`; `limits` say what a data type promises.
  public init(axes: [String], limits: MachineLimits? = nil) {
    self.axes = axes
    self.limits = limits
  }

  /// The header.
  public var columns: [String] { RunTable.comparisons.columns + axes }

  /// The row of a comparison.
  public func row(_ result: PairResult, in group: GroupResult) -> [String] {
    let baseline = group.cases[result.pair.baseline]
    let contender = group.cases[result.pair.contender]
    let promise = Promise(
      baseline: baseline.entry.suiteCase.cost, contender: contender.entry.suiteCase.cost,
      instructionRatio: instructionRatio(baseline.entry, contender.entry))
    return [
      group.group.suite, result.pair.comparison, baseline.entry.suiteCase.name,
      contender.entry.suiteCase.name, baseline.entry.contender.kernel,
      contender.entry.contender.kernel, String(contender.entry.workers),
      contender.entry.cache.rawValue, CellFormat.integer(result.speedup?.rounds),
      CellFormat.decimal(baseline.time?.median), CellFormat.decimal(contender.time?.median),
      CellFormat.number(result.speedup?.ratio), CellFormat.number(result.speedup?.lower),
      CellFormat.number(result.speedup?.upper), CellFormat.rate(promise.macRatio),
      CellFormat.rate(promise.parameterRatio), CellFormat.rate(promise.trafficRatio),
      CellFormat.rate(result.speedup.flatMap { promise.realised(speedup: $0.ratio) }),
      result.verdict.rawValue, result.status.rawValue,
      result.reason.isEmpty ? promise.reason ?? "" : result.reason,
    ] + axes.map { result.pair.axes[$0] ?? "" }
  }

  /// The ratio of the peaks of two data types; 1 between equal ones, and where a peak is not known.
  private func instructionRatio(_ baseline: PlanEntry, _ contender: PlanEntry) -> Double {
    let types = (baseline.suiteCase.dataType, contender.suiteCase.dataType)
    guard types.0 != types.1, let limits,
      let base = limits.peak(
        baseline.contender.instructionSet, workers: baseline.workers, of: types.0),
      let own = limits.peak(
        contender.contender.instructionSet, workers: contender.workers, of: types.1)
    else { return 1 }
    return own / base
  }
}

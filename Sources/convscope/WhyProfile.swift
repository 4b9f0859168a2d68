// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Convolution
internal import Foundation
internal import KernelCatalog
internal import Machine
internal import Measuring
internal import Planning
internal import Reporting
internal import Statistics
internal import Suites
internal import Workers

/// `profile CASE --why`: the case without one cost after the other, and what each explains of the
/// distance from the peak.
struct WhyProfile {
  let entry: PlanEntry
  let options: MeasuringOptions
  let limits: MachineLimits

  /// A line of the table.
  struct Row {
    var step: Counterfactual
    /// Arithmetic inside the image over the peak.
    var peakShare: Double
    /// The rate over that of the row before; nil in the first.
    var gain: RatioEstimate?
    /// The part of the distance from the peak, in logarithms, that this step closes; nil in the first.
    var explained: Double?
  }

  /// The cases that are measured, interleaved.
  /// - Throws: `UsageError` where the case is no single convolution of one of ours.
  func group() throws -> (steps: [Counterfactual], group: PlanGroup) {
    guard entry.suiteCase.operations.count == 1, let operation = entry.suiteCase.operations.first,
      case .variants(let variants) = entry.contender, let variant = variants.first,
      let set = variant.identity.instructionSet
    else {
      throw UsageError.withoutEffect(
        option: "--why", place: entry.suiteCase.name,
        accepted: "--why for a single convolution by a kernel of ConvScope's own")
    }
    let chain = Counterfactual.chain(
      operation.problem, set: set, levelOne: CacheLevel.bytes(level: 1))
    let steps = chain.filter { step in
      let other = ConvolutionOperation(step.problem, epilogue: operation.epilogue)
      return step.removed == .nothing
        || variant.support(other, workers: entry.workers) == .supported
    }
    let entries = steps.map { step -> PlanEntry in
      var own = entry
      let problem = NamedProblem(step.problem)
      own.suiteCase = SuiteCase(
        name: "\(ProblemDescriptor.print(problem)) \(step.removed.text)", steps: [problem],
        epilogue: operation.epilogue)
      return own
    }
    let pairs = entries.indices.dropFirst().map {
      PlanPair(comparison: steps[$0].removed.rawValue, baseline: $0 - 1, contender: $0, axes: [:])
    }
    return (steps, PlanGroup(suite: "why", axisNames: [], entries: entries, pairs: pairs))
  }

  /// The rows; nil where something could not be timed, for the reason.
  func rows(_ steps: [Counterfactual], _ result: GroupResult) -> Result<[Row], ProfilingError> {
    var rows: [Row] = []
    for (place, step) in steps.enumerated() {
      let found = result.cases[place]
      guard let time = found.time, let share = share(step, time.median, found) else {
        return .failure(.failed("\(step.removed.text): \(found.reason)"))
      }
      let pair = place > 0 ? result.pairs[place - 1].speedup : nil
      let work = place > 0 ? work(step) / work(steps[place - 1]) : 1
      rows.append(Row(step: step, peakShare: share, gain: pair?.scaled(by: work)))
    }
    let distance = log(rows.first?.peakShare ?? 1)
    for place in rows.indices.dropFirst() {
      guard let gain = rows[place].gain, distance < 0 else { continue }
      rows[place].explained = log(gain.ratio) / -distance
    }
    return .success(rows)
  }

  private func work(_ step: Counterfactual) -> Double {
    Double(CostModel(step.problem).macsInsideImage)
  }

  private func share(_ step: Counterfactual, _ nanoseconds: Double, _ found: CaseResult) -> Double?
  {
    let place = RooflinePlace(
      cost: CostModel(step.problem), nanoseconds: nanoseconds,
      instructionSet: entry.contender.instructionSet, workers: entry.workers, coldMemory: false,
      limits: limits, calibration: found.calibration)
    return place.peakShare?.value
  }

  /// The table, and what it means.
  func lines(_ rows: [Row]) -> [String] {
    var table = TextTable([
      ("the case", .left), ("of the peak", .right), ("rate × (within this process)", .left),
      ("explains", .right), ("problem", .left),
    ])
    let percent = { (share: Double) in String(format: "%.0f %%", 100 * share) }
    for row in rows {
      table.append([
        row.step.removed.text, percent(row.peakShare), row.gain.map(Self.text) ?? "",
        row.explained.map(percent) ?? "", ProblemDescriptor.print(NamedProblem(row.step.problem)),
      ])
    }
    let rest = 1 - rows.compactMap(\.explained).reduce(0, +)
    let last = rows.last?.step.removed.text ?? ""
    return ["what the distance from the peak is made of, one thing taken away after the other"]
      + table.lines(width: ConsoleWidth.ofTables) + [
        "the other \(percent(rest)) of the distance are the kernel's own, \(last): loads, loops and "
          + "latencies"
      ]
  }

  private static func text(_ gain: RatioEstimate) -> String {
    let number = { (value: Double) in String(format: "%.2f", value) }
    guard let lower = gain.lower, let upper = gain.upper else { return number(gain.ratio) }
    return "\(number(gain.ratio)) (\(number(lower)) … \(number(upper)))"
  }
}

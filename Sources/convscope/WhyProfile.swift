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

/// `profile CASE --why`: what the distance of a case from the peak is made of, by what it takes where one
/// thing is another.
struct WhyProfile {
  let entry: PlanEntry
  let limits: MachineLimits

  /// A part of the time.
  struct Row {
    var part: TimeParts.Part
    /// In nanoseconds of the case.
    var nanoseconds: Estimate
    /// Of the distance from the peak.
    var share: Double
  }

  private func entry(_ one: Counterfactual, _ epilogue: Epilogue) -> PlanEntry {
    var own = entry
    let problem = NamedProblem(one.problem)
    own.suiteCase = SuiteCase(
      name: "\(ProblemDescriptor.print(problem)) \(one.change.text)", steps: [problem],
      epilogue: epilogue)
    return own
  }

  /// The problems that are measured, interleaved.
  /// - Throws: `UsageError` where the case is no single convolution of one of ours.
  func group() throws -> (all: [Counterfactual], group: PlanGroup) {
    guard entry.suiteCase.operations.count == 1, let operation = entry.suiteCase.operations.first,
      case .variants(let variants) = entry.contender, let variant = variants.first,
      let set = variant.identity.instructionSet
    else {
      throw UsageError.withoutEffect(
        option: "--why", place: entry.suiteCase.name,
        accepted: "--why for a single convolution by a kernel of ConvScope's own")
    }
    let tiles = KernelTiles(
      set, of: operation.problem.dataType, vectorsAreColumns: variant.identity.layout == "nchw")
    let all = Counterfactual.all(
      operation.problem, tiles: tiles, levelOne: CacheLevel.bytes(level: 1)
    ) { problem in
      let other = ConvolutionOperation(problem, epilogue: operation.epilogue)
      return variant.support(other, workers: entry.workers) == .supported
    }
    let entries = all.map { entry($0, operation.epilogue) }
    let pairs = all.indices.dropFirst().map {
      PlanPair(
        comparison: all[$0].change.rawValue, baseline: TimeParts.base(of: $0, in: all),
        contender: $0, axes: [:])
    }
    return (all, PlanGroup(suite: "why", axisNames: [], entries: entries, pairs: pairs))
  }

  /// The times of the problems, each in several fresh processes.
  func measured(
    _ group: PlanGroup, _ options: MeasuringOptions, budget: Double,
    until interruption: Interruption
  ) -> GroupResult {
    let child = GroupProcess(interruption: interruption)
    let spread = ProcessSpread(count: ProcessSpread.usualCount, interruption: interruption) {
      task in
      var own = options
      (own.process, own.visits) = (task.process, task.visits)
      own.rounds = ProcessSpread.roundsPerProcess
      return child.run(
        GroupTask(
          group: task.group, options: own, seconds: task.budget, workers: entry.workers,
          instructionSets: InstructionSet.available))
    }
    return spread.measure(group, budget: budget, noiseFloor: NoiseMargins()) { _ in }
  }

  /// The parts of the time; a failure where something could not be timed, or nothing is known of the
  /// peak, or the case reaches it.
  func rows(_ all: [Counterfactual], _ result: GroupResult) -> Result<[Row], ProfilingError> {
    let cases = result.cases
    for (one, found) in zip(all, cases) where found.time == nil {
      return .failure(.failed("\(one.change.text): \(found.reason)"))
    }
    guard let time = cases[0].time, let share = share(time.median, cases[0]) else {
      return .failure(.failed("the peak of this machine is not known; see `convscope machine`"))
    }
    guard share < 1 else { return .failure(.failed("the case reaches the peak")) }
    let work = Double(CostModel(all[0].problem).macsInsideImage)
    let rounds = cases[0].samples.indices.filter { round in
      cases.allSatisfy { round < $0.samples.count && ($0.counted.isEmpty || $0.counted[round]) }
    }
    // What a process has by chance stays for its life, so each has a say.
    let processes = Dictionary(grouping: rounds) { cases[0].processes[$0] }.values
    let parts = processes.map { own in
      let times = cases.map { found in median(of: own.map { found.samples[$0] }) }
      return TimeParts.parts(of: all, nanoseconds: times, pace: work / (time.median * share))
    }
    return .success(Self.rows(parts, distance: time.median * (1 - share)))
  }

  private static func rows(_ parts: [[TimeParts.Part: Double]], distance: Double) -> [Row] {
    TimeParts.Part.allCases.compactMap { part in
      let own = parts.compactMap { $0[part] }
      guard !own.isEmpty else { return nil }
      let estimate = Estimate(samples: own)
      return Row(part: part, nanoseconds: estimate, share: estimate.median / distance)
    }
  }

  private func share(_ nanoseconds: Double, _ found: CaseResult) -> Double? {
    let place = RooflinePlace(
      cost: CostModel(entry.suiteCase.operations[0].problem), nanoseconds: nanoseconds,
      instructionSet: entry.contender.instructionSet, workers: entry.workers, coldMemory: false,
      limits: limits, calibration: found.calibration)
    return place.peakShare?.value
  }

  /// The tables, and what they mean.
  func lines(_ rows: [Row], _ all: [Counterfactual], _ result: GroupResult) -> [String] {
    var parts = TextTable([
      ("what the distance from the peak is made of", .left), ("time", .right), ("share", .right),
      ("95 % interval", .left),
    ])
    for row in rows {
      let interval = row.nanoseconds.lower.flatMap { lower in
        row.nanoseconds.upper.map { String(format: "%.3f … %.3f µs", lower / 1e3, $0 / 1e3) }
      }
      parts.append([
        row.part.text, String(format: "%.3f µs", row.nanoseconds.median / 1e3),
        String(format: "%.0f %%", 100 * row.share), interval ?? "",
      ])
    }
    let width = ConsoleWidth.ofTables
    return parts.lines(width: width) + [""] + compared(all, result).lines(width: width)
  }

  /// The problems that the case is compared with.
  private func compared(_ all: [Counterfactual], _ result: GroupResult) -> TextTable {
    var problems = TextTable([
      ("compared with", .left), ("rate × (95 % interval)", .left), ("problem", .left),
    ])
    for (one, pair) in zip(all.dropFirst(), result.pairs) {
      let base = all[pair.pair.baseline].problem
      let work =
        Double(CostModel(one.problem).macsInsideImage) / Double(CostModel(base).macsInsideImage)
      problems.append([
        one.change.text, pair.speedup.map { Self.text($0.scaled(by: work)) } ?? "",
        ProblemDescriptor.print(NamedProblem(one.problem)),
      ])
    }
    return problems
  }

  private static func text(_ gain: RatioEstimate) -> String {
    let number = { (value: Double) in String(format: "%.3f", value) }
    guard let lower = gain.lower, let upper = gain.upper else { return number(gain.ratio) }
    return "\(number(gain.ratio)) (\(number(lower)) … \(number(upper)))"
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Blocks
internal import Children
internal import Comparing
internal import Convolution
internal import Foundation
internal import KernelCatalog
internal import Measuring
internal import Planning
internal import Predicting
internal import Statistics
internal import Suites

/// Measures single convolutions as `best` computes them, each in a fresh process.
struct ProblemTimer {
  let selection: TunedSelection
  let workers: [Int]
  let machine: String
  let build: String
  private let instructionSets: [InstructionSet]

  /// What identical code differs by between two runs, as `machine --check` found here; nil before.
  private let betweenRuns: Double?

  /// The ways to run blocks.
  private let graphs: [any GraphVariant]

  /// Seconds of rounds for a problem; most are done before.
  private static let longest = 0.8
  /// Processes of a comparison: their medians span an interval of 99 %.
  private static let processes = 8

  /// A timer of what `best` picks; `usual` are the worker counts where the arguments name none.
  init(_ arguments: Arguments, usual: [Int]) throws {
    instructionSets = try RunOptions.instructionSets(arguments)
    let catalog = KernelCatalog(instructionSets: instructionSets)
    selection = try TunedSelection(catalog, arguments)
    graphs = GraphRunner.all(catalog, accuracy: selection.accuracy)
    workers = try RunOptions.workers(arguments, usual: usual)
    let environment = RunEnvironment.current()
    machine = environment.machineKey
    betweenRuns = MachineDoctor.noiseFloor(machine: machine)?.rows.map(\.apart).max()
    build = KnownTimes.build(environment)
  }

  /// The times of an operation with each number of workers; those that were disturbed are left out.
  /// - Throws: `PredictionError.nothingMeasured` where all of it failed.
  func measure(
    _ operation: ConvolutionOperation, until interruption: Interruption
  ) throws(PredictionError) -> [MeasuredTime] {
    let entries = workers.compactMap { entry(operation, workers: $0) }
    guard !entries.isEmpty else { return [] }
    let group = PlanGroup(suite: LearnVerb.name, axisNames: [], entries: entries, pairs: [])
    let result = spread(interruption, processes: 1).measure(
      group, budget: Self.longest, noiseFloor: NoiseMargins()
    ) { _ in }
    if let failed = result.cases.first(where: { $0.status == .failed }), !interruption.isRequested,
      result.cases.allSatisfy({ $0.time == nil })
    {
      throw .nothingMeasured(reason: failed.reason)
    }
    return result.cases.compactMap { time($0, operation) }
  }

  /// What `contender` gains over `baseline`, over several fresh processes; nil where one of them cannot
  /// be computed, or was disturbed.
  func compare(
    _ baseline: SuiteCase, _ contender: SuiteCase, until interruption: Interruption
  ) -> MeasuredPair? {
    let entries = [baseline, contender].compactMap { entry($0, workers: workers[0]) }
    guard entries.count == 2 else { return nil }
    let group = PlanGroup(
      suite: AdviseVerb.name, axisNames: [], entries: entries,
      pairs: [PlanPair(comparison: contender.name, baseline: 0, contender: 1, axes: [:])])
    let result = spread(interruption, processes: Self.processes).measure(
      group, budget: Self.longest * Double(Self.processes), noiseFloor: NoiseMargins()
    ) { _ in }
    guard let speedup = result.pairs[0].speedup, let time = result.cases[0].time,
      let lower = speedup.lower, let upper = speedup.upper
    else { return nil }
    // What identical code differs by between two calls comes on top of what processes differ by.
    let margin = 1 + max(MeasuringOptions.defaultNoiseFloor, betweenRuns ?? 0)
    return MeasuredPair(
      nanoseconds: time.median, speedup: speedup.ratio, lower: lower / margin,
      upper: upper * margin)
  }

  private func entry(_ suiteCase: SuiteCase, workers: Int) -> PlanEntry? {
    guard let graph = suiteCase.graph else {
      return selection.best(suiteCase.operations, workers: workers).map { choices in
        PlanEntry(
          suiteCase: suiteCase, contender: .variants(choices.map(\.variant)), workers: workers,
          cache: .warm)
      }
    }
    let runner = graphs.first {
      $0.form == suiteCase.form && $0.support(graph, workers: workers) == .supported
    }
    return runner.map {
      PlanEntry(suiteCase: suiteCase, contender: .graph($0), workers: workers, cache: .warm)
    }
  }

  private func entry(_ operation: ConvolutionOperation, workers: Int) -> PlanEntry? {
    entry(
      SuiteCase(
        name: ProblemDescriptor.print(operation.problem), steps: [NamedProblem(operation.problem)],
        epilogue: operation.epilogue), workers: workers)
  }

  private func time(_ result: CaseResult, _ operation: ConvolutionOperation) -> MeasuredTime? {
    guard result.status == .ok, let time = result.time,
      case .variants(let variants) = result.entry.contender, let variant = variants.first,
      let cycles = KernelCatalog.predictedCycles(
        of: variant, for: operation, workers: result.entry.workers)
    else { return nil }
    return MeasuredTime(
      operation, workers: result.entry.workers, kernel: variant.identity, cycles: cycles,
      nanoseconds: time.median, date: UTCTime.now, build: build)
  }

  private func spread(_ interruption: Interruption, processes: Int) -> ProcessSpread {
    let child = GroupProcess(interruption: interruption)
    return ProcessSpread(count: processes, interruption: interruption) { task in
      var options = MeasuringOptions()
      // As in all but the first process of a run, a sample of the outputs is checked.
      options.process = 1 + task.process
      options.visits = task.visits
      options.rounds = ProcessSpread.roundsPerProcess
      return child.run(
        GroupTask(
          group: task.group, options: options, seconds: task.budget,
          workers: workers.max() ?? 1, instructionSets: instructionSets))
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Children
internal import Convolution
internal import Foundation
internal import KernelCatalog
internal import Measuring
internal import Planning
internal import Predicting
internal import Suites

/// `convscope learn`: measures problems where the predictions are unsure, and keeps the times.
struct LearnVerb: Verb {
  static let name = "learn"
  static let operands = "[SUITE…]"
  static let summary = "Measure drawn problems, from which `predict` and `advise` predict others."
  static let discussion = """
    Problems are drawn from a seed; half of them are those of which the model of what is known so far
    is least sure. Each is measured in a fresh process, as `best` computes it, with warm caches. Times
    are kept per machine and build in ~/.cache/convscope/times-<machine>-<fingerprint>.json. The
    problems of a SUITE are measured first. It can be stopped at any time, and goes on when it is
    called again.
    """
  static let options = ownOptions + ModelReader.options
  private static let ownOptions = [
    Option("--budget", "20m", "time for all of it (default 20m)"),
    Option("--workers", "1,2", "worker counts (default: one and all there are)"),
    RunOptions.instructionSetOption,
    Option("--accuracy", "CLASS", "exact (default) or fast: what best may pick"),
    TunedSelection.option,
    Option("--seed", "N", "seed of the drawn problems (default: a new one each time)"),
    Option("--no-progress", nil, "no progress on standard error"),
  ]
  private static let defaultBudget = 1200.0
  /// One problem that cannot be measured is no reason to give up what was learnt; several in a row are.
  private static let mostFailures = 3

  private let suites: [Suite]
  private let budget: Double
  private let seed: UInt64?
  private let timer: ProblemTimer
  private let isSilent: Bool

  init(_ arguments: Arguments) throws {
    suites = try ModelReader(arguments).suites(arguments.operands)
    budget =
      try arguments.parsed("--budget", accepted: Units.acceptedTimes, Units.seconds)
      ?? Self.defaultBudget
    seed = arguments.has("--seed") ? try RunOptions.seed(arguments) : nil
    timer = try ProblemTimer(arguments, usual: RunOptions.usualWorkers(arguments))
    isSilent = arguments.has("--no-progress")
    try Preflight.checkMemory(suites)
  }

  /// How near a model is to each of its times, guessed from the others.
  static func quality(_ model: TimeModel) -> String {
    let percent = { (share: Double) in String(format: "%.0f %%", 100 * share) }
    return "\(percent(model.shareWithin(0.1))) within ±10 %, typical error "
      + String(format: "%.1f %%", 100 * model.typicalError)
  }

  func run() throws -> ExitCode {
    let interruption = Interruption.stopsPolitely()
    for note in suites.flatMap(\.notes) { Console.error("note: \(note)") }
    try Preflight.checkFiles()
    let end = ContinuousClock.now + .seconds(budget)
    let stored = TimeFile.stored(machine: timer.machine)
    var failures = 0
    var times = stored.times(build: timer.build, fewest: 0).times
    var candidates = Candidates(
      suites: suites, seed: seed ?? UInt64(clamping: stored.times.count), selection: timer.selection
    )
    let before = times.count
    let progress = ProgressLine(isSilent: isSilent)
    while ContinuousClock.now < end, !interruption.isRequested {
      let model = TimeModel(times)
      show(times.count - before, model, on: progress, left: end - ContinuousClock.now)
      for operation in candidates.next(model, workers: timer.workers) {
        guard ContinuousClock.now < end, !interruption.isRequested else { break }
        times += try learn(operation, &failures, interruption)
      }
    }
    progress.clear()
    report(times.count - before, TimeModel(times), times.count)
    return interruption.isRequested ? .interrupted : ModelReader.code(suites)
  }

  private func show(
    _ learnt: Int, _ model: TimeModel?, on progress: ProgressLine, left: Duration
  ) {
    let quality = model.map { ", each guessed from the others: \(Self.quality($0))" } ?? ""
    progress.show("learnt \(learnt) times\(quality)", left: left)
  }

  /// Measures and keeps the times of a problem; none where it cannot be measured.
  private func learn(
    _ operation: ConvolutionOperation, _ failures: inout Int, _ interruption: Interruption
  ) throws -> [MeasuredTime] {
    let found: [MeasuredTime]
    do throws(PredictionError) {
      found = try timer.measure(operation, until: interruption)
      failures = 0
    } catch {
      failures += 1
      guard failures < Self.mostFailures else { throw error }
      return []
    }
    guard !found.isEmpty else { return [] }
    try TimeFile.update(TimeFile.url(machine: timer.machine), machine: timer.machine) { file in
      for time in found { file.record(time) }
    }
    return found
  }

  private func report(_ count: Int, _ model: TimeModel?, _ all: Int) {
    let path = TimeFile.url(machine: timer.machine).path(percentEncoded: false)
    Console.out("Learnt \(count) times of \(all) by this build.")
    if let model {
      Console.out("Each guessed from the others: \(Self.quality(model)).")
    } else {
      Console.out("At least \(TimeModel.fewest) are needed to predict.")
    }
    Console.error("times: \(path)")
  }
}

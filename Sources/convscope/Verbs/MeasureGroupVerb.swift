// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Children
internal import Counters
internal import Foundation
internal import Inputs
internal import KernelCatalog
internal import Measuring
internal import Planning
internal import Workers

/// `convscope measure-group`: the fresh process that `run --processes` starts for one group.
struct MeasureGroupVerb: Verb {
  static let name = "measure-group"
  static let operands = "[SUITE…]"
  static let summary = "Measure one group of a plan; started by run --processes."
  static let discussion = "Plans as `run` does and leaves what it found in a file."
  static let options =
    RunOptions.options + RunVerb.measuringOptions + [
      Option("--group", "N", "number of the group in the plan, from 0"),
      Option("--process", "N", "number of this process among those of the group, from 0"),
      Option("--seconds", "S", "time for the rounds"),
      Option("--iterations", "N[,N…]", "iterations per visit of each entry (default: found here)"),
      Option("--warm-up", "N", "iterations before those; goes with --iterations"),
      Option("--into", "FILE", "where the result goes, as JSON"),
    ]
  static let isInternal = true

  private let options: RunOptions
  private let group: CounterGroup
  private let place: Int
  private let seconds: Double
  private let file: URL

  /// The words that `init` reads a task from.
  static func words(_ task: ProcessSpread.Task, into file: URL) -> [String] {
    [
      "--group=\(task.group)", "--process=\(task.process)", "--seconds=\(task.budget)",
      "--into=\(file.path(percentEncoded: false))",
    ] + (task.visits.map(words) ?? [])
  }

  private static func words(_ visits: GroupVisits) -> [String] {
    let iterations = visits.iterations.map(String.init).joined(separator: ",")
    return ["--iterations=\(iterations)", "--warm-up=\(visits.warmUp.iterations)"]
  }

  /// How long visits are, where an earlier process has found it.
  private static func visits(_ arguments: Arguments, entries: Int) throws -> GroupVisits? {
    let iterations = try arguments.parsed(
      "--iterations", accepted: "a whole number for each of \(entries) entries"
    ) { text -> [Int]? in
      let counts = text.split(separator: ",").compactMap { Int(reading: $0, in: 0...Int.max) }
      return counts.count == entries ? counts : nil
    }
    guard let iterations else { return nil }
    let warmUp = try number(arguments, "--warm-up") { $0 >= WarmUp.least }
    return GroupVisits(warmUp: WarmUp(iterations: warmUp), iterations: iterations)
  }

  init(_ arguments: Arguments) throws {
    var options = try RunOptions(arguments)
    try options.checkPrograms()
    let groups = options.plan.groups
    place = try Self.number(arguments, "--group") { groups.indices.contains($0) }
    options.measuring.process = try Self.number(arguments, "--process") { $0 >= 0 }
    options.measuring.rounds = ProcessSpread.roundsPerProcess
    options.measuring.visits = try Self.visits(arguments, entries: groups[place].entries.count)
    self.options = options
    group = try CounterGroup.named(
      arguments.value("--counters") ?? "default", searching: [ProjectFolder.counterGroups])
    guard let path = arguments.value("--into") else {
      throw UsageError.missingOperand("--into FILE")
    }
    file = URL(filePath: path)
    guard
      let seconds = try arguments.parsed(
        "--seconds", accepted: "seconds, as 2.5",
        { Double(reading: $0, in: 0...Units.acceptedSeconds.upperBound) })
    else { throw UsageError.missingOperand("--seconds S") }
    self.seconds = seconds
  }

  private static func number(
    _ arguments: Arguments, _ name: String, isAccepted: (Int) -> Bool
  ) throws(UsageError) -> Int {
    let number = try arguments.parsed(name, accepted: "a whole number that fits the plan") {
      Int(reading: $0, in: 0...Int.max).flatMap { isAccepted($0) ? $0 : nil }
    }
    guard let number else { throw UsageError.missingOperand("\(name) N") }
    return number
  }

  func run() throws -> ExitCode {
    let interruption = Interruption.stopsPolitely()
    // What Valgrind simulates is filled in by the process that merges.
    let isCounting = group.name != SimulatedEvent.groupName
    let measurer = Measurer(
      pool: try WorkerPool(
        count: options.mostWorkers, sleepsAtOnce: !options.externals.isEmpty),
      session: isCounting ? CounterSession(group: group) : nil, options: options.measuring,
      peakKernel: KernelCatalog.widestPeakKernel, externals: options.externals,
      interruption: interruption)
    let result = measurer.measure(options.plan.groups[place], budget: seconds) { _ in }
    try WholeFile.write(try JSONEncoder().encode(result.cases.map { CasePart($0) }), to: file)
    return interruption.isRequested ? .interrupted : .success
  }
}

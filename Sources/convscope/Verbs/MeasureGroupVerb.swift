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
  static let operands = "TASK RESULT"
  static let summary = "Measure one group of a plan; started by run --processes."
  static let discussion =
    "Reads what to measure from the file TASK, writes what it found to RESULT."
  static let measures = true
  static let options: [Option] = []
  static let isInternal = true

  /// A plan of the largest suite that is accepted is smaller.
  private static let largestTask = 1 << 30

  private let task: GroupTask
  private let result: URL

  init(_ arguments: Arguments) throws {
    guard arguments.operands.count == 2 else {
      throw UsageError.missingOperand(Self.operands)
    }
    let path = arguments.operands[0]
    do {
      let data = Data(try InputFile.bytes(path, limit: Self.largestTask))
      task = try GroupTask(data, build: Implementations.init(ofThisBuild:))
    } catch {
      throw UsageError.invalidValue(
        option: "TASK", value: path, accepted: "a task of this build; \(error)")
    }
    result = URL(filePath: arguments.operands[1])
  }

  func run() throws -> ExitCode {
    let interruption = Interruption.stopsPolitely()
    let measurer = Measurer(
      pool: try WorkerPool(count: task.workers, sleepsAtOnce: !task.externals.isEmpty),
      session: task.counters.map {
        CounterSession(group: CounterGroup(name: Self.name, events: $0))
      }, options: task.options,
      peakKernel: KernelCatalog.widestPeakKernel, externals: task.externals,
      interruption: interruption)
    let measured = measurer.measure(task.group, budget: task.seconds) { _ in }
    try WholeFile.write(
      try JSONEncoder().encode(measured.cases.map { CasePart($0) }), to: result)
    return interruption.isRequested ? .interrupted : .success
  }
}

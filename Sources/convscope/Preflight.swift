// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation
internal import Planning
internal import Suites

/// What can be checked before anything is measured.
enum Preflight {
  /// Files that a run has open at once: five of each suite, counters, pipes and libraries.
  static let leastFiles = 64

  /// Raises the limit of open files to what is allowed, and checks that it suffices.
  /// - Throws: `PreflightError.notEnoughFiles`.
  static func checkFiles() throws(PreflightError) {
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur < rlim_t(leastFiles) else { return }
    limit.rlim_cur = min(limit.rlim_max, rlim_t(leastFiles))
    guard setrlimit(kind, &limit) == 0, limit.rlim_cur >= rlim_t(leastFiles) else {
      throw .notEnoughFiles(limit: Int(clamping: limit.rlim_cur), needed: leastFiles)
    }
  }

  /// Stack that planning, reading and writing may take; usual are eight times as much.
  static let leastStack = 1 << 20

  /// Checks that the stack may grow as far as it must.
  /// - Throws: `PreflightError.notEnoughStack`.
  static func checkStack() throws(PreflightError) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit) == 0,
      limit.rlim_cur < rlim_t(leastStack)
    else { return }
    throw .notEnoughStack(limit: Int(clamping: limit.rlim_cur), needed: leastStack)
  }

  /// CPU time in which the smallest verb ends, with what is left for stopping.
  static let leastSeconds = 5

  /// Checks that the CPU time that is allowed is worth beginning.
  /// - Throws: `PreflightError.notEnoughTime`.
  static func checkTime() throws(PreflightError) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit) == 0,
      limit.rlim_max < rlim_t(leastSeconds)
    else { return }
    throw .notEnoughTime(limit: Int(clamping: limit.rlim_max), needed: leastSeconds)
  }

  /// Checks that the tensors of each group fit into the free memory.
  ///
  /// Counted per entry: input, filter and output, the filter twice as it is packed, and scratch of
  /// the size of the input; per case the plain tensors and the reference in Double.
  /// - Throws: `PreflightError.notEnoughMemory`.
  static func checkMemory(_ plan: Plan) throws(PreflightError) {
    for group in plan.groups { try checkMemory(group.entries, copies: 1) }
  }

  /// The same for what is prepared at once, in each of so many processes.
  /// - Throws: `PreflightError.notEnoughMemory`.
  static func checkMemory(_ entries: [PlanEntry], copies: Int) throws(PreflightError) {
    guard let free = FreeMemory.now() else { return }
    let needed = (0..<copies).reduce(0) { sum, _ in
      entries.reduce(sum) { saturating($0, bytes($1)) }
    }
    guard needed > free.bytes else { return }
    let largest = entries.max { bytes($0) < bytes($1) }
    throw .notEnoughMemory(caseName: largest?.suiteCase.name ?? "", needed: needed, free: free)
  }

  /// Checks that each case that `only` wants fits alone into the free memory, before anything is
  /// planned.
  /// - Throws: `PreflightError.notEnoughMemory`.
  static func checkMemory(
    _ suites: [Suite], only: ((String) -> Bool)? = nil
  ) throws(PreflightError) {
    try checkMemory(suites.flatMap(\.cases).filter { only?($0.name) ?? true })
  }

  /// The same of cases.
  /// - Throws: `PreflightError.notEnoughMemory`.
  static func checkMemory(_ cases: [SuiteCase]) throws(PreflightError) {
    guard let free = FreeMemory.now() else { return }
    for suiteCase in cases {
      let needed = bytes(suiteCase)
      guard needed <= free.bytes else {
        throw .notEnoughMemory(caseName: suiteCase.name, needed: needed, free: free)
      }
    }
  }

  private static func bytes(_ entry: PlanEntry) -> Int { bytes(entry.suiteCase) }

  private static func bytes(_ suiteCase: SuiteCase) -> Int {
    suiteCase.steps.reduce(0) { total, step in saturating(total, bytes(step.problem)) }
  }

  private static func bytes(_ problem: ConvolutionProblem) -> Int {
    let filters = 2 * problem.filterCount
    return 4 * saturating(2 * problem.inputShape.count, filters + 5 * problem.outputShape.count)
  }

  private static func saturating(_ left: Int, _ right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation
internal import Machine
internal import Planning
internal import Suites

/// What can be checked before anything is measured.
enum Preflight {
  /// Checks that the tensors of each group fit into the free memory.
  ///
  /// Counted per entry: input, filter and output, the filter twice as it is packed, and scratch of
  /// the size of the input; per case the plain tensors and the reference in Double.
  /// - Throws: `PreflightError.notEnoughMemory`.
  static func checkMemory(_ plan: Plan) throws(PreflightError) {
    let limits = [freeMemory(), ControlGroup.current.memoryLimit].compactMap { $0 }
    guard let free = limits.min() else { return }
    for group in plan.groups {
      let needed = group.entries.reduce(0) { saturating($0, bytes($1)) }
      guard needed <= free else {
        let largest = group.entries.max { bytes($0) < bytes($1) }
        throw .notEnoughMemory(
          caseName: largest?.suiteCase.name ?? "", needed: needed, free: free)
      }
    }
  }

  /// Checks that each case that `only` wants fits alone into the free memory, before anything is
  /// planned.
  /// - Throws: `PreflightError.notEnoughMemory`.
  static func checkMemory(
    _ suites: [Suite], only: ((String) -> Bool)? = nil
  ) throws(PreflightError) {
    guard let free = freeMemory() else { return }
    for suiteCase in suites.flatMap(\.cases) where only?(suiteCase.name) ?? true {
      let needed = bytes(suiteCase)
      guard needed <= free else {
        throw .notEnoughMemory(caseName: suiteCase.name, needed: needed, free: free)
      }
    }
  }

  private static func bytes(_ entry: PlanEntry) -> Int { bytes(entry.suiteCase) }

  private static func bytes(_ suiteCase: SuiteCase) -> Int {
    suiteCase.steps.reduce(0) { total, step in
      let problem = step.problem
      let floats = saturating(
        2 * problem.inputShape.count, 2 * problem.filterCount + 5 * problem.outputShape.count)
      return saturating(total, 4 * floats)
    }
  }

  private static func saturating(_ left: Int, _ right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }

  /// `MemAvailable`, in bytes.
  private static func freeMemory() -> Int? {
    guard let data = FileManager.default.contents(atPath: "/proc/meminfo") else { return nil }
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("MemAvailable:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }
    return nil
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import ExternalPeers
public import Measuring
public import Planning

/// A build that answers the contender protocol: `convscope serve`.
public final class ServedBuild: BuildProcess {
  private let contender: ExternalContender
  private let seed: UInt64

  /// Starts `command` on `cpus`.
  /// - Throws: `SubjectFailure`.
  public init(
    _ side: GateSide, command: [String], cpus: [Int], seed: UInt64
  ) throws(SubjectFailure) {
    self.seed = seed
    contender = try SubjectFailure.naming {
      try ExternalContender(name: side.rawValue, command: command, cpus: cpus)
    }
  }

  /// Whether it reads the entries that this build writes.
  public var takesEntries: Bool { contender.hello.plans == ServedEntry.version }

  /// Has the build choose a kernel, make its tensors, and pack the weights.
  public func prepare(
    _ entry: PlanEntry, asData: Bool, checks: Bool
  ) throws(SubjectFailure) -> (subject: any Visited, implementation: String?) {
    let subject = try ServedSubject(
      entry, seed: seed, by: contender, asData: asData, checks: checks)
    return (subject, subject.implementation)
  }

  /// Says goodbye.
  public func close() { contender.close() }
}

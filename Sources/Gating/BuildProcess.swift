// SPDX-License-Identifier: Apache-2.0

public import Measuring
public import Planning

/// One process of one build, for one session of a gate.
public protocol BuildProcess: AnyObject {
  /// Whether it takes entries of a plan; a build of before takes convolutions only.
  var takesEntries: Bool { get }

  /// Makes an entry ready.
  /// - Parameters:
  ///   - entry: What it computes.
  ///   - asData: Whether it is given the entry; else the tensors of a single convolution.
  ///   - checks: Whether the output is compared with the reference.
  /// - Returns: what is timed, and what the build computes it with, where it says so.
  /// - Throws: `SubjectFailure`.
  func prepare(
    _ entry: PlanEntry, asData: Bool, checks: Bool
  ) throws(SubjectFailure) -> (subject: any Visited, implementation: String?)

  /// Ends the process.
  func close()
}

/// A process of each build, side by side.
struct ProcessPair {
  let base: any BuildProcess
  let new: any BuildProcess

  /// Both are asked in the same way.
  var takesEntries: Bool { base.takesEntries && new.takesEntries }

  subscript(side: GateSide) -> any BuildProcess { side == .base ? base : new }
}

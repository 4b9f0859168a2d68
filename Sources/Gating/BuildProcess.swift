// SPDX-License-Identifier: Apache-2.0

public import ExternalPeers

/// One process of one build, for one session of a gate.
public protocol BuildProcess: AnyObject {
  /// Makes a case ready.
  /// - Returns: what the build computes it with, where it says so.
  /// - Throws: `BuildFailure`.
  func prepare(_ problem: GateProblem) throws(BuildFailure) -> String?

  /// Compares the output of a prepared case with the reference.
  /// - Returns: what is wrong; nil where nothing is.
  /// - Throws: `BuildFailure`.
  func fault(_ problem: GateProblem) throws(BuildFailure) -> String?

  /// Whether it computes the warm-up in one go with what it times; nil before it was asked.
  var warmsUp: Bool? { get }

  /// Computes a prepared case as often as `visit` says.
  /// - Throws: `BuildFailure`.
  func time(_ problem: GateProblem, _ visit: GateVisit) throws(BuildFailure) -> ServedRun

  /// Ends the process.
  func close()
}

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

  /// Computes a prepared case `iterations` times.
  /// - Throws: `BuildFailure`.
  func time(_ problem: GateProblem, iterations: Int) throws(BuildFailure) -> ServedRun

  /// Ends the process.
  func close()
}

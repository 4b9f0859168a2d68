// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// What computes behind a `ContenderServer`.
///
/// All calls come from the thread that serves, one after the other. Handles are the engine's own
/// numbers; those that the harness sends were given out by `prepare`, or the engine throws.
public protocol ServedEngine: AnyObject {
  /// What the engine says about itself.
  var hello: Hello { get }

  /// Makes `operation` ready to run; everything that can be done outside the clock is done here.
  /// - Parameters:
  ///   - operation: the problem and its epilogue.
  ///   - input: plain `[N][Ci][H][W]`.
  ///   - weights: the plain filter and bias.
  ///   - workers: how many workers may compute.
  ///   - cpus: the CPUs to compute on; empty where the harness leaves them open.
  /// - Returns: a handle, or why the problem cannot be computed.
  /// - Throws: whatever goes wrong; its description is the answer.
  func prepare(
    _ operation: ConvolutionOperation, input: TensorValues, weights: Weights, workers: Int,
    cpus: [Int]
  ) throws -> ServedPreparation

  /// Makes an entry of a plan ready to run.
  /// - Parameters:
  ///   - entry: what it is, as JSON of the form that `hello` names in `plans`.
  ///   - verifies: whether its output is compared with the reference first.
  ///   - cpus: the CPUs to compute on; empty where the harness leaves them open.
  /// - Returns: a handle, why it cannot be computed, or what is wrong with its output.
  /// - Throws: whatever goes wrong; its description is the answer.
  func prepare(entry: String, verifies: Bool, cpus: [Int]) throws -> ServedPreparation

  /// Computes once and gives the output as plain `[N][Co][Ho][Wo]`.
  func output(_ handle: Int) throws -> TensorValues

  /// Computes `warmUp` times without a clock, and then at once `iterations` times with one.
  ///
  /// `warmUp` is nil where the harness does not know of it; what goes before is then the engine's.
  /// - Returns: the time of all of the latter.
  func run(_ handle: Int, iterations: Int, warmUp: Int?) throws -> ServedRun

  /// Forgets a problem.
  /// - Throws: where there is none under `handle`.
  func release(_ handle: Int) throws
}

/// What became of a request to prepare.
public enum ServedPreparation: Hashable, Sendable {
  /// The problem is ready under `handle`; the rest is said where the engine knows it.
  case ready(
    handle: Int, layout: String? = nil, implementation: String? = nil,
    accuracy: ContenderAccuracy? = nil)
  /// The problem cannot be computed.
  case unsupported(reason: String)
  /// The output was checked and is wrong.
  case wrong(String)
}

// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Counters

/// An entry made ready: it can be run, checked and released.
protocol Subject: AnyObject {
  /// What the contender chose by itself: an implementation name; or nil.
  var implementation: String? { get }
  /// Memory beyond tensors and packed weights, in bytes; nil where it is not known.
  var scratchBytes: Int? { get }

  /// How closely the result follows the textbook sum.
  var accuracy: AccuracyClass { get }

  /// Runs once on fresh outputs and compares every step with the reference.
  func verify(_ cache: ReferenceCache) throws -> [Verification]
  /// Runs `warmUp` times without a clock, and then at once `iterations` times with one.
  func sample(iterations: Int, warmUp: Int) throws -> Sample
  /// Runs with a clock around each worker's tasks; empty where that cannot be seen.
  func shares(iterations: Int) throws -> [WorkerShare]
  /// Counter readings per worker since the last call, per iteration; empty where not counted.
  func takeCounters() -> [[CounterReading]]
  /// Gives back what lies outside this process.
  func release()
}

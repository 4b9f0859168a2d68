// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Counters

/// What the rounds visit, wherever it runs: on this process's pool, or in a process of its own.
public protocol Visited: AnyObject {
  /// Runs `warmUp` times without a clock, and then at once `iterations` times with one.
  /// - Throws: `SubjectFailure`.
  func sample(iterations: Int, warmUp: Int) throws -> Sample
}

/// An entry made ready: it can be run, checked and released.
protocol Subject: Visited {
  /// What the contender chose by itself: an implementation name; or nil.
  var implementation: String? { get }
  /// Memory beyond tensors and packed weights, in bytes; nil where it is not known.
  var scratchBytes: Int? { get }

  /// How closely the result follows the textbook sum.
  var accuracy: AccuracyClass { get }

  /// Runs once on fresh outputs and compares every step with the reference.
  func verify(_ cache: ReferenceCache) throws -> [Verification]
  /// Runs with a clock around each worker's tasks; empty where that cannot be seen.
  func shares(iterations: Int) throws -> [WorkerShare]
  /// Counter readings per worker since the last call, per iteration; empty where not counted.
  func takeCounters() -> [[CounterReading]]
  /// Gives back what lies outside this process.
  func release()
}

extension [Verification] {
  /// The first that fails, with its step where there are several; nil where all are right.
  var fault: (status: RowStatus, reason: String)? {
    for (step, check) in enumerated() {
      let place = count > 1 ? "step \(step + 1): " : ""
      switch check.outcome {
      case .correct: continue
      case .wrong(let text): return (.wrong, place + text)
      case .mistrusted(let text): return (.mistrusted, place + text)
      }
    }
    return nil
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Counters
internal import Planning
internal import Statistics
internal import Suites

/// What one process found of an entry, as it is handed to the process that merges.
public struct CasePart: Codable, Hashable, Sendable {
  var status: RowStatus
  var reason: String
  var samples: [Double]
  var rounds: [Disturbance]
  var counted: [Bool]
  var iterations: Int
  var warmUp: Int
  var stoppedBy: String
  var implementation: String?
  var scratchBytes: Int?
  /// The word of the accuracy class.
  var accuracy: String?
  var relativeRMSError: Double?
  var shares: [WorkerShare]
  var counters: [[CounterReading]]

  /// The part of a process that ended without an answer, and why.
  init(_ status: RowStatus, _ entry: PlanEntry, reason: String) {
    self.init(CaseResult(entry: entry, status: status, reason: reason))
  }

  /// What this process found.
  public init(_ result: CaseResult) {
    status = result.status
    reason = result.reason
    samples = result.samples
    rounds = result.rounds
    counted = result.counted
    iterations = result.iterations
    warmUp = result.warmUp
    stoppedBy = result.stoppedBy
    implementation = result.implementation
    scratchBytes = result.scratchBytes
    accuracy = result.accuracy?.rawValue
    relativeRMSError = result.relativeRMSError
    shares = result.shares
    counters = result.counters
  }

  /// The result of this process alone, without estimates.
  func result(of entry: PlanEntry) -> CaseResult {
    var result = CaseResult(entry: entry, status: status, reason: reason)
    result.samples = samples
    result.rounds = rounds
    result.counted = counted
    result.iterations = iterations
    result.warmUp = warmUp
    result.stoppedBy = stoppedBy
    result.implementation = implementation
    result.scratchBytes = scratchBytes
    result.accuracy = accuracy.flatMap { AccuracyClass(rawValue: $0) }
    result.relativeRMSError = relativeRMSError
    result.shares = shares
    result.counters = counters
    return result
  }
}

// SPDX-License-Identifier: Apache-2.0

/// What a worker knows inside a job: who it is, and how to meet the others.
public struct Team {
  /// The worker's number, from 0.
  public let worker: Int
  /// How many workers run the job.
  public let count: Int
  let barrier: Barrier

  /// Waits for every worker of the job.
  @inline(__always)
  public func meet() { barrier.wait() }
}

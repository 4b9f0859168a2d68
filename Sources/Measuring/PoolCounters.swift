// SPDX-License-Identifier: Apache-2.0

internal import Counters
internal import Workers

/// The counters of a pool's workers: made, started and read on each worker's own thread.
final class PoolCounters {
  private let pool: WorkerPool
  private let workers: [WorkerCounters]

  /// Makes the counters of every worker; without a session nothing is counted.
  init(_ session: CounterSession?, pool: WorkerPool) {
    self.pool = pool
    guard let session else {
      workers = []
      return
    }
    var made = [WorkerCounters?](repeating: nil, count: pool.cpus.count)
    made.withUnsafeMutableBufferPointer { made in
      pool.run(on: pool.cpus.count) { made[$0.worker] = session.makeWorkerCounters() }
    }
    workers = made.compactMap { $0 }
  }

  deinit {
    guard !workers.isEmpty else { return }
    pool.run(on: workers.count) { workers[$0.worker].close() }
  }

  /// Begins an interval; called by the worker itself.
  @inline(__always)
  func start(_ worker: Int) {
    if !workers.isEmpty { workers[worker].start() }
  }

  /// Ends an interval; called by the worker itself.
  @inline(__always)
  func stop(_ worker: Int) {
    if !workers.isEmpty { workers[worker].stop() }
  }

  /// Adds what was counted since the last call to `counts`; called by the worker itself, outside the
  /// clock.
  @inline(__always)
  func take(_ worker: Int, into counts: inout CounterCounts) {
    if !workers.isEmpty { workers[worker].take(into: &counts) }
  }
}

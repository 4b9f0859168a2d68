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

/// A meeting point for a fixed number of workers, usable any number of times.
///
/// The last to arrive opens the next generation; the others spin on it, then sleep. One barrier
/// costs two cache-line transfers per worker.
final class Barrier {
  private let arrivals = SharedWord()
  private let generation = SharedWord()
  private let parties: UInt32
  private let spins: Int

  init(parties: Int, spins: Int) {
    self.parties = UInt32(clamping: parties)
    self.spins = spins
  }

  /// Waits until every party has called it; what each wrote before is then visible to all.
  func wait() {
    guard parties > 1 else { return }
    let current = generation.load()
    if arrivals.increment() == parties {
      arrivals.reset(0)
      generation.publish(current &+ 1)
    } else {
      _ = generation.wait(whileEqualTo: current, spins: spins)
    }
  }
}

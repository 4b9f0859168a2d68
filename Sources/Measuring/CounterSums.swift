// SPDX-License-Identifier: Apache-2.0

internal import Counters

/// What was counted of one entry, added up over its visits, per worker.
///
/// The workers' counters are shared by all entries of a group, so each visit's counts are taken
/// right after it. Counts add up and become readings at the end: where sets of events take turns,
/// an event may have had no turn in one visit and be counted in the next.
struct CounterSums {
  private var workers: [CounterCounts]
  private var iterations = 0

  /// Nothing counted yet by a team of `team` workers.
  init(team: Int) { workers = Array(repeating: CounterCounts(), count: team) }

  /// Adds a visit of `count` iterations, whose workers add their own counts in `body`.
  mutating func add(
    iterations count: Int, _ body: (UnsafeMutableBufferPointer<CounterCounts>) -> Void
  ) {
    workers.withUnsafeMutableBufferPointer { body($0) }
    iterations += count
  }

  /// The counts per iteration; starts over.
  mutating func take() -> [[CounterReading]] {
    defer { self = CounterSums(team: workers.count) }
    guard iterations > 0 else { return [] }
    return workers.map { $0.readings(per: Double(iterations)) }
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Counters

/// Counter readings of one entry, added up over its visits, per worker.
///
/// The workers' counters are shared by all entries of a group, so each visit's readings are taken
/// right after it.
struct CounterSums {
  private var sums: [[CounterReading]] = []
  private var iterations = 0

  /// Adds the readings of a visit of `count` iterations.
  mutating func add(_ readings: [[CounterReading]], iterations count: Int) {
    iterations += count
    guard !sums.isEmpty else {
      sums = readings
      return
    }
    for worker in sums.indices where readings.indices.contains(worker) {
      for place in sums[worker].indices {
        sums[worker][place] = Self.sum(sums[worker][place], readings[worker][place])
      }
    }
  }

  /// The sums per iteration; starts over.
  mutating func take() -> [[CounterReading]] {
    defer { self = CounterSums() }
    guard iterations > 0 else { return [] }
    return sums.map { worker in
      worker.map { reading in
        CounterReading(
          name: reading.name, alias: reading.alias,
          value: reading.value.map { $0 / Double(iterations) }, source: reading.source)
      }
    }
  }

  /// A sum over visits exists only where every visit has a value; otherwise the reason stays.
  private static func sum(_ left: CounterReading, _ right: CounterReading) -> CounterReading {
    guard let first = left.value else { return left }
    guard let second = right.value else { return right }
    return CounterReading(
      name: left.name, alias: left.alias, value: first + second, source: right.source)
  }
}

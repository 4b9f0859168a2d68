// SPDX-License-Identifier: Apache-2.0

import Convolution
import Counters

@testable import Measuring

/// A subject without work: it says what its visits were, and how long they would have taken.
final class FakeSubject: Subject {
  struct Visit: Equatable {
    var iterations: Int
    var warmUp: Int
  }

  /// Time of an iteration in the steady state, in nanoseconds.
  let steady: Double
  /// Factor on the times of the first iterations after another subject ran.
  let first: [Double]
  /// What it loses of a visit, by the visit's number.
  let lost: (Int) -> LostTime
  private(set) var visits: [Visit] = []
  private var run = 0

  init(
    steady: Double, first: [Double] = [], lost: @escaping (Int) -> LostTime = { _ in LostTime() }
  ) {
    self.steady = steady
    self.first = first
    self.lost = lost
  }

  func sample(iterations: Int, warmUp: Int) throws -> Sample {
    defer { visits.append(Visit(iterations: iterations, warmUp: warmUp)) }
    // Single iterations without a warm-up follow each other while the way there is looked at.
    let isProbe = iterations == 1 && warmUp == 0
    let before = isProbe ? run : warmUp
    run = isProbe ? (run + 1) % 16 : 0
    let time = (before..<before + iterations).reduce(0.0) { sum, number in
      sum + steady * (number < first.count ? first[number] : 1)
    }
    let lost = lost(visits.count)
    return Sample(
      nanoseconds: time + lost.nanoseconds, iterations: iterations, lost: [lost])
  }

  var implementation: String? { nil }
  var scratchBytes: Int? { nil }
  var accuracy: AccuracyClass { .exact }
  func verify(_ cache: ReferenceCache) throws -> [Verification] { [] }
  func shares(iterations: Int) throws -> [WorkerShare] { [] }
  func takeCounters() -> [[CounterReading]] { [] }
  func release() {}
}

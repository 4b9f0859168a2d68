// SPDX-License-Identifier: Apache-2.0

/// What a worker's event sets have counted, in memory that is allocated once.
final class CounterTally {
  /// The event sets: hardware passes first, then the software events alone.
  let passes: UnsafeMutableBufferPointer<CounterPass>
  /// Values of the current pass at the beginning of the interval.
  let before: UnsafeMutableBufferPointer<Int64>
  /// Values of the current pass at its end.
  let after: UnsafeMutableBufferPointer<Int64>
  /// How many of the sets are passes with hardware events.
  let hardwarePasses: Int
  /// Length of all intervals.
  private(set) var totalTime: Int64 = 0
  /// Number of intervals since the last reset.
  private(set) var intervals = 0

  /// Per event: what was counted, and for how long it was.
  private let sums: UnsafeMutableBufferPointer<Int64>
  private let countedTimes: UnsafeMutableBufferPointer<Int64>
  /// Per pass, in a row: which event each value of its set belongs to.
  private let slots: UnsafeMutableBufferPointer<Int>
  /// Number of intervals since the counters were made.
  private var intervalsEver = 0
  private var random = XorShift(seed: 1)

  /// Room for `sets`, each the indices of its events, the first `hardwarePasses` of them with
  /// hardware events.
  init(sets: [[Int]], hardwarePasses: Int, eventCount: Int) {
    let widest = sets.map(\.count).max() ?? 0
    self.hardwarePasses = hardwarePasses
    before = .allocate(capacity: widest)
    after = .allocate(capacity: widest)
    sums = .allocate(capacity: eventCount)
    countedTimes = .allocate(capacity: eventCount)
    for zeroed in [before, after, sums, countedTimes] { zeroed.initialize(repeating: 0) }
    let joined = sets.flatMap { $0 }
    slots = .allocate(capacity: joined.count)
    _ = slots.initialize(from: joined)
    passes = .allocate(capacity: sets.count)
    var firstSlot = 0
    for (pass, events) in sets.enumerated() {
      passes.initializeElement(
        at: pass, to: CounterPass(firstSlot: firstSlot, slotCount: events.count))
      firstSlot += events.count
    }
  }

  deinit {
    passes.deallocate()
    slots.deallocate()
    for buffer in [before, after, sums, countedTimes] { buffer.deallocate() }
  }

  /// The pass whose turn it is; nil where none works any more.
  ///
  /// Hardware passes take turns in random order: where variants are measured alternately, a fixed
  /// order would give each variant the same pass every time. Every worker draws the same order, so
  /// their shares agree. The software events alone come last, when no other pass is left.
  func drawPass() -> Int? {
    var working = 0
    for pass in 0..<hardwarePasses where passes[pass].failure == nil { working += 1 }
    guard working > 0 else {
      let last = passes.count - 1
      return last >= hardwarePasses && passes[last].failure == nil ? last : nil
    }
    var remaining = working == 1 ? 0 : Int(truncatingIfNeeded: random.next() >> 33) % working
    for pass in 0..<hardwarePasses where passes[pass].failure == nil {
      if remaining == 0 { return pass }
      remaining -= 1
    }
    return nil
  }

  /// Begins an interval.
  func begin() {
    intervals += 1
    intervalsEver += 1
  }

  /// Ends an interval of `nanoseconds`, adding what `pass` counted; nil where nothing was.
  func end(pass: Int?, nanoseconds: Int64) {
    totalTime += nanoseconds
    guard let pass else { return }
    let first = passes[pass].firstSlot
    for slot in 0..<passes[pass].slotCount {
      let event = slots[first + slot]
      sums[event] &+= after[slot] &- before[slot]
      countedTimes[event] += nanoseconds
    }
  }

  /// Adds what something else than a pass counted of `event` in the interval.
  func add(_ count: Int64, to event: Int, nanoseconds: Int64) {
    sums[event] &+= count
    countedTimes[event] += nanoseconds
  }

  /// Takes `pass` out for good.
  func lose(pass: Int, _ failure: PAPIFailure) {
    passes[pass].failure = failure
    passes[pass].failedInterval = intervalsEver
  }

  /// Forgets the intervals; what failed stays failed.
  func reset() {
    totalTime = 0
    intervals = 0
    sums.update(repeating: 0)
    countedTimes.update(repeating: 0)
  }

  /// What was counted of `event`.
  func sum(of event: Int) -> Int64 { sums[event] }

  /// For how long it was counted, in nanoseconds.
  func countedTime(of event: Int) -> Int64 { countedTimes[event] }

  /// The failed pass that keeps `event` from being counted; nil where a pass with it still works.
  func failedPass(of event: Int) -> CounterPass? {
    var failed: CounterPass?
    for pass in passes {
      guard slots[pass.firstSlot..<pass.firstSlot + pass.slotCount].contains(event) else {
        continue
      }
      if pass.failure == nil { return nil }
      failed = pass
    }
    return failed
  }
}

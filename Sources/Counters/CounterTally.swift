// SPDX-License-Identifier: Apache-2.0

/// What a worker's event sets have counted, in memory that is allocated once.
final class CounterTally {
  /// The event sets: hardware passes first, then the software events alone.
  let passes: UnsafeMutableBufferPointer<CounterPass>
  /// Values of the current pass at the beginning of the interval.
  let before: UnsafeMutableBufferPointer<Int64>
  /// Values of the current pass at its end.
  let after: UnsafeMutableBufferPointer<Int64>
  /// Length of all intervals.
  private(set) var totalTime: Int64 = 0
  /// Number of intervals.
  private(set) var intervals = 0

  /// Per event: what was counted, and for how long it was.
  private let sums: UnsafeMutableBufferPointer<Int64>
  private let countedTimes: UnsafeMutableBufferPointer<Int64>
  /// Per pass, in a row: which event each value of its set belongs to.
  private let slots: UnsafeMutableBufferPointer<Int>
  private let hardwarePasses: Int

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

  /// The pass whose turn comes after `pass`; nil where none works any more.
  ///
  /// Hardware passes take turns; the software events alone come last, when no other is left.
  func pass(after pass: Int) -> Int? {
    for step in 1..<(hardwarePasses + 1) {
      let next = (pass + step) % hardwarePasses
      if passes[next].failure == nil { return next }
    }
    let last = passes.count - 1
    return last >= hardwarePasses && passes[last].failure == nil ? last : nil
  }

  /// Begins an interval.
  func begin() { intervals += 1 }

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

  /// Takes `pass` out for good.
  func lose(pass: Int, _ failure: PAPIFailure) {
    passes[pass].failure = failure
    passes[pass].failedInterval = intervals
  }

  /// Forgets the intervals; what failed stays failed.
  func reset() {
    totalTime = 0
    intervals = 0
    sums.update(repeating: 0)
    countedTimes.update(repeating: 0)
  }

  /// The count of `event` scaled up to all intervals, and the share of their time it was counted
  /// for; nil where that is none.
  func count(of event: Int) -> (value: Double, share: Double)? {
    let counted = countedTimes[event]
    guard counted > 0 else { return nil }
    if counted == totalTime { return (Double(sums[event]), 1) }
    let share = Double(counted) / Double(totalTime)
    return (Double(sums[event]) / share, share)
  }

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

// SPDX-License-Identifier: Apache-2.0

/// Where one worker writes down when it ended what.
///
/// A mark ends a span and begins the next one, so that a span costs one look at the clock.
struct SpanMarks {
  /// The end of a span.
  struct Mark {
    var time: UInt64
    /// Index of the phase; `boundary` where an iteration begins.
    var phase: Int32
    var iteration: Int32
    var first: Int32
    /// Tasks executed; 0 is waiting.
    var count: Int32
  }

  static let boundary: Int32 = -1

  private let marks: UnsafeMutableBufferPointer<Mark>
  private(set) var count = 0

  init(capacity: Int) {
    marks = .allocate(capacity: capacity)
    // Touched once, so that no page is fetched while time is taken.
    marks.initialize(repeating: Mark(time: 0, phase: 0, iteration: 0, first: 0, count: 0))
  }

  func deallocate() { marks.deallocate() }

  mutating func removeAll() { count = 0 }

  @inline(__always)
  mutating func append(phase: Int32, iteration: Int, first: Int, count tasks: Int) {
    // Never true, for the loop sizes its visits; a lost mark is better than memory that is not ours.
    guard count < marks.count else { return }
    marks[count] = Mark(
      time: Clock.now(), phase: phase, iteration: Int32(truncatingIfNeeded: iteration),
      first: Int32(truncatingIfNeeded: first), count: Int32(truncatingIfNeeded: tasks))
    count += 1
  }

  /// The spans between the marks, in order.
  func spans(of worker: Int) -> [ProfileSpan] {
    guard count > 1 else { return [] }
    return (1..<count).compactMap { index in
      let mark = marks[index]
      guard mark.phase != Self.boundary else { return nil }
      return ProfileSpan(
        worker: worker, phase: Int(clamping: mark.phase), iteration: Int(clamping: mark.iteration),
        work: mark.count == 0
          ? .wait : .tasks(first: Int(clamping: mark.first), count: Int(clamping: mark.count)),
        start: marks[index - 1].time, end: mark.time)
    }
  }
}

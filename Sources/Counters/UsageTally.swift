// SPDX-License-Identifier: Apache-2.0

/// What `getrusage` counted of one event.
struct UsageTally {
  /// The event's place in its group.
  let event: Int
  let field: ThreadUsage
  /// The count since the last reset; nil after the system refused.
  private(set) var sum: Int64? = 0
  private var before: Int64?

  init(event: Int, field: ThreadUsage) {
    self.event = event
    self.field = field
  }

  /// Begins an interval.
  mutating func begin() { before = field.current }

  /// Ends it.
  mutating func end() {
    guard let now = field.current, let before, let sum else { return sum = nil }
    self.sum = sum + now - before
  }

  /// Forgets the intervals so far; a refusal stays.
  mutating func reset() { if sum != nil { sum = 0 } }
}

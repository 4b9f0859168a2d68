// SPDX-License-Identifier: Apache-2.0

/// What `getrusage` counts of one event in an interval.
struct UsageTally {
  /// The event's place in its group.
  let event: Int
  let field: ThreadUsage
  /// Whether the system refused to tell.
  private(set) var hasFailed = false
  private var before: Int64?

  init(event: Int, field: ThreadUsage) {
    self.event = event
    self.field = field
  }

  /// Begins an interval.
  mutating func begin() { before = field.current }

  /// Ends it; the count since it began, or nil where the system refuses.
  mutating func end() -> Int64? {
    guard let now = field.current, let before else {
      hasFailed = true
      return nil
    }
    return now - before
  }
}

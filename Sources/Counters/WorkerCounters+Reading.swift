// SPDX-License-Identifier: Apache-2.0

extension WorkerCounters {
  /// Adds the counts of all intervals since the last `take` or `reset()` to `counts`, and forgets
  /// them here.
  public func take(into counts: inout CounterCounts) {
    add(to: &counts)
    reset()
  }

  /// Replaces `readings` by one reading per event of the group, in its order, for all intervals
  /// since the last `take` or `reset()`.
  public func read(into readings: inout [CounterReading]) {
    var counts = CounterCounts()
    add(to: &counts)
    readings.removeAll(keepingCapacity: true)
    readings += counts.readings()
  }

  private func add(to counts: inout CounterCounts) {
    let events = session.group.events
    counts.add(
      tally, of: events, planned: plan.availability(of: events).map(\.provenance),
      lost: events.indices.map { lossReason(of: $0) })
  }

  /// Why an event that counted at first does not any more; nil where it still does.
  private func lossReason(of event: Int) -> String? {
    if usage?.event == event, usage?.hasFailed == true { return "getrusage failed while measuring" }
    guard let failed = tally.failedPass(of: event), let failure = failed.failure else { return nil }
    let text = session.library?.text(of: failure.status) ?? "status \(failure.status)"
    return failed.failedInterval == 0
      ? "\(failure.stage.rawValue) on this worker (\(text))"
      : "lost in interval \(failed.failedInterval): \(failure.stage.rawValue) (\(text)); another "
        + "profiler may have taken the counter"
  }
}

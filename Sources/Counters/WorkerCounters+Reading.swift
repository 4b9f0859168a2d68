// SPDX-License-Identifier: Apache-2.0

extension WorkerCounters {
  /// The reading of one event over all intervals.
  func reading(of index: Int) -> CounterReading {
    let event = session.group.events[index]
    let (value, source) = value(of: event, at: index)
    return CounterReading(name: event.name, alias: event.alias, value: value, source: source)
  }

  private func value(of event: CounterEvent, at index: Int) -> (Double?, Provenance) {
    if case .none(let reason) = plan.sources[index] { return (nil, .unavailable(reason)) }
    guard tally.intervals > 0 else { return (nil, .unavailable("nothing was measured yet")) }
    let source = plan.provenance(of: event, at: index)
    if case .usage = plan.sources[index] {
      return usage?.sum.map { (Double($0), source) }
        ?? (nil, .unavailable("getrusage failed while measuring"))
    }
    if let failed = tally.failedPass(of: index), let failure = failed.failure {
      return (nil, .unavailable(reason(failure, in: failed.failedInterval, of: event)))
    }
    guard let count = tally.count(of: index) else {
      return (
        nil,
        .unavailable(
          "its turn never came: \(tally.intervals) intervals for \(plan.passes.count) sets of "
            + "events; measure longer or choose fewer events")
      )
    }
    let isWhole = count.share == 1
    let kind: Provenance.Kind =
      isWhole ? (event.isSoftware ? .software : .hardware) : .scaled(count.share)
    return (count.value, Provenance(kind, countedAs: source.countedAs))
  }

  private func reason(
    _ failure: PAPIFailure, in interval: Int, of event: CounterEvent
  ) -> String {
    let text = session.library?.text(of: failure.status) ?? "status \(failure.status)"
    return interval == 0
      ? "\(failure.stage.rawValue) on this worker (\(text))"
      : "lost in interval \(interval): \(failure.stage.rawValue) (\(text)); another profiler may "
        + "have taken the counter"
  }
}

// SPDX-License-Identifier: Apache-2.0

/// Work of which it is known how often it causes an event.
public struct CounterExperiment: Sendable {
  /// The event it checks.
  public let event: CounterEvent
  /// What is done, in words.
  public let work: String

  /// How far a true counter may stray: interrupts and the code around add a little, and for some
  /// events the hardware itself is free to count more or less.
  struct Tolerance: Sendable {
    /// Shares of the expected count.
    var below = 0.0
    var above = 0.0
    /// What may come on top, whatever the expected count.
    var extra = 0.0

    func range(around expected: Double) -> ClosedRange<Double> {
      expected * (1 - below)...expected * (1 + above) + extra
    }
  }

  /// What is set up before counting: the work, which returns the count it causes, or why it cannot
  /// be done.
  enum Preparation {
    case work(() -> Double)
    case impossible(String)
  }

  let tolerance: Tolerance
  let prepare: @Sendable () -> Preparation

  /// Every experiment: first the software events, then the hardware events.
  public static var all: [CounterExperiment] { software + hardware }

  /// Does the work once unmeasured and once measured, on the calling thread.
  public func run() -> CounterCheck {
    run(in: CounterSession(group: CounterGroup(name: event.name, events: [event])))
  }

  /// The same in a given session, for tests.
  func run(in session: CounterSession) -> CounterCheck {
    if let reason = session.events[0].provenance.reason {
      let reading = CounterReading(
        name: event.name, value: nil, source: session.events[0].provenance)
      return CounterCheck(event: event, work: work, reading: reading, outcome: .skipped(reason))
    }
    switch prepare() {
    case .impossible(let reason):
      let reading = CounterReading(name: event.name, value: nil, source: .unavailable(reason))
      return CounterCheck(event: event, work: work, reading: reading, outcome: .skipped(reason))
    case .work(let body):
      return measure(body, with: session.makeWorkerCounters())
    }
  }

  private func measure(_ body: () -> Double, with counters: WorkerCounters) -> CounterCheck {
    _ = body()
    counters.start()
    let expected = body()
    counters.stop()
    var readings: [CounterReading] = []
    counters.read(into: &readings)
    counters.close()
    let accepted = tolerance.range(around: expected)
    let outcome: CounterCheck.Outcome =
      if let value = readings[0].value {
        accepted.contains(value) ? .agrees : .disagrees
      } else {
        .skipped(readings[0].source.reason ?? "not read")
      }
    return CounterCheck(
      event: event, work: work, expected: expected, accepted: accepted, reading: readings[0],
      outcome: outcome)
  }
}

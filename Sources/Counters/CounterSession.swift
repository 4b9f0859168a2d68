// SPDX-License-Identifier: Apache-2.0

/// A group's events, resolved once, from which each worker makes counters of its own.
///
/// Making one never fails: where nothing can be counted, every event says why. Make it on one
/// thread (PAPI cannot resolve names on several), then hand it to the workers.
public struct CounterSession: Sendable {
  /// What is counted.
  public let group: CounterGroup
  /// For each event of the group whether it counts here, as found on the thread that made this.
  public let events: [CounterAvailability]
  /// What decides on this machine.
  public let environment: CounterEnvironment

  let library: PAPILibrary?
  let resolved: [ResolvedEvent]
  /// Why nothing is counted; nil where PAPI runs.
  let absence: String?

  /// A session with the PAPI of this process.
  public init(group: CounterGroup) {
    self.init(group: group, library: PAPILibrary.shared, environment: .current())
  }

  /// A session with a given library and machine, for tests.
  init(
    group: CounterGroup, library: Result<PAPILibrary, PAPIAbsence>,
    environment: CounterEnvironment
  ) {
    self.group = group
    self.environment = environment
    switch library {
    case .failure(let absence):
      self.library = nil
      self.absence = absence.reason
      resolved = []
      events = group.events.map {
        CounterAvailability(event: $0, provenance: .unavailable(absence.reason))
      }
    case .success(let library):
      self.library = library
      absence = nil
      (resolved, events) = library.exclusively {
        let registered = library.registerThread()
        guard registered == 0 else {
          let plan = CounterPlan(refused: registered, library, count: group.events.count)
          return ([], plan.availability(of: group.events))
        }
        let resolved = group.events.map { ResolvedEvent($0, in: library) }
        let plan = CounterPlan(resolved, library: library, environment: environment)
        return (resolved, plan.availability(of: group.events))
      }
    }
  }

  /// Counters for the calling thread; they must be used and closed on it.
  public func makeWorkerCounters() -> WorkerCounters { WorkerCounters(of: self) }

  /// The events that do not count here, with their reasons.
  public var missing: [CounterAvailability] { events.filter { !$0.provenance.isAvailable } }

  /// Finds out what counts on the calling thread.
  func makePlan() -> CounterPlan {
    guard let library else {
      return CounterPlan(nothing: absence ?? "PAPI missing", count: group.events.count)
    }
    return library.exclusively {
      let registered = library.registerThread()
      guard registered == 0, resolved.count == group.events.count else {
        return CounterPlan(refused: registered, library, count: group.events.count)
      }
      return CounterPlan(resolved, library: library, environment: environment)
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import CPAPI

/// Which events are counted by what, and which of them together.
///
/// PAPI runs one event set per thread, so hardware and software events cannot sit in sets of their
/// own at the same time. Every pass therefore holds the software events, which need no counter,
/// and as many hardware events as the PMU takes at once; one more pass holds the software events
/// alone, for when a hardware counter disappears. Passes take turns interval by interval. PAPI's
/// own multiplexing was passed over: it takes turns by a timer, which short regions never see, and
/// does not tell for which share of the time an event was counted.
struct CounterPlan: Sendable {
  /// What gives an event its value.
  enum Source: Hashable, Sendable {
    /// An event set's slot, under this name.
    case papi(name: String, code: Int32)
    /// The kernel's accounting of the thread.
    case usage(ThreadUsage)
    /// Nothing.
    case none(reason: String)
  }

  /// One source per event of the group, in its order.
  private(set) var sources: [Source]
  /// Indices of the hardware events that are counted at the same time, one list per pass.
  private(set) var passes: [[Int]]
  /// Indices of the software events that PAPI counts, in every pass.
  private(set) var software: [Int]

  /// Finds out by adding, starting and reading what counts on the calling thread.
  ///
  /// Nothing less is a valid probe: without a PMU, PAPI reports its component as enabled, with six
  /// counters, and knows every event.
  init(_ events: [ResolvedEvent], library: PAPILibrary, environment: CounterEnvironment) {
    sources = []
    passes = []
    software = []
    let probe = CounterProbe(library: library)
    sources = events.map { _ in .none(reason: "not tried") }
    for index in events.indices where events[index].event.isSoftware {
      sources[index] = placeSoftware(events[index], at: index, probe, environment)
    }
    for index in events.indices where !events[index].event.isSoftware {
      sources[index] = placeHardware(events[index], at: index, probe, environment)
    }
  }

  /// A plan that counts nothing, for `reason`.
  init(nothing reason: String, count: Int) {
    sources = Array(repeating: .none(reason: reason), count: count)
    passes = []
    software = []
  }

  /// A plan that counts nothing because PAPI refused the calling thread with `status`.
  init(refused status: Int32, _ library: PAPILibrary, count: Int) {
    self.init(
      nothing: "PAPI does not take this thread (\(library.text(of: status)))", count: count)
  }

  private mutating func placeSoftware(
    _ event: ResolvedEvent, at index: Int, _ probe: CounterProbe,
    _ environment: CounterEnvironment
  ) -> Source {
    var failure = event.candidates.isEmpty ? event.failure : nil
    for candidate in event.candidates {
      guard let failed = probe.failure(of: codes(software) + [candidate.code]) else {
        software.append(index)
        return .papi(name: candidate.name, code: candidate.code)
      }
      failure = failure ?? failed
    }
    if let usage = SoftwareEvent(named: event.event.name)?.usage, usage.current != nil {
      return .usage(usage)
    }
    return .none(reason: Self.reason(failure, event, probe.library, environment))
  }

  private mutating func placeHardware(
    _ event: ResolvedEvent, at index: Int, _ probe: CounterProbe,
    _ environment: CounterEnvironment
  ) -> Source {
    var failure = event.candidates.isEmpty ? event.failure : nil
    for candidate in event.candidates {
      let source = Source.papi(name: candidate.name, code: candidate.code)
      let advances = AdvancingEvent.names.contains(candidate.name)
      for pass in passes.indices
      where probe.failure(
        of: codes(passes[pass] + software) + [candidate.code], lastAdvances: advances) == nil
      {
        passes[pass].append(index)
        return source
      }
      let alone = codes(software) + [candidate.code]
      guard let failed = probe.failure(of: alone, lastAdvances: advances) else {
        passes.append([index])
        return source
      }
      failure = failure ?? failed
    }
    return .none(reason: Self.reason(failure, event, probe.library, environment))
  }

  /// What each event set holds: the passes, each with the software events, then these alone.
  var sets: [[Int]] { passes.map { $0 + software } + (software.isEmpty ? [] : [software]) }

  /// The codes of the events at `indices`.
  func codes(_ indices: [Int]) -> [Int32] {
    indices.compactMap { index in
      guard case .papi(_, let code) = sources[index] else { return nil }
      return code
    }
  }

  private static func reason(
    _ failure: PAPIFailure?, _ event: ResolvedEvent, _ library: PAPILibrary,
    _ environment: CounterEnvironment
  ) -> String {
    environment.reason(
      failure ?? PAPIFailure(stage: .resolve, status: Int32(CPAPI_ENOEVNT)),
      event: event.event.name, library: library)
  }
}

/// One event set of a worker: what it holds and what became of it.
///
/// Trivial, so that the measured path reads it without counting references.
struct CounterPass {
  /// PAPI's name for the set; nil where it could not be made.
  var set: Int32?
  /// The first of its places in the tally's row of slots.
  var firstSlot: Int
  /// How many events it holds.
  var slotCount: Int
  /// The call that failed; nil while the set works.
  var failure: PAPIFailure?
  /// The interval, from 1, in which it failed.
  var failedInterval = 0
}

extension CounterPlan {
  /// Whether each event counts.
  func availability(of events: [CounterEvent]) -> [CounterAvailability] {
    events.indices.map { index in
      CounterAvailability(
        event: events[index], provenance: provenance(of: events[index], at: index))
    }
  }

  /// The provenance of the event at `index`, before anything is measured.
  func provenance(of event: CounterEvent, at index: Int) -> Provenance {
    switch sources[index] {
    case .none(let reason): .unavailable(reason)
    case .usage(let usage): Provenance(.software, countedAs: usage.rawValue)
    case .papi(let name, _):
      Provenance(kind(at: index), countedAs: name == event.name ? nil : name)
    }
  }

  private func kind(at index: Int) -> Provenance.Kind {
    if software.contains(index) { return .software }
    return passes.count == 1 ? .hardware : .scaled(1 / Double(passes.count))
  }
}

/// An event with the codes that PAPI gave for its name and its alternatives.
struct ResolvedEvent: Sendable {
  /// A name that PAPI knows.
  struct Candidate: Sendable {
    var name: String
    var code: Int32
  }

  /// What the group asks for.
  var event: CounterEvent
  /// Known names in order of preference.
  var candidates: [Candidate] = []
  /// The failure of the first name, for where no candidate counts.
  var failure: PAPIFailure?

  /// Looks up every name of `event`; on one thread at a time.
  init(_ event: CounterEvent, in library: PAPILibrary) {
    self.event = event
    for name in [event.name] + event.alternatives {
      let countable = SoftwareEvent(named: name)?.countableName(for: name) ?? name
      switch library.code(of: countable) {
      case .success(let code): candidates.append(Candidate(name: name, code: code))
      case .failure(let first): failure = failure ?? first
      }
    }
  }
}

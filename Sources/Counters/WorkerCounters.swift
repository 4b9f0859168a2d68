// SPDX-License-Identifier: Apache-2.0

internal import CPAPI

/// One worker's counters: made, started, read and closed on that worker's thread.
///
/// Between `start()` and `stop()` nothing allocates, throws or waits. An event set counts from its
/// first interval to `close()`, and an interval is the difference of two reads: one system call at
/// each end, where starting and stopping the set would take several.
public final class WorkerCounters {
  let session: CounterSession
  let plan: CounterPlan
  let tally: CounterTally
  private(set) var usage: UsageTally?
  private let library: PAPILibrary?
  private let thread = cpapi_thread_id()
  private var isClosed = false
  /// The pass of the current or last interval.
  private var current = 0
  /// Whether the set of `current` is counting.
  private var isCounting = false
  private var startedAt: Int64 = 0

  /// Makes the event sets; where some cannot be made, their events say why.
  init(of session: CounterSession) {
    self.session = session
    library = session.library
    plan = session.makePlan()
    tally = CounterTally(
      sets: plan.sets, hardwarePasses: plan.passes.count, eventCount: plan.sources.count)
    for (event, source) in plan.sources.enumerated() {
      if case .usage(let field) = source { usage = UsageTally(event: event, field: field) }
    }
    makeSets()
  }

  deinit { close() }

  /// Begins an interval.
  public func start() {
    tally.begin()
    startedAt = MonotonicClock.nanoseconds
    usage?.begin()
    guard let library, takeTurn(library) else { return }
    read(library, into: tally.before)
  }

  /// Ends the interval and adds it up.
  public func stop() {
    if let library, isCounting { read(library, into: tally.after) }
    let used = usage?.end()
    let duration = MonotonicClock.nanoseconds - startedAt
    tally.end(pass: isCounting ? current : nil, nanoseconds: duration)
    if let used, let event = usage?.event { tally.add(used, to: event, nanoseconds: duration) }
  }

  /// Forgets the intervals so far; what failed stays failed.
  public func reset() { tally.reset() }

  /// Frees the event sets; the sums stay readable, and closing twice is harmless.
  public func close() {
    guard !isClosed else { return }
    isClosed = true
    guard let library else { return }
    library.exclusively {
      halt(library)
      for pass in tally.passes {
        if let set = pass.set { library.destroy(set) }
      }
      // PAPI knows threads by their kernel id, which another thread may be given later.
      if cpapi_thread_id() == thread { library.unregisterThread() }
    }
  }

  private func makeSets() {
    guard let library else { return }
    library.exclusively {
      for (pass, events) in plan.sets.enumerated() {
        switch library.makeSet(of: plan.codes(events)) {
        case .success(let set): tally.passes[pass].set = set
        case .failure(let failure): tally.lose(pass: pass, failure)
        }
      }
    }
  }

  /// Makes the pass whose turn it is count; false where none is left.
  private func takeTurn(_ library: PAPILibrary) -> Bool {
    guard !isClosed else { return false }
    while let next = tally.drawPass() {
      if isCounting, next == current { return true }
      halt(library)
      current = next
      guard let set = tally.passes[next].set else { return false }
      let status = library.start(set)
      isCounting = status == CPAPI_OK
      if isCounting { return true }
      tally.lose(pass: next, PAPIFailure(stage: .start, status: status))
    }
    halt(library)
    return false
  }

  /// Reads the counting set; where that fails, its pass is out for good.
  private func read(_ library: PAPILibrary, into values: UnsafeMutableBufferPointer<Int64>) {
    guard let set = tally.passes[current].set, let first = values.baseAddress else { return }
    let status = library.read(set, into: first)
    guard status != CPAPI_OK else { return }
    tally.lose(pass: current, PAPIFailure(stage: .read, status: status))
    halt(library)
  }

  /// Stops the counting set, if there is one.
  private func halt(_ library: PAPILibrary) {
    guard isCounting, let set = tally.passes[current].set, let first = tally.after.baseAddress
    else { return }
    _ = library.stop(set, into: first)
    isCounting = false
  }
}

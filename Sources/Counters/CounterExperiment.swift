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

    func range(around effect: Effect) -> ClosedRange<Double> {
      effect.expected * (1 - below)...effect.most * (1 + above) + extra
    }
  }

  /// How often a piece of work caused an event.
  struct Effect {
    /// What a true counter shows, with nothing else going on.
    var expected: Double
    /// What it may show at most, before any tolerance, where others have a part in it.
    var most: Double

    init(_ expected: Double, most: Double? = nil) {
      self.expected = expected
      self.most = max(most ?? expected, expected)
    }
  }

  /// What is set up before counting: the work, which returns what it caused, or why it cannot be
  /// done.
  enum Preparation {
    case work(() -> Effect)
    case impossible(String)
  }

  /// How often the work is done before a counter is said to be wrong: the system may disturb any
  /// one time, and a counter of something else is wrong every time.
  static let attempts = 5

  let tolerance: Tolerance
  let prepare: @Sendable () -> Preparation

  /// Every experiment: first the software events, then the hardware events.
  public static var all: [CounterExperiment] { software + hardware }

  /// Does the work on the calling thread, once unmeasured, and measured until its count is right, at
  /// most 5 times.
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

  private func measure(_ body: () -> Effect, with counters: WorkerCounters) -> CounterCheck {
    defer { counters.close() }
    _ = body()
    var check = attempt(body, with: counters)
    while check.outcome == .disagrees, check.attempts < Self.attempts {
      let earlier = check.attempts
      check = attempt(body, with: counters)
      check.attempts += earlier
    }
    return check
  }

  private func attempt(_ body: () -> Effect, with counters: WorkerCounters) -> CounterCheck {
    counters.reset()
    counters.start()
    let effect = body()
    counters.stop()
    var readings: [CounterReading] = []
    counters.read(into: &readings)
    let accepted = tolerance.range(around: effect)
    let outcome: CounterCheck.Outcome =
      if let value = readings[0].value {
        accepted.contains(value) ? .agrees : .disagrees
      } else {
        .skipped(readings[0].source.reason ?? "not read")
      }
    return CounterCheck(
      event: event, work: work, expected: effect.expected, accepted: accepted,
      reading: readings[0], outcome: outcome)
  }
}

/// Pointers in memory that lead through all their places in random order and back to the first.
final class PointerCycle {
  private let memory: UnsafeMutableRawPointer

  /// A cycle through `count` places, `stride` bytes apart.
  init(count: Int, stride: Int) {
    memory = .allocate(byteCount: count * stride, alignment: 4096)
    var order = Array(0..<count)
    var random = XorShift(seed: 1)
    order.shuffle(using: &random)
    for (place, next) in zip(order, order.dropFirst() + order.prefix(1)) {
      memory.storeBytes(
        of: UnsafeRawPointer(memory + next * stride), toByteOffset: place * stride,
        as: UnsafeRawPointer.self)
    }
  }

  deinit { memory.deallocate() }

  /// Where to begin.
  var start: UnsafeRawPointer { UnsafeRawPointer(memory) }
}

/// Reproducible random bits.
///
/// *Source:* Marsaglia, Xorshift RNGs, Journal of Statistical Software 8(14), 2003.
struct XorShift: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

/// Events of which any running code causes some, so that a count of zero is a lie.
///
/// Some virtual machines grant such counters and never move them.
enum AdvancingEvent {
  static let names: Set<String> = [
    "PAPI_TOT_INS", "PAPI_TOT_CYC", "PAPI_REF_CYC", "PAPI_BR_INS", "PAPI_BR_CN",
    "perf::INSTRUCTIONS", "perf::CYCLES", "perf::CPU-CYCLES", "perf::REF-CYCLES",
    "perf::BRANCH-INSTRUCTIONS", "perf::BRANCHES",
  ]
}

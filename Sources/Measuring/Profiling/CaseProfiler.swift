// SPDX-License-Identifier: Apache-2.0

public import Children
public import Convolution
public import Counters
internal import Inputs
public import Planning
internal import Statistics
internal import Suites
public import Workers

/// Profiles one entry of a plan, or loops it for an outside profiler.
public final class CaseProfiler {
  private let entry: PlanEntry
  private let subject: PoolSubject
  private let pool: WorkerPool
  private let loop: ProfiledLoop
  private let session: CounterSession?
  private let calibration: Calibration?
  private let preparationNanoseconds: Double

  /// What the clocks may cost, as a share: above it they are read less often.
  public static let mostOverhead = 0.02
  /// A chunk lasts at least this long, in nanoseconds: a look at the clock takes 1 % of it or less.
  private static let leastSpanNanoseconds = 4000.0
  /// A visit lasts about this long, in nanoseconds.
  private static let visitNanoseconds = 4e6
  /// One of the loop for outside profilers, which see the iteration before each visit as well.
  private static let loopVisitNanoseconds = 1e8
  /// Below this time of an iteration a visit has some at least, for the timeline to show.
  private static let shortNanoseconds = 2e7
  private static let leastIterations = 3
  /// Visits of each kind before the overhead is believed.
  private static let leastVisits = 25
  /// Noise may look like the clocks' cost for ever.
  private static let mostCoarsenings = 8
  /// How often everything is measured again with fewer looks at the clock.
  private static let mostRepeats = 3
  /// Iterations that the timeline shows at most: of a short case a handful says all.
  private static let mostTimelineIterations = 40

  /// Makes the entry ready.
  /// - Parameters:
  ///   - entry: What to profile; a contender in this process.
  ///   - pool: At least as many workers as the entry asks for.
  ///   - session: What is counted per phase; nil counts nothing.
  ///   - options: The tensors' seed and the partition.
  ///   - peakKernel: The FMA loop that runs beside the visits; nil runs none.
  ///   - splitsPhases: Whether clocks are read inside phases, too; tasks then run in shorter ranges
  ///     than they do without clocks.
  /// - Throws: `ProfilingError`, `MemoryError`.
  public init(
    _ entry: PlanEntry, pool: WorkerPool, session: CounterSession?, options: MeasuringOptions,
    peakKernel: KernelEntry?, splitsPhases: Bool = true
  ) throws {
    self.entry = entry
    self.pool = pool
    self.session = session
    let data = try CaseData(entry.suiteCase, seed: options.seed)
    let start = Clock.now()
    subject = try ProfilingError.translating {
      try PoolSubject(
        entry, data: data, pool: pool, counters: PoolCounters(nil, pool: pool),
        partition: options.partition
      ) { try entry.prepared(data) }
    }
    preparationNanoseconds = Double(Clock.now() - start)
    loop = ProfiledLoop(
      subject.chain.phases, partition: options.partition, workers: subject.team,
      splitsPhases: splitsPhases)
    calibration = try peakKernel.map {
      try Calibration(pool: pool, kernel: $0, workers: entry.workers)
    }
  }

  /// Checks the output against the reference.
  /// - Throws: `ProfilingError.wrong`.
  public func verify() throws {
    for check in try subject.verify(ReferenceCache()) {
      switch check.outcome {
      case .correct: continue
      case .wrong(let text), .mistrusted(let text): throw ProfilingError.wrong(text)
      }
    }
  }

  /// Runs the ordinary loop for `seconds`, with nothing around it.
  /// - Returns: iterations and the nanoseconds that they took.
  public func loop(
    seconds: Double, until interruption: Interruption
  ) throws -> (iterations: Int, nanoseconds: Double) {
    let visit = Int(
      clamping: Self.loopVisitNanoseconds / (try nanosecondsPerIteration()), to: 1...1_000_000_000)
    var done = 0
    var spent = 0.0
    let start = Clock.now()
    while !interruption.isRequested, done == 0 || Double(Clock.now() - start) < seconds * 1e9 {
      let sample = try subject.sample(iterations: visit, warmUp: WarmUp.least)
      done += sample.iterations
      spent += sample.nanoseconds
    }
    return (done, spent)
  }

  /// Profiles for `seconds`: visits with and without clocks side by side.
  public func profile(seconds: Double, until interruption: Interruption) throws -> CaseProfile {
    var iterations = try tune()
    var visits = try visits(iterations, seconds: seconds, until: interruption)
    // A few visits may have flattered the clocks, or many the noise.
    for _ in 0..<Self.mostRepeats
    where visits.overhead.ratio - 1 > Self.mostOverhead && !interruption.isRequested {
      loop.coarsen()
      iterations = min(try plainIterations(), loop.mostIterations)
      visits = try self.visits(iterations, seconds: seconds, until: interruption)
    }
    var phases = visits.phases
    if session != nil { count(into: &phases) }
    var profile = CaseProfile(
      entry: entry, implementation: subject.implementation,
      cpus: Array(pool.cpus.prefix(subject.team)), phases: phases,
      time: Estimate(samples: visits.plain), wholeNanoseconds: visits.wholeNanoseconds,
      overhead: visits.overhead,
      preparationNanoseconds: preparationNanoseconds,
      calibration: visits.calibrations.isEmpty
        ? nil : Estimate(samples: visits.calibrations).median,
      timeline: visits.fastest.map { spans in
        spans.filter { $0.iteration < Self.mostTimelineIterations }
      })
    profile.steps = subject.chain.steps
    return profile
  }

  /// Visits of both kinds, for `seconds` and at least some.
  private func visits(
    _ iterations: Int, seconds: Double, until interruption: Interruption
  ) throws -> ProfileVisits {
    let start = Clock.now()
    var visits = ProfileVisits(phases: subject.chain.phases, workers: subject.team)
    // One there must be, whatever is asked: without any there is nothing to show.
    while visits.count == 0
      || !interruption.isRequested
        && (visits.count < Self.leastVisits || Double(Clock.now() - start) < seconds * 1e9)
    {
      try visit(iterations, into: &visits)
    }
    return visits
  }

  /// Iterations of a visit without clocks.
  private func plainIterations() throws -> Int {
    let once = try nanosecondsPerIteration()
    let wanted = Int(clamping: Self.visitNanoseconds / once, to: 1...10_000)
    return once < Self.shortNanoseconds ? max(Self.leastIterations, wanted) : wanted
  }

  private func nanosecondsPerIteration() throws -> Double {
    max(1, try subject.sample(iterations: 2, warmUp: WarmUp.least).perIteration)
  }

  /// Coarsens the chunks until the clocks cost little; the iterations of a visit.
  private func tune() throws -> Int {
    _ = try subject.sample(iterations: 1, warmUp: 0)
    profiledVisit(1)
    for index in subject.chain.phases.indices {
      let spans = loop.spans().joined().filter { $0.phase == index && $0.work != .wait }
      let mean = spans.reduce(0) { $0 + $1.nanoseconds } / Double(max(spans.count, 1))
      loop.coarsen(
        index,
        by: Int(
          clamping: (Self.leastSpanNanoseconds / max(mean, 1)).rounded(.up), to: 1...Int.max))
    }
    for _ in 0..<Self.mostCoarsenings {
      let iterations = min(try plainIterations(), loop.mostIterations)
      var visits = ProfileVisits(phases: subject.chain.phases, workers: subject.team)
      for _ in 0..<Self.leastVisits { try visit(iterations, into: &visits) }
      if visits.overhead.ratio - 1 <= Self.mostOverhead / 2 { return iterations }
      loop.coarsen()
    }
    return min(try plainIterations(), loop.mostIterations)
  }

  /// One visit without clocks and one with, in alternating order.
  private func visit(_ iterations: Int, into visits: inout ProfileVisits) throws {
    let isPlainFirst = visits.count.isMultiple(of: 2)
    var plain = isPlainFirst ? try plainVisit(iterations) : 0
    let profiled = profiledVisit(iterations)
    let spans = loop.spans()
    if !isPlainFirst { plain = try plainVisit(iterations) }
    visits.add(
      plain: plain, profiled: profiled, spans: spans, iterations: loop.profiled(of: iterations))
    if let calibration { visits.calibrations.append(calibration.gflopPerSecond()) }
  }

  private func plainVisit(_ iterations: Int) throws -> Double {
    try subject.sample(iterations: iterations, warmUp: WarmUp.least).perIteration
  }

  /// A visit with clocks, as warm as one without; its time per iteration on worker 0, in nanoseconds.
  @discardableResult
  private func profiledVisit(_ iterations: Int) -> Double {
    loop.rewind()
    var elapsed: UInt64 = 0
    subject.visit { [subject, loop] team in
      subject.loop.run(team, iterations: WarmUp.least)
      team.meet()
      let start = Clock.now()
      loop.run(team, iterations: iterations, evict: subject.evicting)
      if team.worker == 0 { elapsed = Clock.now() - start }
    }
    subject.loop.finish(iterations: WarmUp.least)
    guard subject.evicting == nil else {
      // Evicting is not part of the time.
      return loop.spans()[0].reduce(0) { $0 + $1.nanoseconds }
        / Double(loop.profiled(of: iterations))
    }
    return Double(elapsed) / Double(iterations)
  }

  /// Counts each phase's tasks in visits of their own: reading counters takes longer than a clock.
  private func count(into phases: inout [PhaseProfile]) {
    guard let session else { return }
    let counters = PoolCounters(session, pool: pool)
    let iterations = min(loop.mostIterations, 50)
    for index in phases.indices {
      var counts = [CounterCounts](repeating: CounterCounts(), count: subject.team)
      counts.withUnsafeMutableBufferPointer { counts in
        subject.visit { [subject] team in
          for iteration in 0..<iterations {
            subject.evicting?(team)
            subject.loop.runCounting(
              index, team, iteration: iteration, counters: counters)
          }
          counters.take(team.worker, into: &counts[team.worker])
        }
      }
      subject.loop.finish(iterations: iterations)
      phases[index].counters = counts.map { $0.readings(per: Double(iterations)) }
    }
  }
}

extension ProfilingError {
  /// Runs `body`; failures of a subject become errors of profiling.
  static func translating<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch SubjectFailure.unsupported(let reason) {
      throw ProfilingError.unsupported(reason)
    } catch SubjectFailure.failed(let reason) {
      throw ProfilingError.failed(reason)
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Convolution
internal import Counters
internal import Planning
internal import Suites
internal import Workers

/// An entry that runs in this process, on the pool's workers.
final class PoolSubject: Subject {
  let chain: any PreparedWork
  private let caseName: String
  private let data: CaseData
  private let pool: WorkerPool
  private let counters: PoolCounters
  let loop: PhaseLoop
  /// Workers that execute phases: one where a library brings its own threads.
  let team: Int
  private let coldMemory: [UnsafeRawBufferPointer]
  private var sums: CounterSums
  /// Share of its work that a visit repeats inside the clock; 0 but in the self-test of a gate.
  var repeatedShare = 0.0

  private let partition: Partition

  /// A subject whose work `prepare` makes ready.
  init(
    _ entry: PlanEntry, data: CaseData, pool: WorkerPool, counters: PoolCounters,
    partition: Partition, prepare: () throws -> any PreparedWork
  ) throws {
    caseName = entry.suiteCase.name
    self.data = data
    self.pool = pool
    self.counters = counters
    // On worker 0, where libraries look for the thread that will call them.
    chain = try pool.onFirstWorker(prepare)
    self.partition = partition
    team = chain.usesOwnThreads ? 1 : entry.workers
    sums = CounterSums(team: team)
    loop = PhaseLoop(chain.phases, partition: partition, workers: team)
    switch entry.cache {
    case .warm: coldMemory = []
    case .coldFilter: coldMemory = chain.filterMemory
    case .cold: coldMemory = chain.filterMemory + chain.activationMemory
    }
    if entry.cache != .warm, chain.filterMemory.isEmpty {
      throw SubjectFailure.unsupported(
        "its packed filter is hidden, so it cannot be evicted from the caches")
    }
  }

  var implementation: String? { chain.implementation }
  var scratchBytes: Int? { chain.scratchBytes }
  var accuracy: AccuracyClass { chain.accuracy }

  /// The last step's output as the last sample left it, plain `[N][Co][Ho][Wo]`.
  var output: TensorValues { chain.output.map { TensorValue($0) } }

  func verify(_ cache: ReferenceCache) throws -> [Verification] {
    let parts = chain.parts
    guard parts.count > 1 else {
      chain.forget(part: 0)
      _ = try sample(iterations: 1, warmUp: 0)
      return chain.verify(part: 0, caseName: caseName, data: data, references: cache)
    }
    var checks: [Verification] = []
    for (part, phases) in parts.enumerated() {
      guard !cache.isStopped() else { throw SubjectFailure.interrupted }
      chain.forget(part: part)
      let once = PhaseLoop(phases, partition: partition, workers: team)
      pool.run(on: team) { team in once.runOnce(team, iteration: 0) }
      checks += chain.verify(part: part, caseName: caseName, data: data, references: cache)
    }
    return checks + [try verifyWhole(outputOfParts: chain.output)]
  }

  /// All parts in one go must give, to the last bit, what they gave one by one.
  private func verifyWhole(outputOfParts expected: [Double]) throws -> Verification {
    _ = try sample(iterations: 1, warmUp: 0)
    return Verification(
      output: chain.output,
      reference: ReferenceConvolution(
        values: expected, magnitudes: expected.map { abs($0) }, sampledIndices: nil),
      bound: ErrorBound(relative: 0),
      shape: ActivationShape(batch: 1, channels: 1, extent: Extent(1, expected.count)),
      trustsZeros: true)
  }

  /// What a worker saw of a visit.
  private struct Timed {
    var nanoseconds: UInt64
    var lost: LostTime
  }

  func sample(iterations: Int, warmUp: Int) throws -> Sample {
    // What is evicted before each iteration is not warmed by another one.
    let warmUp = coldMemory.isEmpty ? warmUp : 0
    var timed = [Timed](repeating: Timed(nanoseconds: 0, lost: LostTime()), count: team)
    runOnce(chain.beforeRound)
    defer { runOnce(chain.afterRound) }
    timed.withUnsafeMutableBufferPointer { timed in
      sums.add(iterations: iterations) { counts in
        pool.run(on: team) { team in
          timed[team.worker] =
            coldMemory.isEmpty
            ? measure(team, iterations: iterations, warmUp: warmUp)
            : measureCold(team, iterations: iterations)
          counters.take(team.worker, into: &counts[team.worker])
        }
      }
    }
    // A wrong number here hands out tasks that are none.
    loop.finish(iterations: warmUp + iterations)
    return Sample(
      nanoseconds: Double(timed[0].nanoseconds), iterations: iterations, lost: timed.map(\.lost))
  }

  /// Runs what libraries do around a round, on worker 0 and outside the clock.
  private func runOnce(_ hooks: [Phase]) {
    guard !hooks.isEmpty else { return }
    pool.run(on: 1) { team in
      for hook in hooks { hook.run(hook.context, 0, hook.tasks, team.worker) }
    }
  }

  /// The measured path.
  ///
  /// The order binds: the warm-up goes before so that caches hold what an iteration leaves and not
  /// what another entry left; counters start before the clock so that starting them is not timed;
  /// the barrier stands before the clock so that no worker is late; the clock stops right behind
  /// the last phase's own barrier, before counters are read. What the worker lost is read outside
  /// of all, so that reading it is neither timed nor counted.
  @inline(__always)
  private func measure(_ team: Team, iterations: Int, warmUp: Int) -> Timed {
    loop.run(team, iterations: warmUp)
    let before = WorkerTime.now()
    counters.start(team.worker)
    team.meet()
    let start = Clock.now()
    loop.run(team, iterations: iterations, after: warmUp)
    let surplus = repeatedShare > 0 ? loop.repeatShare(repeatedShare, of: iterations, team) : 0
    let stop = Clock.now()
    counters.stop(team.worker)
    let lost = WorkerTime.now().lost(since: before)
    return Timed(nanoseconds: stop &- start &- surplus, lost: lost)
  }

  /// As `measure`, with the cold memory evicted before each iteration, outside the clock.
  private func measureCold(_ team: Team, iterations: Int) -> Timed {
    var elapsed: UInt64 = 0
    var lost = LostTime()
    for iteration in 0..<iterations {
      evict(team)
      let before = WorkerTime.now()
      team.meet()
      counters.start(team.worker)
      let start = Clock.now()
      loop.runOnce(team, iteration: loop.nextIteration &+ iteration)
      elapsed &+= Clock.now() &- start
      counters.stop(team.worker)
      lost += WorkerTime.now().lost(since: before)
    }
    return Timed(nanoseconds: elapsed, lost: lost)
  }

  /// Evicts a worker's share of what is to be cold.
  private func evict(_ team: Team) {
    for region in coldMemory {
      let share = Partition.range(of: team.worker, of: team.count, tasks: region.count)
      cplatform_evict(
        region.baseAddress?.advanced(by: share.lowerBound), UInt(clamping: share.count))
    }
  }

  /// What evicts before each iteration; nil where nothing is to be cold.
  var evicting: ((Team) -> Void)? { coldMemory.isEmpty ? nil : { self.evict($0) } }

  /// Runs `body` on the team, between what libraries do around a round.
  func visit(_ body: (Team) -> Void) {
    runOnce(chain.beforeRound)
    defer { runOnce(chain.afterRound) }
    pool.run(on: team, body)
  }

  func shares(iterations: Int) throws -> [WorkerShare] {
    if chain.usesOwnThreads { return [] }
    var shares = pool.cpus.prefix(team).enumerated().map {
      WorkerShare(worker: $0.offset, cpu: $0.element, busyNanoseconds: 0, tasks: 0)
    }
    shares.withUnsafeMutableBufferPointer { shares in
      pool.run(on: team) { team in
        team.meet()
        var busy: UInt64 = 0
        var tasks = 0
        for iteration in 0..<iterations {
          let timed = loop.runTimed(team, iteration: iteration)
          busy &+= timed.busy
          tasks += timed.tasks
        }
        shares[team.worker].busyNanoseconds = Double(busy) / Double(iterations)
        shares[team.worker].tasks = Double(tasks) / Double(iterations)
      }
    }
    loop.finish(iterations: iterations)
    return shares
  }

  func takeCounters() -> [[CounterReading]] { sums.take() }

  func release() {}
}

extension WorkerPool {
  /// Runs `body` as worker 0 and hands over what it returns or throws.
  func onFirstWorker<Value>(_ body: () throws -> Value) throws -> Value {
    var result: Result<Value, any Error>?
    run(on: 1) { _ in result = Result { try body() } }
    guard let result else { preconditionFailure("the worker returned without running") }
    return try result.get()
  }
}

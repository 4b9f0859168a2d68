// SPDX-License-Identifier: Apache-2.0

public import Convolution
public import ExternalPeers
public import Planning
public import Suites
public import Workers

/// Computes for another harness: the variants of this process behind the contender protocol.
public final class ServingEngine: ServedEngine {
  /// Picks what computes a case: what `kernel` stands for, or what this process serves where that is
  /// nil.
  public typealias Choice = (
    _ suiteCase: SuiteCase, _ kernel: String?, _ workers: Int
  ) -> Contender

  /// What this process says about itself.
  public let hello: Hello
  private let choose: Choice
  private let partition: Partition
  private let slowDown: SlowDown?
  private var pools = ServingPools()
  private var subjects: [Int: Served] = [:]
  private var nextHandle = 1

  private struct Served {
    var subject: PoolSubject
    var watch: SchedulerWatch
  }

  /// An engine that asks `choose` what computes a case.
  ///
  /// `slowDown` is for testing a gate: it makes this build slower by a known share.
  public init(
    name: String, version: String, partition: Partition, slowDown: SlowDown? = nil,
    choose: @escaping Choice
  ) {
    hello = Hello(
      name: name, version: version, layouts: ["as the variant's id says"],
      threads: "one pinned worker per CPU; a library with threads of its own pins them likewise",
      clock: "the convolution in the variant's own layout; packing the filter and converting the "
        + "layout are outside; so many iterations as the harness asks for go before it in one go",
      plans: ServedEntry.version)
    self.choose = choose
    self.partition = partition
    self.slowDown = slowDown
  }

  /// Packs the weights for the variant that the choice picks.
  public func prepare(
    _ operation: ConvolutionOperation, input: TensorValues, weights: Weights, workers: Int,
    cpus: [Int]
  ) throws -> ServedPreparation {
    let pool = try pools.pool(workers: workers, cpus: cpus)
    let problem = NamedProblem(operation.problem)
    let suiteCase = SuiteCase(
      name: ProblemDescriptor.print(problem), steps: [problem], epilogue: operation.epilogue)
    let entry = PlanEntry(
      suiteCase: suiteCase, contender: choose(suiteCase, nil, workers), workers: workers,
      cache: .warm)
    let data = CaseData(operations: [operation], input: input, weights: [weights])
    return try prepare(entry, data, on: pool, verifies: false)
  }

  /// Chooses among the kernels of this build, and packs the weights.
  public func prepare(entry json: String, verifies: Bool, cpus: [Int]) throws -> ServedPreparation {
    let asked = try ServedEntry(json: json)
    let pool = try pools.pool(workers: asked.workers, cpus: cpus)
    let entry = PlanEntry(
      suiteCase: asked.suiteCase,
      contender: choose(asked.suiteCase, asked.kernel, asked.workers), workers: asked.workers,
      cache: asked.cache)
    return try prepare(
      entry, CaseData(asked.suiteCase, runSeed: asked.seed), on: pool, verifies: verifies)
  }

  private func prepare(
    _ entry: PlanEntry, _ data: CaseData, on pool: WorkerPool, verifies: Bool
  ) throws -> ServedPreparation {
    if case .unsupported(_, let reason) = entry.contender { return .unsupported(reason: reason) }
    let subject: PoolSubject
    do {
      subject = try PoolSubject(
        entry, data: data, pool: pool, counters: PoolCounters(nil, pool: pool),
        partition: partition
      ) { try entry.prepared(data) }
    } catch SubjectFailure.unsupported(let reason) {
      return .unsupported(reason: reason)
    }
    if verifies, let fault = try subject.verify(ReferenceCache(isSampled: true)).fault {
      return .wrong(fault.reason)
    }
    if let slowDown, slowDown.matches(entry.suiteCase.descriptor) {
      subject.repeatedShare = slowDown.share
    }
    let implementation = [entry.contender.kernel, subject.implementation].compactMap { $0 }
    return .ready(
      handle: keep(subject, pool, entry), layout: entry.contender.layout,
      implementation: implementation.joined(separator: " "), accuracy: entry.accuracy)
  }

  /// Keeps a subject under a handle of its own.
  private func keep(_ subject: PoolSubject, _ pool: WorkerPool, _ entry: PlanEntry) -> Int {
    let handle = nextHandle
    nextHandle += 1
    subjects[handle] = Served(
      subject: subject, watch: SchedulerWatch(pool: pool, workers: entry.workers))
    return handle
  }

  /// Computes once.
  public func output(_ handle: Int) throws -> TensorValues {
    let served = try served(handle)
    _ = try served.subject.sample(iterations: 1, warmUp: 0)
    return served.subject.output
  }

  /// What a harness expects that knows nothing of warming up: builds of before ran one.
  private static let warmUpUnasked = 1

  /// Computes `warmUp` times without a clock, and `iterations` times with one.
  public func run(_ handle: Int, iterations: Int, warmUp: Int?) throws -> ServedRun {
    let served = try served(handle)
    let before = served.watch.totals()
    let sample = try served.subject.sample(
      iterations: iterations, warmUp: warmUp ?? Self.warmUpUnasked)
    var disturbance = served.watch.disturbance(
      from: before, to: served.watch.totals(), nanoseconds: sample.nanoseconds)
    disturbance.add(sample.lost, of: sample.nanoseconds)
    return ServedRun(
      nanoseconds: sample.nanoseconds, waitedNanoseconds: disturbance.waitedNanoseconds,
      contextSwitches: disturbance.contextSwitches, migrations: disturbance.migrations,
      stolenNanoseconds: disturbance.stolenNanoseconds)
  }

  /// Forgets a problem.
  public func release(_ handle: Int) throws {
    _ = try served(handle)
    subjects[handle] = nil
  }

  private func served(_ handle: Int) throws -> Served {
    guard let served = subjects[handle] else {
      throw SubjectFailure.failed("no problem has the handle \(handle)")
    }
    return served
  }
}

extension PlanEntry {
  /// How closely a single convolution follows the textbook sum; nil for what shows no single one.
  fileprivate var accuracy: ContenderAccuracy? {
    guard case .variants(let variants) = contender, variants.count == 1,
      let operation = suiteCase.operations.first
    else { return nil }
    return variants[0].identity.accuracy == .exact
      ? .exact : .fast(relativeBound: variants[0].errorBound(operation).relative)
  }
}

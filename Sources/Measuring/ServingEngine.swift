// SPDX-License-Identifier: Apache-2.0

public import Convolution
public import ExternalPeers
internal import Planning
internal import Suites
public import Workers

/// Computes for another harness: the variants of this process behind the contender protocol.
public final class ServingEngine: ServedEngine {
  /// Picks the variant for an operation, or says why there is none.
  public typealias Choice = (_ operation: ConvolutionOperation, _ workers: Int) -> Chosen

  /// What the choice came to.
  public enum Chosen {
    /// This variant computes it.
    case variant(any ConvolutionVariant)
    /// None does.
    case unsupported(reason: String)
  }

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
    var operation: ConvolutionOperation
    var watch: SchedulerWatch
  }

  /// An engine that asks `choose` for a variant.
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
        + "layout are outside; so many iterations as the harness asks for go before it in one go")
    self.choose = choose
    self.partition = partition
    self.slowDown = slowDown
  }

  /// Packs the weights for the variant that the choice picks.
  public func prepare(
    _ operation: ConvolutionOperation, input: [Float], weights: Weights, workers: Int, cpus: [Int]
  ) throws -> ServedPreparation {
    let pool = try pools.pool(workers: workers, cpus: cpus)
    let variant: any ConvolutionVariant
    switch choose(operation, workers) {
    case .unsupported(let reason): return .unsupported(reason: reason)
    case .variant(let chosen): variant = chosen
    }
    let problem = NamedProblem(operation.problem)
    let entry = PlanEntry(
      suiteCase: SuiteCase(
        name: ProblemDescriptor.print(problem), steps: [problem], epilogue: operation.epilogue),
      contender: .variants([variant]), workers: workers, cache: .warm)
    let data = CaseData(operations: [operation], input: input, weights: [weights])
    let subject = try PoolSubject(
      entry, data: data, pool: pool, counters: PoolCounters(nil, pool: pool), partition: partition
    ) { try PreparedChain(data, variants: [variant], workers: workers) }
    if let slowDown, slowDown.matches(entry.suiteCase.name) {
      subject.repeatedShare = slowDown.share
    }
    let handle = nextHandle
    nextHandle += 1
    subjects[handle] = Served(
      subject: subject, operation: operation, watch: SchedulerWatch(pool: pool, workers: workers))
    return .ready(
      handle: handle, layout: variant.identity.layout,
      implementation: [variant.identity.id, subject.implementation].compactMap { $0 }
        .joined(separator: " "),
      accuracy: accuracy(variant, operation))
  }

  /// Computes once.
  public func output(_ handle: Int) throws -> [Float] {
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
  public func release(_ handle: Int) { subjects[handle] = nil }

  private func served(_ handle: Int) throws -> Served {
    guard let served = subjects[handle] else {
      throw SubjectFailure.failed("no problem has the handle \(handle)")
    }
    return served
  }

  private func accuracy(
    _ variant: any ConvolutionVariant, _ operation: ConvolutionOperation
  ) -> ContenderAccuracy {
    variant.identity.accuracy == .exact
      ? .exact : .fast(relativeBound: variant.errorBound(operation).relative)
  }
}

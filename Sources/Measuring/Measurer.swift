// SPDX-License-Identifier: Apache-2.0

public import Children
public import Convolution
public import Counters
internal import Glibc
public import Planning
internal import Suites
public import Workers

/// Measures the groups of a plan, one after the other, on a pool of workers.
///
/// It prints nothing, and one entry that fails is a row with a reason and not the end of the run.
public final class Measurer {
  private let pool: WorkerPool
  private let counters: PoolCounters
  private let options: MeasuringOptions
  private let interruption: Interruption
  private let contenders: ContenderProcesses
  private let peakKernel: KernelEntry?
  /// Whether disturbed rounds are marked.
  ///
  /// Tests of other things switch it off: what else runs beside them is no business of theirs.
  var marksDisturbance = true

  /// A measurer on `pool`.
  /// - Parameters:
  ///   - pool: At least as many workers as any entry of the plan asks for.
  ///   - session: What is counted beside the clock; nil counts nothing.
  ///   - options: How finely and in which order.
  ///   - peakKernel: The FMA loop that runs beside the rounds; nil runs none.
  ///   - externals: Programs and arguments of the external contenders, by name.
  ///   - interruption: Asked between samples.
  public init(
    pool: WorkerPool, session: CounterSession?, options: MeasuringOptions,
    peakKernel: KernelEntry? = nil, externals: [String: [String]] = [:], interruption: Interruption
  ) {
    self.pool = pool
    self.options = options
    self.peakKernel = peakKernel
    self.interruption = interruption
    counters = PoolCounters(session, pool: pool)
    contenders = ContenderProcesses(
      commands: externals, cpus: pool.cpus, interruption: interruption)
  }

  /// Verifies and measures a group.
  /// - Parameters:
  ///   - group: What to measure.
  ///   - budget: Time for the rounds, in seconds; what bounds all is the interruption.
  ///   - events: Told what happens; runs between samples, outside every clock.
  /// - Returns: a row per entry and per pair, whatever became of it.
  public func measure(
    _ group: PlanGroup, budget: Double, events: (MeasuringEvent) -> Void
  ) -> GroupResult {
    let references = ReferenceCache(
      isSampled: options.isCheckedBefore, isStopped: { [interruption] in interruption.isRequested })
    var results: [CaseResult] = []
    var subjects: [(place: Int, subject: any Subject)] = []
    for (place, entry) in group.entries.enumerated() {
      events(.preparing(place: place))
      let (result, subject) =
        interruption.isRequested
        ? (CaseResult(entry: entry, status: .interrupted, reason: "stopped before it began"), nil)
        : prepare(entry, references: references)
      results.append(result)
      if let subject { subjects.append((place, subject)) }
    }
    defer { for (_, subject) in subjects { subject.release() } }
    var rounds = RoundLoop(
      subjects: subjects.map(\.subject), places: subjects.map(\.place),
      workers: subjects.map { group.entries[$0.place].workers }, pairs: group.pairs,
      options: options, logs: logs(for: group), interruption: interruption)
    rounds.run(budget: budget, results: &results, events: events)
    return GroupResult(group: group, cases: results, noiseFloor: options.noiseFloor)
  }

  /// Verifies a group without timing it.
  public func verify(_ group: PlanGroup, events: (MeasuringEvent) -> Void) -> GroupResult {
    let references = ReferenceCache()
    let cases = group.entries.enumerated().map { place, entry in
      events(.preparing(place: place))
      let (result, subject) = prepare(entry, references: references)
      subject?.release()
      return result
    }
    return GroupResult(group: group, cases: cases, pairs: [])
  }

  private func logs(for group: PlanGroup) -> RoundLogs {
    RoundLogs(
      workers: Set(group.entries.map(\.workers)), seesVisits: marksDisturbance,
      peaks: marksDisturbance ? options.peaks ?? [:] : [:],
      watch: { marksDisturbance ? SchedulerWatch(pool: pool, workers: $0) : nil },
      calibration: { workers in
        peakKernel.flatMap { try? Calibration(pool: pool, kernel: $0, workers: workers) }
      })
  }

  /// Makes an entry ready and checks it; without a subject the result is final.
  private func prepare(
    _ entry: PlanEntry, references: ReferenceCache
  ) -> (CaseResult, (any Subject)?) {
    do {
      let subject = try subject(for: entry)
      var result = CaseResult(entry: entry, status: .ok)
      result.implementation = subject.implementation
      result.scratchBytes = subject.scratchBytes
      result.accuracy = subject.accuracy
      let checks = try subject.verify(references)
      result.relativeRMSError = checks.map(\.relativeRMSError).max()
      guard let fault = checks.fault else { return (result, subject) }
      (result.status, result.reason) = fault
      subject.release()
      return (result, nil)
    } catch {
      return (failure(error, entry: entry), nil)
    }
  }

  private func failure(_ error: any Error, entry: PlanEntry) -> CaseResult {
    switch error {
    case SubjectFailure.unsupported(let reason):
      CaseResult(entry: entry, status: .unsupported, reason: reason)
    case SubjectFailure.wrong(let reason):
      CaseResult(entry: entry, status: .wrong, reason: reason)
    case SubjectFailure.failed(let reason), SubjectFailure.ended(let reason):
      CaseResult(entry: entry, status: .failed, reason: reason)
    case SubjectFailure.interrupted:
      CaseResult(entry: entry, status: .interrupted, reason: "stopped while it was prepared")
    case let memory as MemoryError:
      CaseResult(
        entry: entry, status: .failed,
        reason: "no memory for \(memory.requestedBytes) bytes more")
    default: CaseResult(entry: entry, status: .failed, reason: "\(error)")
    }
  }

  private func subject(for entry: PlanEntry) throws -> any Subject {
    let data = try CaseData(entry.suiteCase, runSeed: options.seed)
    if case .external(let name) = entry.contender {
      return try contenders.subject(named: name, entry: entry, data: data)
    }
    let subject = try PoolSubject(
      entry, data: data, pool: pool, counters: counters, partition: options.partition
    ) { try entry.prepared(data) }
    if let slowDown = options.slowDown, slowDown.matches(entry.suiteCase.descriptor) {
      subject.repeatedShare = slowDown.share
    }
    return subject
  }
}

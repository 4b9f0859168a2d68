// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Dispatch
internal import Synchronization

/// A fixed number of workers, each pinned to a CPU of its own.
///
/// Dispatch moves a serial queue between threads from item to item, and one concurrent queue may
/// take seconds to start blocking items on all cores. So every worker is a serial queue that runs
/// *one* item for the pool's life; what belongs to a thread (affinity, counters) stays valid.
public final class WorkerPool {
  /// The CPU of each worker.
  public let cpus: [Int]
  private let workers: [Worker]
  private let done = DispatchGroup()
  private var teams: [Int: Barrier] = [:]

  /// The kernel's id of each worker's thread, which stays the same for the pool's life.
  public var threadIDs: [Int] { workers.map(\.threadID) }

  /// How often a worker looks for work before it sleeps: about 100 µs of spinning, longer than
  /// the gap between two samples of one round and shorter than a scheduler tick.
  static let spins = 4_000

  /// A pool of `count` workers on the first CPUs that the process may use.
  /// - Parameters:
  ///   - count: How many workers.
  ///   - available: The CPUs, one for each worker.
  ///   - sleepsAtOnce: Whether a worker without work leaves its CPU at once instead of looking for
  ///     more: where other processes are measured on the same CPUs, which it would disturb for the
  ///     first 100 µs.
  /// - Throws: `WorkerError` where there are not enough CPUs, or pinning is refused.
  public init(
    count: Int, cpus available: [Int] = AvailableCPUs.ids(), sleepsAtOnce: Bool = false
  ) throws(WorkerError) {
    guard count >= 1, count <= available.count else {
      throw .notEnoughCPUs(requested: count, available: available.count)
    }
    // Dispatch waits for ever for a thread that the system does not make; it takes one of its own, too.
    let refusal = cplatform_probe_threads(CInt(clamping: count + 1))
    guard refusal == 0 else { throw .noThreads(workers: count, errno: refusal) }
    cpus = Array(available.prefix(count))
    workers = cpus.indices.map { Worker(number: $0, idleSpins: sleepsAtOnce ? 0 : Self.spins) }
    for (worker, cpu) in zip(workers, cpus) { worker.start(on: cpu, joining: done) }
    for (number, cpu) in cpus.enumerated() {
      let failure = workers[number].waitUntilStarted()
      guard failure == 0 else {
        stop()
        throw .cannotPin(worker: number, cpu: cpu, errno: failure)
      }
    }
  }

  deinit { stop() }

  private func stop() {
    for worker in workers { worker.finish() }
    done.wait()
  }

  /// Runs `body` on the first `count` workers at once and returns when all have finished.
  ///
  /// The other workers sleep. The caller sleeps too, so that its CPU belongs to a worker.
  /// - Requires: `count` from 1 to the pool's size; not called from inside a job.
  public func run(on count: Int, _ body: (Team) -> Void) {
    precondition(count >= 1 && count <= workers.count)
    let barrier = teams[count] ?? Barrier(parties: count, spins: Self.spins)
    teams[count] = barrier
    // The compiler puts the length of the file's path into the check of the next line. With a name of
    // its own it is the same wherever the package lies, and so is the machine code.
    #sourceLocation(file:"WorkerPool.run",line:62)
    withoutActuallyEscaping(body) { body in
      let job = Job(body: body, barrier: barrier, count: count)
      let finished = DispatchSemaphore(value: 0)
      for worker in workers.prefix(count) { worker.begin(job, signalling: finished) }
      for _ in 0..<count { finished.wait() }
    }
    #sourceLocation()
  }
}

/// What the workers of a pool execute together.
///
/// `@unchecked Sendable`: `body` need not be sendable because `WorkerPool.run` hands it to the
/// workers, sleeps until the last has returned from it and drops it; what the workers share in
/// between they keep apart by their number or by `Team.meet`.
private final class Job: @unchecked Sendable {
  let body: (Team) -> Void
  let barrier: Barrier
  let count: Int

  init(body: @escaping (Team) -> Void, barrier: Barrier, count: Int) {
    self.body = body
    self.barrier = barrier
    self.count = count
  }
}

/// One worker: a serial queue with a single item that waits for jobs.
private final class Worker: Sendable {
  private struct State: Sendable {
    var job: Job?
    var finished: DispatchSemaphore?
    var pinFailure: Int32?
    var threadID: Int32 = 0
    var isFinishing = false
  }

  private let number: Int
  private let idleSpins: Int
  private let queue: DispatchQueue
  private let state = Mutex(State())
  private let wake = WakeWord()
  private let started = DispatchSemaphore(value: 0)

  init(number: Int, idleSpins: Int) {
    self.number = number
    self.idleSpins = idleSpins
    queue = DispatchQueue(label: "convscope.worker.\(number)", qos: .userInteractive)
  }

  func start(on cpu: Int, joining group: DispatchGroup) {
    queue.async(group: group) {
      let failure = cplatform_pin_current_thread(CInt(clamping: cpu))
      self.state.withLock {
        $0.pinFailure = failure
        $0.threadID = cplatform_thread_id()
      }
      self.started.signal()
      if failure == 0 { self.serve() }
    }
  }

  func waitUntilStarted() -> Int32 {
    started.wait()
    return state.withLock { $0.pinFailure ?? 0 }
  }

  var threadID: Int { state.withLock { Int(clamping: $0.threadID) } }

  func begin(_ job: Job, signalling finished: DispatchSemaphore) {
    state.withLock {
      $0.job = job
      $0.finished = finished
    }
    wake.word.publish(wake.word.load() &+ 1)
  }

  func finish() {
    state.withLock { $0.isFinishing = true }
    wake.word.publish(wake.word.load() &+ 1)
  }

  private func serve() {
    var generation: UInt32 = 0
    while true {
      generation = wake.word.wait(whileEqualTo: generation, spins: idleSpins)
      if state.withLock({ $0.isFinishing }) { return }
      execute()?.signal()
    }
  }

  /// Runs the job at hand and lets go of it before the caller of `WorkerPool.run` may return.
  ///
  /// Not inlined: the job's closure must not be referenced any more when the semaphore is signalled.
  @inline(never)
  private func execute() -> DispatchSemaphore? {
    let (job, finished) = state.withLock { state in
      defer { state.job = nil }
      return (state.job, state.finished)
    }
    guard let job else { return nil }
    job.body(Team(worker: number, count: job.count, barrier: job.barrier))
    return finished
  }
}

/// Holds a `SharedWord`, whose operations are atomic, where a reference is needed.
private final class WakeWord: Sendable {
  let word = SharedWord()
}

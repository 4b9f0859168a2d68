// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Inputs
internal import Synchronization
internal import Workers

/// The phases of an entry as the measured path walks them: raw memory, no reference counting.
final class PhaseLoop {
  private let phases: UnsafeMutableBufferPointer<Phase>
  private let cursors: UnsafeMutableBufferPointer<Atomic<Int>>
  private let partition: Partition
  private let workers: Int
  /// How many iterations have run: a cursor's tickets go on from there.
  private var iterationsDone = 0

  init(_ phases: [Phase], partition: Partition, workers: Int) {
    self.phases = .allocate(capacity: phases.count)
    _ = self.phases.initialize(from: phases)
    cursors = .allocate(capacity: phases.count)
    for index in cursors.indices { cursors.initializeElement(at: index, to: Atomic(0)) }
    self.partition = partition
    self.workers = workers
  }

  deinit {
    phases.deinitialize().deallocate()
    cursors.deinitialize().deallocate()
  }

  /// Runs every phase `iterations` times as one worker of the team, `earlier` iterations after
  /// those that `finish` has told of.
  @inline(__always)
  func run(_ team: Team, iterations: Int, after earlier: Int = 0) {
    for iteration in earlier..<earlier + iterations {
      runOnce(team, iteration: iterationsDone &+ iteration)
    }
  }

  /// The number of the iteration that runs next.
  var nextIteration: Int { iterationsDone }

  /// Tells that all workers have finished `iterations` iterations.
  func finish(iterations: Int) { iterationsDone += iterations }

  /// Runs every phase once; a barrier follows each.
  @inline(__always)
  func runOnce(_ team: Team, iteration: Int) {
    for index in 0..<phases.count {
      runTasks(of: index, worker: team.worker, iteration: iteration)
      team.meet()
    }
  }

  /// Runs tasks of each worker's range again, `share` of all that it had in `iterations`
  /// iterations: known extra work, for showing what a gate can find.
  /// - Returns: nanoseconds of this worker that are not to be charged, see `RepeatedTasks`.
  func repeatShare(_ share: Double, of iterations: Int, _ team: Team) -> UInt64 {
    var surplus: UInt64 = 0
    for index in 0..<phases.count {
      let phase = phases.baseAddress.unsafelyUnwrapped + index
      let range = Partition.range(of: team.worker, of: workers, tasks: phase.pointee.tasks)
      let repeated = RepeatedTasks(share: share, tasks: range.count, iterations: iterations)
      if repeated.count > 0 {
        run(phase, in: range, tasks: repeated.count - 1, team.worker)
        let start = Clock.now()
        run(phase, in: range, tasks: 1, team.worker)
        surplus += UInt64(
          clamping: Double(Clock.now() &- start) * (1 - repeated.lastShare), to: 0...UInt64.max)
      }
      team.meet()
    }
    return surplus
  }

  /// Runs `count` tasks from the start of `range`, as often around as it takes.
  private func run(
    _ phase: UnsafeMutablePointer<Phase>, in range: Range<Int>, tasks count: Int, _ worker: Int
  ) {
    var left = count
    while left > 0 {
      let tasks = min(left, range.count)
      phase.pointee.run(
        phase.pointee.context, range.lowerBound, range.lowerBound + tasks, worker)
      left -= tasks
    }
  }

  /// Runs once with a clock around each phase's tasks.
  /// - Returns: time inside tasks in nanoseconds, and the number of tasks executed.
  func runTimed(_ team: Team, iteration: Int) -> (busy: UInt64, tasks: Int) {
    var busy: UInt64 = 0
    var tasks = 0
    for index in 0..<phases.count {
      let start = Clock.now()
      tasks += runTasks(of: index, worker: team.worker, iteration: iterationsDone &+ iteration)
      busy &+= Clock.now() &- start
      team.meet()
    }
    return (busy, tasks)
  }

  /// Runs once with counters around the tasks of the phase at `counted`.
  func runCounting(_ counted: Int, _ team: Team, iteration: Int, counters: PoolCounters) {
    for index in 0..<phases.count {
      if index == counted { counters.start(team.worker) }
      runTasks(of: index, worker: team.worker, iteration: iterationsDone &+ iteration)
      if index == counted { counters.stop(team.worker) }
      team.meet()
    }
  }

  @inline(__always)
  @discardableResult
  private func runTasks(of index: Int, worker: Int, iteration: Int) -> Int {
    let phase = phases.baseAddress.unsafelyUnwrapped + index
    switch partition {
    case .fixed:
      let range = Partition.range(of: worker, of: workers, tasks: phase.pointee.tasks)
      if range.isEmpty { return 0 }
      phase.pointee.run(phase.pointee.context, range.lowerBound, range.upperBound, worker)
      return range.count
    case .dynamic:
      return runTickets(phase, cursor: index, worker: worker, iteration: iteration)
    }
  }

  /// Takes tasks one by one.
  ///
  /// Every worker draws exactly one ticket too many, so the tickets of an
  /// iteration start at a known number and the cursor need never be reset.
  private func runTickets(
    _ phase: UnsafeMutablePointer<Phase>, cursor: Int, worker: Int, iteration: Int
  ) -> Int {
    let tasks = phase.pointee.tasks
    let base = iteration &* (tasks &+ workers)
    let tickets = cursors.baseAddress.unsafelyUnwrapped + cursor
    var done = 0
    while true {
      let task = tickets.pointee.wrappingAdd(1, ordering: .relaxed).oldValue &- base
      if task >= tasks { return done }
      phase.pointee.run(phase.pointee.context, task, task &+ 1, worker)
      done += 1
    }
  }
}

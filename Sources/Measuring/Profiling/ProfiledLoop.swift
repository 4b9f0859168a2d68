// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Synchronization
internal import Workers

/// The phases of an entry with a clock between tasks: what ordinary runs never execute.
///
/// It hands out tasks as `PhaseLoop` does, but in chunks, and each worker writes down when it ended
/// which chunk and how long it then waited.
final class ProfiledLoop {
  private let phases: UnsafeMutableBufferPointer<Phase>
  private let cursors: UnsafeMutableBufferPointer<Atomic<Int>>
  private let marks: UnsafeMutablePointer<SpanMarks>
  private let partition: Partition
  private let workers: Int
  /// Tasks between two looks at the clock, per phase.
  private var chunks: [Int]
  /// One iteration of so many has clocks; the others run plain.
  private var stride = 1

  /// Room for the marks of one visit of one worker: half a megabyte.
  static let capacity = 1 << 14

  init(_ phases: [Phase], partition: Partition, workers: Int, splitsPhases: Bool = true) {
    self.phases = .allocate(capacity: phases.count)
    _ = self.phases.initialize(from: phases)
    cursors = .allocate(capacity: phases.count)
    for index in cursors.indices { cursors.initializeElement(at: index, to: Atomic(0)) }
    marks = .allocate(capacity: workers)
    for worker in 0..<workers {
      (marks + worker).initialize(to: SpanMarks(capacity: Self.capacity))
    }
    self.partition = partition
    self.workers = workers
    chunks = phases.map { max(1, splitsPhases ? 4 * $0.tasks / Self.capacity : $0.tasks) }
  }

  deinit {
    phases.deinitialize().deallocate()
    cursors.deinitialize().deallocate()
    for worker in 0..<workers { marks[worker].deallocate() }
    marks.deinitialize(count: workers)
    marks.deallocate()
  }

  /// How many iterations a visit may have, so that their marks have room.
  var mostIterations: Int {
    let perIteration = phases.indices.reduce(1) { $0 + phases[$1].tasks / chunks[$1] + 3 }
    return max(1, Self.capacity / perIteration - 1) * stride
  }

  /// How many of so many iterations have clocks.
  func profiled(of iterations: Int) -> Int { (iterations + stride - 1) / stride }

  /// Looks at the clock half as often: in chunks of twice as many tasks, or, where every worker's
  /// share of every phase is one chunk already, in half as many iterations.
  func coarsen() {
    if phases.indices.allSatisfy({ chunks[$0] >= phases[$0].tasks }) {
      stride *= 2
    } else {
      for index in phases.indices { coarsen(index, by: 2) }
    }
  }

  /// Makes each chunk of the phase at `index` hold `factor` times as many tasks.
  func coarsen(_ index: Int, by factor: Int) {
    chunks[index] = min(phases[index].tasks, chunks[index] * max(1, factor))
  }

  /// Runs every phase `iterations` times as one worker of the team; `evict` runs before each
  /// iteration, outside of every span.
  func run(_ team: Team, iterations: Int, evict: ((Team) -> Void)? = nil) {
    // A copy of its own in registers and on the stack, so that no worker shares a line with another.
    var mine = marks[team.worker]
    mine.removeAll()
    for iteration in 0..<iterations {
      if evict != nil || iteration == 0 {
        evict?(team)
        team.meet()
      }
      guard iteration % stride == 0 else {
        runPlain(team, iteration: iteration)
        continue
      }
      if iteration == 0 || stride > 1 || evict != nil {
        mine.append(phase: SpanMarks.boundary, iteration: iteration, first: 0, count: 0)
      }
      runMarked(team, iteration: iteration, &mine)
    }
    marks[team.worker] = mine
  }

  /// Forgets what the dynamic partition has handed out; between visits, by one thread.
  func rewind() {
    for index in cursors.indices { cursors[index].store(0, ordering: .relaxed) }
  }

  /// The spans of the last visit, worker by worker.
  func spans() -> [[ProfileSpan]] { (0..<workers).map { marks[$0].spans(of: $0) } }

  /// An iteration with clocks.
  private func runMarked(_ team: Team, iteration: Int, _ mine: inout SpanMarks) {
    chunks.withUnsafeBufferPointer { chunks in
      for index in 0..<phases.count {
        runTasks(of: index, team, iteration: iteration, chunk: chunks[index], &mine)
        team.meet()
        mine.append(
          phase: Int32(truncatingIfNeeded: index), iteration: iteration, first: 0, count: 0)
      }
    }
  }

  /// An iteration without clocks.
  private func runPlain(_ team: Team, iteration: Int) {
    for index in 0..<phases.count {
      let phase = phases.baseAddress.unsafelyUnwrapped + index
      switch partition {
      case .fixed:
        let range = Partition.range(of: team.worker, of: workers, tasks: phase.pointee.tasks)
        if !range.isEmpty {
          phase.pointee.run(
            phase.pointee.context, range.lowerBound, range.upperBound, team.worker)
        }
      case .dynamic:
        while let task = nextTask(of: index, iteration: iteration) {
          phase.pointee.run(phase.pointee.context, task, task &+ 1, team.worker)
        }
      }
      team.meet()
    }
  }

  @inline(__always)
  private func runTasks(
    of index: Int, _ team: Team, iteration: Int, chunk: Int, _ marks: inout SpanMarks
  ) {
    let phase = phases.baseAddress.unsafelyUnwrapped + index
    switch partition {
    case .fixed:
      let range = Partition.range(of: team.worker, of: workers, tasks: phase.pointee.tasks)
      var first = range.lowerBound
      while first < range.upperBound {
        let end = min(first &+ chunk, range.upperBound)
        phase.pointee.run(phase.pointee.context, first, end, team.worker)
        marks.append(
          phase: Int32(truncatingIfNeeded: index), iteration: iteration, first: first,
          count: end &- first)
        first = end
      }
    case .dynamic:
      runTickets(phase, index, team.worker, iteration: iteration, chunk: chunk, &marks)
    }
  }

  /// Takes tasks one by one, as `PhaseLoop` does, and marks every `chunk` of them.
  private func runTickets(
    _ phase: UnsafeMutablePointer<Phase>, _ index: Int, _ worker: Int, iteration: Int, chunk: Int,
    _ marks: inout SpanMarks
  ) {
    var first = 0
    var done = 0
    while let task = nextTask(of: index, iteration: iteration) {
      if done == 0 { first = task }
      phase.pointee.run(phase.pointee.context, task, task &+ 1, worker)
      done &+= 1
      if done == chunk {
        marks.append(
          phase: Int32(truncatingIfNeeded: index), iteration: iteration, first: first, count: done)
        done = 0
      }
    }
    if done > 0 {
      marks.append(
        phase: Int32(truncatingIfNeeded: index), iteration: iteration, first: first, count: done)
    }
  }

  /// The next task of a phase from its shared cursor; nil where none is left.
  ///
  /// Every worker draws exactly one ticket too many, so the tickets of an iteration start at a
  /// known number.
  @inline(__always)
  private func nextTask(of index: Int, iteration: Int) -> Int? {
    let tasks = phases[index].tasks
    let cursor = cursors.baseAddress.unsafelyUnwrapped + index
    let ticket = cursor.pointee.wrappingAdd(1, ordering: .relaxed).oldValue
    let task = ticket &- iteration &* (tasks &+ workers)
    return task < tasks ? task : nil
  }
}

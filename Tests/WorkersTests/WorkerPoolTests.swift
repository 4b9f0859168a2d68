// SPDX-License-Identifier: Apache-2.0

import CPlatform
import Synchronization
import Testing
import Workers

@Suite("A pool of workers")
struct WorkerPoolTests {
  private static let everyCount = Array(1...AvailableCPUs.ids().count)

  @Test("runs a job once on each worker, under its own number", arguments: everyCount)
  func runsOnEachWorker(count: Int) throws {
    let pool = try WorkerPool(count: count)
    let runs = Mutex([Int](repeating: 0, count: count))
    for _ in 0..<50 {
      pool.run(on: count) { team in
        #expect(team.count == count)
        runs.withLock { $0[team.worker] += 1 }
      }
    }
    #expect(runs.withLock { $0 } == [Int](repeating: 50, count: count))
  }

  @Test("keeps each worker on one thread and one CPU for its life", arguments: everyCount)
  func staysOnItsThread(count: Int) throws {
    let pool = try WorkerPool(count: count)
    let threads = Mutex([Set<CInt>](repeating: [], count: count))
    for _ in 0..<20 {
      pool.run(on: count) { team in
        threads.withLock { _ = $0[team.worker].insert(cplatform_thread_id()) }
      }
    }
    let seen = threads.withLock { $0 }
    #expect(seen.allSatisfy { $0.count == 1 })
    #expect(Set(seen.flatMap { $0 }).count == count)
    #expect(Set(pool.cpus).count == count)
  }

  @Test("shows after a meeting what every worker wrote before it", arguments: everyCount)
  func meetingPublishesWrites(count: Int) throws {
    let pool = try WorkerPool(count: count)
    let rounds = 2000
    let slots = UnsafeMutablePointer<Int>.allocate(capacity: count * 64)
    slots.initialize(repeating: 0, count: count * 64)
    defer { slots.deallocate() }
    let failures = Mutex(0)
    pool.run(on: count) { team in
      for round in 1...rounds {
        slots[team.worker * 64] = round
        team.meet()
        for other in 0..<count where slots[other * 64] != round { failures.withLock { $0 += 1 } }
        team.meet()
      }
    }
    #expect(failures.withLock { $0 } == 0)
  }

  @Test("can run on some of its workers while the others sleep")
  func runsOnSomeWorkers() throws {
    let pool = try WorkerPool(count: Self.everyCount.count)
    let seen = Mutex<[Int]>([])
    pool.run(on: 1) { team in
      team.meet()
      seen.withLock { $0.append(team.worker) }
    }
    #expect(seen.withLock { $0 } == [0])
  }

  @Test("hands back what a job changed in the caller's variables")
  func changesCallersVariables() throws {
    let pool = try WorkerPool(count: 1)
    var value = 0
    for _ in 0..<1000 { pool.run(on: 1) { _ in value += 1 } }
    #expect(value == 1000)
  }

  @Test("is refused with more workers than there are CPUs, and names how many there are")
  func refusesTooMany() {
    let available = AvailableCPUs.ids().count
    #expect(throws: WorkerError.notEnoughCPUs(requested: available + 1, available: available)) {
      try WorkerPool(count: available + 1)
    }
    #expect(throws: WorkerError.notEnoughCPUs(requested: 0, available: available)) {
      try WorkerPool(count: 0)
    }
  }

  @Test("is refused on a CPU that does not exist")
  func refusesUnknownCPU() {
    #expect(throws: WorkerError.cannotPin(worker: 0, cpu: 1000, errno: 22)) {
      try WorkerPool(count: 1, cpus: [1000])
    }
  }
}

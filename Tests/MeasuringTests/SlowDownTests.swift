// SPDX-License-Identifier: Apache-2.0

import Convolution
import Testing
import Workers

@testable import Measuring

@Suite("Slowing a build down by a known share")
struct SlowDownTests {
  @Test(
    "charges the share that was asked for, however few tasks there are",
    arguments: [0, 0.01, 0.03, 0.1, 0.5, 1], [1, 2, 3, 7, 100, 1001])
  func charged(share: Double, tasks: Int) {
    for iterations in [1, 2, 3, 13, 10_000] {
      let repeated = RepeatedTasks(share: share, tasks: tasks, iterations: iterations)
      let owed = share * Double(tasks) * Double(iterations)
      #expect(abs(repeated.charged - owed) < 1e-5)
      // Not one task more than the share touches.
      #expect(Double(repeated.count) < owed + 1)
      #expect(Double(repeated.count) > owed - 1e-5)
    }
  }

  @Test(
    "runs that many tasks of each worker's own range again",
    arguments: [(0.03, 3, 3), (0.03, 3, 100), (0.5, 8, 1), (1, 5, 3), (0, 5, 3)], [1, 2])
  func repeated(
    _ visit: (share: Double, tasks: Int, iterations: Int), workers: Int
  ) throws {
    guard AvailableCPUs.ids().count >= workers else { return }
    let runs = UnsafeMutablePointer<Int>.allocate(capacity: visit.tasks)
    runs.initialize(repeating: 0, count: visit.tasks)
    defer { runs.deallocate() }
    let phase = Phase(name: "kernel", tasks: visit.tasks, context: UnsafeRawPointer(runs)) {
      context, first, end, _ in
      let runs = UnsafeMutablePointer<Int>(
        mutating: context.assumingMemoryBound(to: Int.self))
      for task in first..<end { runs[task] += 1 }
    }
    let loop = PhaseLoop([phase], partition: .fixed, workers: workers)
    try WorkerPool(count: workers).run(on: workers) { team in
      _ = loop.repeatShare(visit.share, of: visit.iterations, team)
    }
    for worker in 0..<workers {
      let range = Partition.range(of: worker, of: workers, tasks: visit.tasks)
      let expected = RepeatedTasks(
        share: visit.share, tasks: range.count, iterations: visit.iterations)
      #expect(range.reduce(0) { $0 + runs[$1] } == expected.count)
    }
  }

  @Test("takes off the clock what of the last task is not owed")
  func surplus() throws {
    // A task that takes a while: the surplus of a share of nearly nothing is nearly all of it.
    let phase = Phase(name: "kernel", tasks: 1, context: UnsafeRawPointer(bitPattern: 8)!) {
      _, _, _, _ in
      let start = Clock.now()
      while Clock.now() - start < 1_000_000 {}
    }
    let loop = PhaseLoop([phase], partition: .fixed, workers: 1)
    var surpluses: [UInt64] = []
    try WorkerPool(count: 1).run(on: 1) { team in
      for share in [0, 0.001, 1] { surpluses.append(loop.repeatShare(share, of: 1, team)) }
    }
    #expect(surpluses[0] == 0)
    #expect(surpluses[1] >= 999_000)
    #expect(surpluses[2] == 0)
  }
}

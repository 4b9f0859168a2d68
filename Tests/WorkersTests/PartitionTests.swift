// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Workers

@Suite("A static partition")
struct PartitionTests {
  @Test("covers each task once, in order, with shares that differ by at most one")
  func coversEachTaskOnce() {
    for workers in 1...9 {
      for tasks in [0, 1, 2, 7, 8, 9, 64, 1000] {
        let ranges = (0..<workers).map { Partition.range(of: $0, of: workers, tasks: tasks) }
        #expect(ranges.flatMap { Array($0) } == Array(0..<tasks))
        let sizes = ranges.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
      }
    }
  }
}

@Suite("The CPU quota of a control group")
struct QuotaTests {
  @Test(
    "is read from cpu.max",
    arguments: [
      ("max 100000", nil), ("150000 100000", 1.5), ("400000 100000", 4), ("", nil), ("1 0", nil),
    ] as [(String, Double?)])
  func readsQuota(text: String, expected: Double?) {
    #expect(AvailableCPUs.quota(version2: text) == expected)
  }
}

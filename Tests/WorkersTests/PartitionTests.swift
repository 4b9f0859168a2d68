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

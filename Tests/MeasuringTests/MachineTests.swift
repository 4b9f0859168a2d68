// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measuring

@Suite("The machine")
struct MachineTests {
  @Test(
    "is named after CPU and count, without what marketing adds",
    arguments: [
      ("AMD EPYC 9654 96-Core Processor", 2, "amd-epyc-9654-96-core-2cpu"),
      (
        "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz", 8, "intel-xeon-platinum-8481c-2-70ghz-8cpu"
      ),
    ])
  func names(model: String, cpus: Int, expected: String) {
    #expect(RunEnvironment.machineName(model: model, cpus: cpus) == expected)
  }

  @Test("puts a working set into the nearest level that holds each worker's share")
  func levels() {
    func level(_ name: String, _ capacity: Int?, _ workers: Int) -> MachineLimits.Bandwidth {
      .init(
        level: name, capacityBytes: capacity, workers: workers, bytesPerWorker: 1,
        readGBPerSecond: 1, writeGBPerSecond: 1, triadGBPerSecond: 1)
    }
    let limits = MachineLimits(
      machine: "m", measuredAt: "", peaks: [],
      bandwidths: [
        level("L1", 32768, 1), level("memory", nil, 1), level("L1", 32768, 2),
        level("memory", nil, 2),
      ], forkJoins: [], clockNanoseconds: 0)
    #expect(limits.bandwidth(workingSet: 32768, workers: 1)?.level == "L1")
    #expect(limits.bandwidth(workingSet: 32769, workers: 1)?.level == "memory")
    #expect(limits.bandwidth(workingSet: 65536, workers: 2)?.level == "L1")
    #expect(limits.bandwidth(workingSet: 1, workers: 3) == nil)
  }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Counters

@Suite("The counters' own overhead")
struct CounterOverheadTests {
  @Test(
    "An empty interval counts what the counters themselves cause",
    .enabled(if: PAPIShim.canBeBuilt, "needs a C compiler (cc, clang or gcc)"))
  func emptyInterval() async {
    let group = CounterGroup(eventNames: ["PAPI_TOT_INS", "perf::TASK-CLOCK", "PAPI_NONE"])
    let session = await CounterSession.made(group, PAPIShim.virtual.library())
    let overhead = await onOwnThread { CounterOverhead(of: session) }
    #expect(overhead.emptyInterval.map(\.value) == [6000, 1000, nil])
    #expect(overhead.clockNs > 0 && overhead.intervalNs > overhead.clockNs)
    #expect(overhead.readNs > 0)
  }
}

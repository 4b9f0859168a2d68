// SPDX-License-Identifier: Apache-2.0

#if XNNPACK
  import CXNNPACK
  import Convolution
  import Glibc
  import Testing

  @testable import Peers

  @Suite("XNNPACK's threads")
  struct XNNPACKPoolTests {
    @Test(
      "the pool's threads have CPUs of their own",
      .enabled(if: WorkerCPUs.first(2).count == 2, "needs two CPUs"))
    func threadsArePinned() throws {
      let pool = try XNNPACKPool(threads: 2)
      let report = ThreadReport()
      pthreadpool_parallelize_1d(
        pool.handle,
        { context, _ in
          ThreadReport.add(to: context)
          ThreadReport.meet(context, count: 2)
        }, report.opaque, 2, 0)
      pool.rest.run(pool.rest.context, 0, 1, 0)
      #expect(Array(report.ofOthers.values) == ["\(WorkerCPUs.first(2)[1])"])
    }
  }
#endif

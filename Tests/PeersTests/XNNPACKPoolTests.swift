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
      // Enough items, each long enough, that both threads take some.
      pthreadpool_parallelize_1d(
        pool.handle,
        { context, _ in
          usleep(1000)
          ThreadReport.add(to: context)
        }, report.opaque, 40, 0)
      pool.rest.run(pool.rest.context, 0, 1, 0)
      #expect(Array(report.ofOthers.values) == ["\(WorkerCPUs.first(2)[1])"])
    }
  }
#endif

// SPDX-License-Identifier: Apache-2.0

#if XNNPACK
  internal import CPlatform
  internal import CXNNPACK
  internal import Convolution
  internal import Glibc
  internal import Synchronization

  /// XNNPACK's own threads: as many as workers, on the workers' CPUs.
  ///
  /// The thread that runs an operator takes part as thread 0; the others belong to the pool. After
  /// an operator they spin for tens of milliseconds, in other variants' rounds; so they are sent to
  /// sleep after each round, outside the clock.
  final class XNNPACKPool {
    /// The `pthreadpool_t`.
    let handle: OpaquePointer

    /// A pool of `threads` threads, each but the caller's pinned.
    init(threads: Int) throws(XNNPACKError) {
      guard let handle = pthreadpool_create(threads) else { throw .noThreads(threads) }
      self.handle = handle
      pin(WorkerCPUs.first(threads))
    }

    deinit { pthreadpool_destroy(handle) }

    /// Sends the threads to sleep.
    var rest: Phase {
      Phase(name: "end threads", tasks: 1, context: UnsafeRawPointer(handle)) { context, _, _, _ in
        let pool = OpaquePointer(context)
        pthreadpool_parallelize_1d(
          pool, { _, _ in }, nil, pthreadpool_get_threads_count(pool),
          UInt32(PTHREADPOOL_FLAG_YIELD_WORKERS))
      }
    }

    /// Sends each thread but the calling one to a CPU of its own, and then to sleep.
    private func pin(_ cpus: [CInt]) {
      let assignment = Assignment(cpus: cpus)
      withExtendedLifetime(assignment) {
        pthreadpool_parallelize_1d(
          handle,
          { context, _ in
            guard let context else { return }
            Unmanaged<Assignment>.fromOpaque(context).takeUnretainedValue().take()
          }, Unmanaged.passUnretained(assignment).toOpaque(), cpus.count,
          UInt32(PTHREADPOOL_FLAG_YIELD_WORKERS))
      }
    }

    /// Hands out CPUs, one to each thread.
    private final class Assignment {
      private let cpus: [CInt]
      private let caller = cplatform_thread_id()
      private let next = Atomic<Int>(1)
      private let arrived = Atomic<Int>(0)

      init(cpus: [CInt]) { self.cpus = cpus }

      func take() {
        if cplatform_thread_id() != caller {
          let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
          // With more threads than CPUs the calling one may get no item, and its place is empty.
          if place < cpus.count { _ = cplatform_pin_current_thread(cpus[place]) }
        }
        // Nobody leaves before all have come: otherwise one thread could take two items.
        arrived.wrappingAdd(1, ordering: .relaxed)
        while arrived.load(ordering: .relaxed) < cpus.count { sched_yield() }
      }
    }
  }
#endif

// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  internal import CPlatform
  internal import Convolution

  /// Starts, pins and ends the OpenMP threads that join a worker for one round.
  ///
  /// New threads inherit the CPU of the worker that starts them, so each is sent to its own. Left
  /// alone after a region they would spin for some milliseconds, in other variants' rounds; so they
  /// are ended after each round and started before the next, both outside the clock.
  final class OpenMPTeam {
    private let context: UnsafeMutablePointer<Context>

    private struct Context {
      var openMP: OpenMP
      var cpus: UnsafeMutableBufferPointer<CInt>
    }

    /// A team of as many threads as `cpus` lists, the first of them the worker itself.
    init(_ openMP: OpenMP, cpus: [CInt]) {
      let copy = UnsafeMutableBufferPointer<CInt>.allocate(capacity: cpus.count)
      _ = copy.initialize(from: cpus)
      context = .allocate(capacity: 1)
      context.initialize(to: Context(openMP: openMP, cpus: copy))
    }

    deinit {
      context.pointee.cpus.deallocate()
      context.deinitialize(count: 1)
      context.deallocate()
    }

    /// Starts the threads and sends each to its CPU.
    var start: Phase {
      Phase(name: "start threads", tasks: 1, context: UnsafeRawPointer(context)) {
        context, _, _, _ in
        let team = context.assumingMemoryBound(to: Context.self)
        let cpus = team.pointee.cpus
        team.pointee.openMP.setThreads(CInt(cpus.count))
        // New threads start where the worker may run. Were that its own CPU alone, they would have
        // to wait for it while it spins and waits for them: some milliseconds.
        let own = WorkerCPUs.ofCallingThread()
        _ = cplatform_restrict_current_thread(cpus.baseAddress, CInt(cpus.count))
        team.pointee.openMP.parallel(
          { context in
            guard let team = context?.assumingMemoryBound(to: Context.self) else { return }
            let number = Int(team.pointee.openMP.threadNumber())
            // Thread 0 is the worker itself, which goes back to where it was.
            if number > 0 { _ = cplatform_pin_current_thread(team.pointee.cpus[number]) }
          }, UnsafeMutableRawPointer(mutating: context), CUnsignedInt(cpus.count), 0)
        _ = cplatform_restrict_current_thread(own, CInt(own.count))
      }
    }

    /// Ends the threads.
    var end: Phase {
      Phase(name: "end threads", tasks: 1, context: UnsafeRawPointer(context)) { context, _, _, _ in
        // 1 is omp_pause_soft: what the threads hold is given up, settings stay.
        _ = context.assumingMemoryBound(to: Context.self).pointee.openMP.pause(1)
      }
    }
  }
#endif

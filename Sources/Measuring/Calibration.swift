// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Workers

/// A loop of known work that runs beside the rounds: what the machine could do just then.
///
/// On a shared machine the clock frequency and the share of a CPU change within minutes. A share of
/// the peak that was measured at another time would show the neighbours, not the kernel.
struct Calibration {
  private let pool: WorkerPool
  private let kernel: KernelEntry
  private let workers: Int
  private let memory: AlignedBuffer

  /// About 0.2 ms at 100 GFLOP/s and worker.
  private static let tasks = 32

  /// A calibration on `workers` workers; `kernel` is the peak loop of the widest instruction set.
  init(pool: WorkerPool, kernel: KernelEntry, workers: Int) throws(MemoryError) {
    self.pool = pool
    self.kernel = kernel
    self.workers = workers
    memory = try AlignedBuffer(count: LimitArguments.granule * workers)
  }

  /// Throughput of all workers together, in GFLOP/s of fused multiply-adds.
  func gflopPerSecond() -> Double {
    let arguments = LimitArguments(
      memory: memory.pointer, floatsPerWorker: LimitArguments.granule)
    var nanoseconds: UInt64 = 0
    withUnsafePointer(to: arguments) { arguments in
      pool.run(on: workers) { team in
        team.meet()
        let start = Clock.now()
        kernel.run(UnsafeRawPointer(arguments), 0, Self.tasks, team.worker)
        team.meet()
        if team.worker == 0 { nanoseconds = Clock.now() - start }
      }
    }
    let vectors = Double(LimitArguments.fusedPerTask * Self.tasks * workers)
    return 2 * vectors * Double(kernel.instructionSet.lanes) / Double(max(nanoseconds, 1))
  }
}

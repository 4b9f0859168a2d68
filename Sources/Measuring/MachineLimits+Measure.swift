// SPDX-License-Identifier: Apache-2.0

public import Convolution
internal import Foundation
public import Workers

extension MachineLimits {
  /// Measures the limits with `kernels`, for 1 worker up to all of the pool.
  ///
  /// - Units: takes about a second per worker; at most `largestStream` bytes of memory.
  /// - Throws: `MemoryError`.
  public static func measure(
    on pool: WorkerPool, kernels: [KernelEntry], machine: String
  ) throws -> MachineLimits {
    let bench = try LimitBench(pool: pool, kernels: kernels)
    let workers = Array(1...pool.cpus.count)
    return MachineLimits(
      machine: machine, measuredAt: Date().formatted(.iso8601),
      peaks: workers.flatMap(bench.peaks), bandwidths: workers.flatMap(bench.bandwidths),
      forkJoins: workers.dropFirst().map(bench.forkJoin), clockNanoseconds: Clock.overhead())
  }
}

/// Runs the limit kernels.
private struct LimitBench {
  /// Memory for the largest stream, over all workers: several times a usual last-level cache,
  /// little enough for small machines.
  private static let largestStream = 96 << 20
  /// The best of so many tries counts: a limit is what nothing disturbed.
  private static let tries = 9
  /// Length of one try, in nanoseconds.
  private static let tryNanoseconds = 4_000_000.0

  private let pool: WorkerPool
  private let kernels: [KernelEntry]
  private let memory: AlignedBuffer

  init(pool: WorkerPool, kernels: [KernelEntry]) throws(MemoryError) {
    self.pool = pool
    self.kernels = kernels
    let granule = LimitArguments.granule * pool.cpus.count
    let floats = Self.largestStream / MemoryLayout<Float>.stride / granule * granule
    memory = try AlignedBuffer(count: floats)
  }

  func peaks(workers: Int) -> [MachineLimits.Peak] {
    kernels.filter { $0.family == .peakFMA }.map { kernel in
      let perTask =
        2 * Double(LimitArguments.fusedPerTask * kernel.instructionSet.lanes * workers)
      let seconds = secondsPerTask(
        kernel, workers: workers, floatsPerWorker: LimitArguments.granule)
      return MachineLimits.Peak(
        instructionSet: kernel.instructionSet.rawValue, workers: workers,
        gflopPerSecond: perTask / seconds / 1e9)
    }
  }

  func bandwidths(workers: Int) -> [MachineLimits.Bandwidth] {
    let caches = CacheLevel.all.map { cache in
      let sharing = min(workers, cache.sharedBy)
      return ("L\(cache.level)", Int?.some(cache.bytes / sharing), cache.bytes / sharing / 2)
    }
    let levels = caches + [("memory", nil, memory.count * 4 / workers)]
    return levels.map { level, capacity, bytes in
      let floats = max(
        LimitArguments.granule,
        min(bytes, memory.count * 4 / workers) / 4 / LimitArguments.granule
          * LimitArguments.granule)
      func throughput(_ family: KernelFamily) -> Double {
        let total = Double(floats * 4 * workers)
        return kernels.filter { $0.family == family }.map {
          total / secondsPerTask($0, workers: workers, floatsPerWorker: floats) / 1e9
        }.max() ?? .nan
      }
      return MachineLimits.Bandwidth(
        level: level, capacityBytes: capacity, workers: workers, bytesPerWorker: floats * 4,
        readGBPerSecond: throughput(.streamRead), writeGBPerSecond: throughput(.streamWrite),
        triadGBPerSecond: throughput(.streamTriad))
    }
  }

  /// Time of one task on every worker at once: the best of several tries.
  private func secondsPerTask(
    _ kernel: KernelEntry, workers: Int, floatsPerWorker: Int
  ) -> Double {
    let arguments = LimitArguments(memory: memory.pointer, floatsPerWorker: floatsPerWorker)
    func seconds(tasks: Int) -> Double {
      var elapsed: UInt64 = 0
      withUnsafePointer(to: arguments) { arguments in
        pool.run(on: workers) { team in
          team.meet()
          let start = Clock.now()
          kernel.run(UnsafeRawPointer(arguments), 0, tasks, team.worker)
          team.meet()
          if team.worker == 0 { elapsed = Clock.now() - start }
        }
      }
      return Double(elapsed) / 1e9
    }
    let rough = max(seconds(tasks: 1), seconds(tasks: 1), 1e-9)
    let tasks = max(1, Int(Self.tryNanoseconds / 1e9 / rough))
    return (0..<Self.tries).map { _ in seconds(tasks: tasks) / Double(tasks) }.min() ?? .nan
  }

  func forkJoin(workers: Int) -> MachineLimits.ForkJoin {
    let phases = 64
    var batches = [Double](repeating: 0, count: 101)
    batches.withUnsafeMutableBufferPointer { batches in
      pool.run(on: workers) { team in
        for batch in batches.indices {
          team.meet()
          let start = Clock.now()
          for _ in 0..<phases { team.meet() }
          if team.worker == 0 { batches[batch] = Double(Clock.now() - start) / Double(phases) }
        }
      }
    }
    return MachineLimits.ForkJoin(
      workers: workers, nanoseconds: batches.sorted()[batches.count / 2])
  }
}

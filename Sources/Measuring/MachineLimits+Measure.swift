// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
public import Convolution
internal import Foundation
internal import Inputs
internal import Machine
internal import Statistics
public import Workers

extension MachineLimits {
  /// Measures the limits with `kernels`, for 1 worker up to all of the pool.
  ///
  /// - Units: takes about a second per worker, and twice as long beside other work; at most
  ///   `largestStream` bytes of memory.
  /// - Throws: `MemoryError`.
  public static func measure(
    on pool: WorkerPool, kernels: [KernelEntry], machine: String
  ) throws -> MachineLimits {
    let bench = try LimitBench(pool: pool, kernels: kernels)
    let workers = Array(1...pool.cpus.count)
    bench.notePace()
    let computing = workers.map(bench.computing)
    bench.notePace()
    let bandwidths = workers.flatMap(bench.bandwidths)
    bench.notePace()
    var limits = MachineLimits(
      machine: machine, measuredAt: Date().formatted(.iso8601),
      peaks: computing.flatMap(\.peaks), bandwidths: bandwidths,
      forkJoins: workers.dropFirst().map(bench.forkJoin), clockNanoseconds: Clock.overhead(),
      clocks: computing.map(\.clock), surroundings: bench.surroundings)
    if CacheLevel.all.first?.sharedBy == 1 {
      let peaks = limits.peakOfWorkers
      limits.surroundings?.withoutOwnCore = withoutOwnCore(
        peaks: peaks, clocks: computing.map(\.clock))
    }
    return limits
  }
}

/// Runs the limit kernels, and notes what disturbed them.
private final class LimitBench {
  /// Memory for the largest stream, over all workers: several times a usual last-level cache,
  /// little enough for small machines.
  private static let largestStream = 96 << 20
  /// How often the clock and the peaks take turns.
  private static let rotations = 3
  /// Length of one try, in nanoseconds.
  private static let tryNanoseconds = 4_000_000.0

  private let pool: WorkerPool
  private let kernels: [KernelEntry]
  private let memory: AlignedBuffer
  private(set) var surroundings = MachineLimits.Surroundings(
    loadAverage: MachineLoad.average, cpus: ProcessInfo.processInfo.activeProcessorCount)

  init(pool: WorkerPool, kernels: [KernelEntry]) throws(MemoryError) {
    self.pool = pool
    self.kernels = kernels
    let granule = LimitArguments.granule * pool.cpus.count
    let floats = Self.largestStream / ElementType.f32.bytes / granule * granule
    memory = try AlignedBuffer(count: floats)
  }

  /// The clock and the peaks, tried in turn so that what slows one slows the other.
  func computing(workers: Int) -> (clock: MachineLimits.CoreClock, peaks: [MachineLimits.Peak]) {
    let vectors = kernels.filter { $0.family == .peakFMA }
    var best = [Double](repeating: .infinity, count: vectors.count)
    var scalar = Double.infinity
    var addition = Double.infinity
    for _ in 0..<Self.rotations {
      addition = min(addition, secondsPerAddition(workers: workers))
      if cplatform_has_scalar_fma() { scalar = min(scalar, secondsPerScalar(workers: workers)) }
      for (place, kernel) in vectors.enumerated() {
        let seconds = secondsPerTask(
          kernel, workers: workers, floatsPerWorker: LimitArguments.granule)
        best[place] = min(best[place], seconds)
      }
    }
    var peaks = zip(vectors, best).map { peak($0, seconds: $1, workers: workers) }
    if scalar.isFinite {
      peaks.append(
        MachineLimits.Peak(
          instructionSet: MachineLimits.scalarName, workers: workers,
          gflopPerSecond: Double(2 * workers) / scalar / 1e9))
    }
    return (
      MachineLimits.CoreClock(workers: workers, gigahertz: 1e-9 / addition), peaks
    )
  }

  /// The peak of a kernel whose task takes so many seconds.
  private func peak(
    _ kernel: KernelEntry, seconds: Double, workers: Int
  ) -> MachineLimits.Peak {
    let macs = kernel.instructionSet.lanes * kernel.dataType.quantum
    let perTask = Double(2 * LimitArguments.fusedPerTask * macs * workers)
    return MachineLimits.Peak(
      instructionSet: kernel.instructionSet.rawValue, workers: workers,
      gflopPerSecond: perTask / seconds / 1e9,
      dataType: kernel.dataType == .f32 ? nil : kernel.dataType)
  }

  /// Time of one addition in a chain, on every worker at once.
  private func secondsPerAddition(workers: Int) -> Double {
    seconds(workers: workers) { rounds, _ in cplatform_add_chain(UInt64(clamping: rounds)) }
      / Double(CPLATFORM_ADDS_PER_ROUND)
  }

  /// Time per scalar multiply-add, on every worker at once.
  private func secondsPerScalar(workers: Int) -> Double {
    seconds(workers: workers) { rounds, _ in cplatform_scalar_fma(UInt64(clamping: rounds)) }
      / Double(CPLATFORM_FUSED_PER_ROUND)
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
    return withUnsafePointer(to: arguments) { arguments in
      seconds(workers: workers) { tasks, worker in
        kernel.run(UnsafeRawPointer(arguments), 0, tasks, worker)
      }
    }
  }

  /// Notes what the FMA loop beside the rounds reaches now, the median of a few.
  func notePace() {
    let widest = kernels.filter { $0.family == .peakFMA && $0.dataType == .f32 }
      .max { $0.instructionSet.lanes < $1.instructionSet.lanes }
    guard let widest,
      let loop = try? Calibration(pool: pool, kernel: widest, workers: pool.cpus.count)
    else { return }
    surroundings.paces.append(median(of: (0..<LimitTries.least).map { _ in loop.gflopPerSecond() }))
  }

  /// Time of one round of `body` on every worker at once: the best of several tries.
  private func seconds(workers: Int, _ body: (_ rounds: Int, _ worker: Int) -> Void) -> Double {
    func seconds(_ rounds: Int) -> Double { once(workers, rounds, body).seconds }
    let rough = max(seconds(1), seconds(1), 1e-9)
    let first = Int(clamping: Self.tryNanoseconds / 1e9 / rough / 10, to: 1...Int.max)
    // One round of a few instructions says little about how many a try needs.
    let better = max(seconds(first) / Double(first), 1e-12)
    let rounds = Int(clamping: Self.tryNanoseconds / 1e9 / better, to: 1...Int.max)
    var tries = LimitTries()
    while !tries.isOver {
      let (seconds, lost) = once(workers, rounds, body)
      tries.take(seconds: seconds, lost: lost)
    }
    surroundings.tries += tries.count
    surroundings.disturbedTries += tries.disturbed
    surroundings.disturbedLimits += tries.isDisturbed ? 1 : 0
    return tries.best / Double(rounds)
  }

  /// Runs `rounds` rounds of `body` on every worker at once.
  private func once(
    _ workers: Int, _ rounds: Int, _ body: (_ rounds: Int, _ worker: Int) -> Void
  ) -> (seconds: Double, lost: [LostTime]) {
    var elapsed: UInt64 = 0
    var lost = [LostTime](repeating: LostTime(), count: workers)
    lost.withUnsafeMutableBufferPointer { lost in
      pool.run(on: workers) { team in
        let before = WorkerTime.now()
        team.meet()
        let start = Clock.now()
        body(rounds, team.worker)
        team.meet()
        if team.worker == 0 { elapsed = Clock.now() - start }
        lost[team.worker] = WorkerTime.now().lost(since: before)
      }
    }
    return (Double(elapsed) / 1e9, lost)
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

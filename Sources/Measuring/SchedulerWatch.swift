// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Inputs
internal import Workers

/// Reads where the scheduler moved the workers and what the hypervisor took from them: outside every
/// clock, from files of the kernel that stay open, at about 20 µs a worker.
///
/// What interrupted a visit the workers see themselves: see `WorkerTime`.
final class SchedulerWatch {
  /// Totals since the threads began.
  struct Totals: Hashable {
    /// Ticks taken by the hypervisor, on the workers' CPUs.
    var stolenTicks: Int?
    /// How often workers changed their CPU.
    var migrations: Int?
  }

  private let cpus: [Int]
  private let stat: KernelFile?
  private let schedules: [KernelFile]
  private let tickNanoseconds: Double

  /// A watch over the first `workers` workers of `pool`.
  init(pool: WorkerPool, workers: Int) {
    cpus = Array(pool.cpus.prefix(workers))
    stat = KernelFile("/proc/stat")
    schedules = pool.threadIDs.prefix(workers).compactMap {
      KernelFile("/proc/self/task/\($0)/sched")
    }
    tickNanoseconds = 1e9 / Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
  }

  /// The totals now.
  func totals() -> Totals {
    var totals = Totals()
    totals.stolenTicks = stat?.text().flatMap { Self.stolenTicks($0, cpus: cpus) }
    for schedule in schedules {
      guard let details = schedule.text() else { continue }
      if let migrations = Self.field("se.nr_migrations", in: details) {
        totals.migrations = (totals.migrations ?? 0) + migrations
      }
    }
    return totals
  }

  /// What happened between two readings.
  func disturbance(from before: Totals, to after: Totals, nanoseconds: Double) -> Disturbance {
    func difference(_ field: KeyPath<Totals, Int?>) -> Int? {
      guard let first = before[keyPath: field], let last = after[keyPath: field] else { return nil }
      return max(0, last - first)
    }
    var disturbance = Disturbance(nanoseconds: nanoseconds)
    disturbance.stolenNanoseconds = difference(\.stolenTicks).map { Double($0) * tickNanoseconds }
    disturbance.migrations = difference(\.migrations)
    return disturbance
  }

  /// The ninth column of `cpu0 user nice system idle iowait irq softirq steal …`, over `cpus`.
  static func stolenTicks(_ text: String, cpus: [Int]) -> Int? {
    let names = Set(cpus.map { "cpu\($0)" })
    var sum: Int?
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard let name = fields.first, name.hasPrefix("cpu") else { break }
      guard names.contains(String(name)), fields.count > 8,
        let ticks = Int(reading: fields[8], in: 0...Int.max)
      else {
        continue
      }
      sum = (sum ?? 0) + ticks
    }
    return sum
  }

  /// The number behind the colon of a line such as `se.nr_migrations   :   12`.
  static func field(_ name: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      return line.split(separator: ":").last.flatMap {
        Int(reading: $0.split(separator: " ").joined(), in: 0...Int.max)
      }
    }
    return nil
  }
}

/// A file of the kernel's that stays open: each reading shows its contents now.
private final class KernelFile {
  private let descriptor: Int32
  private static let capacity = 16_384

  init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  func text() -> String? {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.capacity) { buffer in
      let count = pread(descriptor, buffer.baseAddress, Self.capacity, 0)
      guard count > 0 else { return nil }
      return String(decoding: buffer.prefix(count), as: UTF8.self)
    }
  }
}

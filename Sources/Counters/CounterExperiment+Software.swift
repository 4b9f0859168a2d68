// SPDX-License-Identifier: Apache-2.0

internal import CPAPI
internal import Glibc

extension CounterExperiment {
  /// Experiments for the events that the kernel counts.
  static let software = [
    faults("perf::PAGE-FAULTS"),
    faults("perf::MINOR-FAULTS"),
    CounterExperiment(
      event: CounterEvent(name: "perf::CONTEXT-SWITCHES"), work: "sleep 50 times",
      // A sleep that is over before the switch takes none; other programs may take the CPU as well.
      tolerance: Tolerance(below: 0.1, above: 2), prepare: { .work { sleep(times: 50) } }),
    CounterExperiment(
      event: CounterEvent(name: "perf::CPU-MIGRATIONS"),
      work: "move 20 times between two CPUs", tolerance: Tolerance(extra: 2), prepare: migrations),
    clock("perf::TASK-CLOCK"),
    clock("perf::CPU-CLOCK"),
  ]

  private static func faults(_ name: String) -> CounterExperiment {
    CounterExperiment(
      event: CounterEvent(name: name), work: "touch 512 fresh pages",
      tolerance: Tolerance(extra: 8), prepare: { .work { touchFreshPages(512) } })
  }

  /// These clocks run while the thread is on a CPU, also while a hypervisor or an interrupt has it,
  /// which is no CPU time of the thread.
  private static func clock(_ name: String) -> CounterExperiment {
    CounterExperiment(
      event: CounterEvent(name: name),
      work: "run for 20 ms: from the thread's CPU time to the time that passed",
      tolerance: Tolerance(below: 0.05, above: 0.05, extra: 100_000),
      prepare: { .work { spin(nanoseconds: 20_000_000) } })
  }

  /// Maps `count` pages that were never used and writes to each; returns how many.
  private static func touchFreshPages(_ count: Int) -> Effect {
    let size = Int(sysconf(Int32(_SC_PAGESIZE)))  // widens
    let memory = mmap(
      nil, count * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else { return Effect(0) }
    defer { munmap(memory, count * size) }
    // A huge page would take 512 pages in one fault.
    madvise(memory, count * size, MADV_NOHUGEPAGE)
    for page in 0..<count { memory.storeBytes(of: 1, toByteOffset: page * size, as: UInt8.self) }
    return Effect(Double(count))
  }

  private static func sleep(times: Int) -> Effect {
    for _ in 0..<times { usleep(500) }
    return Effect(Double(times))
  }

  @Sendable private static func migrations() -> Preparation {
    guard cpapi_migrate(1) > 0 else { return .impossible("this thread may use one CPU only") }
    return .work { Effect(Double(cpapi_migrate(20))) }
  }

  /// Computes for `nanoseconds` of this thread's CPU time; returns how many they really were, and
  /// how many passed.
  private static func spin(nanoseconds: Int64) -> Effect {
    let start = (thread: threadTime, clock: MonotonicClock.nanoseconds)
    while threadTime - start.thread < nanoseconds {}
    let used = threadTime - start.thread
    return Effect(Double(used), most: Double(MonotonicClock.nanoseconds - start.clock))
  }

  private static var threadTime: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

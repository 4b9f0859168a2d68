// SPDX-License-Identifier: Apache-2.0

import Children
import Convolution
import Counters
import Planning
import Statistics
import Suites
import Testing
import Workers

@testable import Measuring

@Suite("Profiling a case")
struct ProfileTests {
  private static let workers = min(2, AvailableCPUs.ids().count)

  private func profiler(
    _ contender: Contender? = nil, partition: Partition = .fixed, cache: CacheState = .warm,
    session: CounterSession? = nil
  ) throws -> CaseProfiler {
    let steps = try ["ic2ih5oc3kh3ph1", "ic3ih5oc2kh1"].map { try ProblemDescriptor.parse($0) }
    let entry = PlanEntry(
      suiteCase: SuiteCase(name: "chain", steps: steps),
      // Different layouts, so that a reorder stands between the steps.
      contender: contender ?? .variants([NaiveVariant(), NaiveVariant(layout: .nhwc)]),
      workers: Self.workers, cache: cache)
    return try CaseProfiler(
      entry, pool: try WorkerPool(count: Self.workers), session: session,
      options: MeasuringOptions(partition: partition), peakKernel: nil)
  }

  @Test(
    "The timeline has each task of each phase once per iteration, and no gap",
    arguments: Partition.allCases, [CacheState.warm, .cold])
  func timeline(_ partition: Partition, _ cache: CacheState) throws {
    let profile = try profiler(partition: partition, cache: cache)
      .profile(seconds: 0, until: Interruption())
    #expect(profile.phases.map(\.name) == ["kernel", "reorder", "kernel"])
    #expect(profile.timeline.count == Self.workers)
    let iterations = Set(profile.timeline.joined().map(\.iteration))
    #expect(!iterations.isEmpty)
    for (index, phase) in profile.phases.enumerated() {
      for iteration in iterations {
        let counts = profile.timeline.joined()
          .filter { $0.phase == index && $0.iteration == iteration }
          .map { span in if case .tasks(_, let count) = span.work { count } else { 0 } }
        #expect(counts.reduce(0, +) == phase.tasks)
        // Every worker waits once behind every phase.
        #expect(counts.count { $0 == 0 } == Self.workers)
      }
    }
    for spans in profile.timeline {
      for (span, next) in zip(spans, spans.dropFirst()) {
        #expect(span.start <= span.end)
        // Between iterations there may be one without clocks, or an eviction.
        #expect(next.iteration > span.iteration || next.start == span.end)
      }
    }
  }

  @Test("What was stopped before its first visit has one all the same")
  func stopped() throws {
    let interruption = Interruption()
    interruption.request()
    let profile = try profiler().profile(seconds: 60, until: interruption)
    #expect(profile.overhead.rounds == 1)
    #expect(profile.time.median > 0)
  }

  @Test("Tasks under the static partition are each worker's own range, in order")
  func tiles() throws {
    let profile = try profiler().profile(seconds: 0, until: Interruption())
    for (worker, spans) in profile.timeline.enumerated() {
      var next = Partition.range(
        of: worker, of: Self.workers, tasks: profile.phases[0].tasks
      ).lowerBound
      for span in spans where span.phase == 0 && span.iteration == 0 {
        guard case .tasks(let first, let count) = span.work else { continue }
        #expect(first == next)
        next = first + count
      }
    }
  }

  @Test("Shares of phases and waiting make up the whole, and the kernel alone is faster than it")
  func shares() throws {
    let profile = try profiler().profile(seconds: 0, until: Interruption())
    let busy = profile.phases.map { $0.busyNanoseconds.reduce(0, +) }
    let wait = profile.phases.map { $0.waitNanoseconds.reduce(0, +) }
    #expect(busy.allSatisfy { $0 > 0 })
    #expect(abs(busy.reduce(0, +) + wait.reduce(0, +) - profile.workerNanoseconds) < 1e-3)
    #expect(profile.phases.map(\.isArithmetic) == [true, false, true])
    let inside = try #require(profile.rateInsideKernel)
    #expect(inside > profile.rate)
    #expect(try #require(profile.imbalance) >= 1)
    #expect(profile.preparationNanoseconds > 0)
    #expect(profile.overhead.rounds >= 25)
    for phase in profile.phases {
      #expect(abs(phase.tasksPerWorker.reduce(0, +) - Double(phase.tasks)) < 1e-6)
    }
  }

  @Test(
    "Arithmetic is what convolutions do themselves, also inside a block",
    arguments: [
      ("kernel", true), ("im2col + sgemm", true), ("convolution", true),
      ("conv1+add: kernel", true),
      ("transform", false), ("sample", false), ("copy", false), ("reorder input", false),
      ("conv1: transform", false), ("kernel: reorder", false), ("add", false),
    ])
  func arithmetic(_ name: String, _ isArithmetic: Bool) {
    #expect(PhaseProfile(name: name, tasks: 1, workers: 1).isArithmetic == isArithmetic)
  }

  @Test("Each phase has its counts, or the reasons why not")
  func counters() throws {
    let session = CounterSession(
      group: CounterGroup(eventNames: ["perf::TASK-CLOCK", "perf::PAGE-FAULTS"]))
    let profile = try profiler(session: session).profile(seconds: 0, until: Interruption())
    for phase in profile.phases {
      #expect(phase.counters.count == Self.workers)
      for reading in phase.counters.joined() {
        #expect((reading.value == nil) == (reading.source.reason != nil))
      }
    }
  }

  @Test("A wrong variant is not profiled")
  func wrong() throws {
    let variants = [NaiveVariant(fault: .wrongLastOutput), NaiveVariant()]
    #expect(throws: ProfilingError.self) { try profiler(.variants(variants)).verify() }
    #expect(throws: Never.self) { try profiler().verify() }
  }

  @Test("What is not computed in this process is refused with the reason")
  func refused() throws {
    #expect(throws: ProfilingError.unsupported("because")) {
      try profiler(.unsupported(name: "k", reason: "because"))
    }
    #expect(throws: ProfilingError.self) { try profiler(.external(name: "x")) }
  }

  @Test("The loop for outside profilers computes and stops when it is asked to")
  func looping() throws {
    let stopped = Interruption()
    stopped.request()
    #expect(try profiler().loop(seconds: 60, until: stopped).iterations == 0)
    let done = try profiler().loop(seconds: 0.001, until: Interruption())
    #expect(done.iterations > 0 && done.nanoseconds > 0)
  }
}

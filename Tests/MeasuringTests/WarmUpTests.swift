// SPDX-License-Identifier: Apache-2.0

import Convolution
import ExternalPeers
import Planning
import Suites
import Testing
import Workers

@testable import Measuring

@Suite("Iterations before the clock")
struct WarmUpTests {
  @Test(
    "are as many as it takes until none is faster any more, and never fewer than three",
    arguments: [
      ([], 3), ([9], 3), ([9, 9, 9, 9], 3), ([9, 5, 4, 4, 4, 4], 3),
      ([9, 8, 7, 6, 5, 4, 4, 4], 5), ([9, 8, 7, 6, 5, 4], 5),
      // Within the precision that is asked for, nothing gets faster.
      ([9, 8, 7, 100, 100, 99.5, 99.2], 3),
      // A spike is no steady state, and does not end the warm-up.
      ([9, 8, 7, 7, 30, 5, 5, 5], 5),
    ] as [([Double], Int)])
  func count(times: [Double], expected: Int) {
    #expect(WarmUp(times: times).iterations == expected)
  }

  @Test("are the most that one of the compared needs, where that is cheap for the slowest")
  func common() {
    let all = [3, 9, 5].map { WarmUp(iterations: $0) }
    #expect(WarmUp(common: all, slowest: 1000).iterations == 9)
    #expect(WarmUp(common: all, slowest: 400_000).iterations == 5)
    #expect(WarmUp(common: all, slowest: 50_000_000).iterations == 3)
    #expect(WarmUp(common: [], slowest: 0).iterations == 3)
  }

  @Test("are looked for one by one, in long problems no further than to the fourth")
  func probe() {
    var short = 0
    let many = WarmUp.probe { () -> Double? in
      short += 1
      return 1000
    }
    #expect(many.count == 16 && short == 16)
    #expect(WarmUp.probe { 50_000_000 }.count == WarmUp.least + 1)
    #expect(WarmUp.probe { nil }.isEmpty)
  }

  @Test("are computed as often as the visit says, in this process and served alike")
  func computedCounts() throws {
    let calls = CallCount()
    let variant = NaiveVariant(calls: calls)
    let problem = try ProblemDescriptor.parse("ic2ih3oc2kh3ph1")
    let outputs = problem.problem.outputShape.count
    /// Iterations that were computed since the last call.
    func computed() -> Int {
      defer { calls.reset() }
      return calls.count / outputs
    }
    let entry = PlanEntry(
      suiteCase: SuiteCase(name: "c", steps: [problem]), contender: .variants([variant]),
      workers: 1, cache: .warm)
    let pool = try WorkerPool(count: 1)
    let data = try CaseData(entry.suiteCase, seed: 1)
    let subject = try PoolSubject(
      entry, data: data, pool: pool, counters: PoolCounters(nil, pool: pool), partition: .fixed
    ) { try entry.prepared(data) }
    let engine = ServingEngine(name: "e", version: "1", partition: .fixed) { _, _, _ in
      .variants([variant])
    }
    let prepared = try engine.prepare(
      data.operations[0], input: data.input, weights: data.weights[0], workers: 1, cpus: pool.cpus)
    guard case .ready(let handle, _, _, _) = prepared else {
      Issue.record("it was not prepared")
      return
    }
    calls.reset()
    for (iterations, warmUp) in [(5, 3), (1, 0), (2, 7)] {
      _ = try subject.sample(iterations: iterations, warmUp: warmUp)
      #expect(computed() == iterations + warmUp)
      _ = try engine.run(handle, iterations: iterations, warmUp: warmUp)
      #expect(computed() == iterations + warmUp)
    }
    // A harness of before, which asks for nothing: one iteration, as then.
    _ = try engine.run(handle, iterations: 5, warmUp: nil)
    #expect(computed() == 6)
    var cold = entry
    cold.cache = .cold
    let coldSubject = try PoolSubject(
      cold, data: data, pool: pool, counters: PoolCounters(nil, pool: pool), partition: .dynamic
    ) { try cold.prepared(data) }
    calls.reset()
    _ = try coldSubject.sample(iterations: 4, warmUp: 3)
    #expect(computed() == 4)
  }

  @Test(
    "stand before visits of comparable length",
    arguments: [
      ([1000, 1000], [250, 250]), ([1000, 500_000], [500, 1]), ([4_000_000, 31_250], [1, 128]),
      ([100_000_000, 1_000_000], [1, 25]), ([nil, 250_000], [1, 1]), ([nil], [1]),
    ] as [([Double?], [Int])])
  func lengths(times: [Double?], expected: [Int]) {
    #expect(VisitLength.iterations(times) == expected)
  }
}

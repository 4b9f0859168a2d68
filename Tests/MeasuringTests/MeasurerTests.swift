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

@Suite("Measuring a group")
struct MeasurerTests {
  private func entry(
    _ descriptors: [String], _ contender: Contender? = nil, workers: Int = 1,
    cache: CacheState = .warm, variant: NaiveVariant = NaiveVariant()
  ) throws -> PlanEntry {
    let steps = try descriptors.map { try ProblemDescriptor.parse($0) }
    return PlanEntry(
      suiteCase: SuiteCase(name: descriptors.joined(separator: "+"), steps: steps),
      contender: contender ?? .variants(steps.map { _ in variant }), workers: workers,
      cache: cache)
  }

  private func measure(
    _ entries: [PlanEntry], pairs: [PlanPair] = [], options: MeasuringOptions = MeasuringOptions(),
    externals: [String: [String]] = [:], session: CounterSession? = nil,
    interruption: Interruption = Interruption(), events: (MeasuringEvent) -> Void = { _ in }
  ) throws -> GroupResult {
    let workers = entries.map(\.workers).max() ?? 1
    let measurer = Measurer(
      pool: try WorkerPool(count: workers), session: session, options: options,
      externals: externals, interruption: interruption)
    measurer.marksDisturbance = false
    let group = PlanGroup(suite: "s", axisNames: [], entries: entries, pairs: pairs)
    return measurer.measure(group, budget: 0, events: events)
  }

  private static let small = "ic2ih3oc2kh3ph1"

  @Test("gives every entry the same number of rounds, at least six")
  func equalRounds() throws {
    let pair = PlanPair(comparison: "x", baseline: 0, contender: 1, axes: [:])
    let result = try measure(
      [try entry([Self.small]), try entry(["g2ic2ih3oc2kh3ph1"])], pairs: [pair])
    #expect(result.cases.map(\.status) == [.ok, .ok])
    #expect(result.cases[0].samples.count == result.cases[1].samples.count)
    #expect(result.cases[0].samples.count >= 6)
    #expect(result.cases[0].warmUp >= WarmUp.least)
    #expect(result.cases[0].warmUp == result.cases[1].warmUp)
    #expect(result.cases.allSatisfy { $0.stoppedBy == "budget" })
    #expect(result.pairs[0].status == .ok)
    // Whether six rounds carry an interval depends on how much they resemble each other.
    #expect(result.pairs[0].speedup != nil)
  }

  @Test(
    "reports a wrong variant and does not time it",
    arguments: [NaiveVariant.Fault.wrongLastOutput, .missingLastOutput])
  func wrongVariant(fault: NaiveVariant.Fault) throws {
    let pair = PlanPair(comparison: "x", baseline: 0, contender: 1, axes: [:])
    let result = try measure(
      [try entry([Self.small]), try entry([Self.small], variant: NaiveVariant(fault: fault))],
      pairs: [pair])
    #expect(result.cases[1].status == .wrong)
    #expect(result.cases[1].reason.contains("output[0][1][2][2]"))
    #expect(result.cases[1].time == nil)
    #expect(result.cases[0].status == .ok)
    #expect(result.pairs[0].status == .wrong)
    #expect(result.pairs[0].verdict == .inconclusive)
  }

  @Test("turns a variant that cannot be prepared into a row with the reason")
  func failedVariant() throws {
    let result = try measure([try entry([Self.small], variant: NaiveVariant(fault: .noMemory))])
    #expect(result.cases[0].status == .failed)
    #expect(result.cases[0].reason.contains("123"))
  }

  @Test("keeps the planner's reason for what is not supported")
  func unsupported() throws {
    let result = try measure([
      try entry([Self.small], .unsupported(name: "k", reason: "because"))
    ])
    #expect(result.cases[0].status == .unsupported)
    #expect(result.cases[0].reason == "because")
  }

  @Test("turns a contender that cannot be started into a row with the reason")
  func missingExternal() throws {
    let result = try measure(
      [try entry([Self.small], .external(name: "gone"))],
      externals: ["gone": ["/nonexistent/contender"]])
    #expect(result.cases[0].status == .failed)
    #expect(result.cases[0].reason.contains("/nonexistent/contender"))
  }

  @Test("calls a contender unsupported whose library is not installed")
  func absentLibrary() throws {
    let result = try measure(
      [try entry([Self.small], .external(name: "absent"))],
      externals: ["absent": ["sh", "-c", "echo no module named library >&2; exit 69"]])
    #expect(result.cases[0].status == .unsupported)
    #expect(result.cases[0].reason.contains("no module named library"))
  }

  @Test("runs a chain with a reorder between layouts, and checks every step")
  func chainWithReorder() throws {
    let steps = try [Self.small, "ic2ih3oc4kh1"].map { try ProblemDescriptor.parse($0) }
    let blocked = NaiveVariant(layout: .channelBlocked(lanes: 4))
    let chain = PlanEntry(
      suiteCase: SuiteCase(name: "chain", steps: steps),
      contender: .variants([NaiveVariant(layout: .nhwc), blocked]), workers: 1, cache: .warm)
    let good = try measure([chain])
    #expect(good.cases[0].status == .ok)
    #expect(good.cases[0].implementation == "reorder nhwc → nchw4c")
    var wrong = chain
    wrong.contender = .variants([
      NaiveVariant(layout: .nhwc),
      NaiveVariant(fault: .wrongLastOutput, layout: .channelBlocked(lanes: 4)),
    ])
    let bad = try measure([wrong])
    #expect(bad.cases[0].status == .wrong)
    #expect(bad.cases[0].reason.hasPrefix("step 2: output[0][3][2][2]"))
  }

  @Test("computes the same with every partition and worker count", arguments: Partition.allCases)
  func partitions(partition: Partition) throws {
    for workers in 1...AvailableCPUs.ids().count {
      let result = try measure(
        [try entry([Self.small], workers: workers)],
        options: MeasuringOptions(partition: partition))
      #expect(result.cases[0].status == .ok)
      let tasks = result.cases[0].shares.map(\.tasks).reduce(0, +)
      #expect(result.cases[0].shares.count == workers)
      // Quotients, of which three or more need not add up to the last bit.
      #expect(abs(tasks - 18) < 1e-9)
    }
  }

  @Test(
    "measures with cold caches", arguments: [CacheState.coldFilter, .cold], Partition.allCases)
  func coldCaches(cache: CacheState, partition: Partition) throws {
    let result = try measure(
      [try entry([Self.small], cache: cache)], options: MeasuringOptions(partition: partition))
    #expect(result.cases[0].status == .ok)
    #expect(result.cases[0].samples.count >= 6)
    #expect(result.cases[0].warmUp == 0)
  }

  @Test("counts software events per iteration for each entry")
  func counts() throws {
    let session = CounterSession(group: CounterGroup(eventNames: ["perf::TASK-CLOCK"]))
    let result = try measure(
      [try entry([Self.small]), try entry(["ic2ih5oc2kh3ph1"])], session: session)
    for row in result.cases {
      let reading = try #require(row.counters.first?.first)
      guard let value = reading.value else {
        #expect(reading.source.reason != nil)
        continue
      }
      #expect(value > 0)
      #expect(reading.source.description == "software")
    }
  }

  @Test("stops when asked, and keeps what was complete")
  func interrupted() throws {
    let before = Interruption()
    before.request()
    let nothing = try measure([try entry([Self.small])], interruption: before)
    #expect(nothing.cases[0].status == .interrupted)
    let during = Interruption()
    let partial = try measure(
      [try entry([Self.small]), try entry(["ic2ih5oc2kh3ph1"])], interruption: during
    ) { event in
      if case .round(let count, _, _) = event, count == 3 { during.request() }
    }
    #expect(partial.cases.map(\.samples.count) == [3, 3])
    #expect(partial.cases.map(\.stoppedBy) == ["interrupted", "interrupted"])
  }

  @Test("stops when the time is over, and says that nobody asked")
  func outOfTime() throws {
    let outer = Interruption()
    let over = outer.after(seconds: 0)
    #expect(over.isOutOfTime && !outer.isRequested)
    let nothing = try measure([try entry([Self.small])], interruption: over)
    #expect(nothing.cases[0].status == .interrupted)
    let later = outer.after(seconds: 3600)
    #expect(!later.isRequested && !later.isOutOfTime)
    outer.request()
    #expect(later.isRequested && !later.isOutOfTime && !over.isOutOfTime)
  }

  @Test("verifies without timing")
  func verifies() throws {
    let measurer = Measurer(
      pool: try WorkerPool(count: 1), session: nil, options: MeasuringOptions(),
      interruption: Interruption())
    let group = PlanGroup(
      suite: "s", axisNames: [], entries: [try entry([Self.small])], pairs: [])
    let result = measurer.verify(group) { _ in }
    #expect(result.cases[0].status == .ok)
    #expect(result.cases[0].samples.isEmpty)
    #expect((result.cases[0].relativeRMSError ?? 1) < 1e-6)
  }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Counters

@Suite("Experiments with known answers")
struct CounterExperimentTests {
  @Test(
    "Where the event counts, the count is what the work causes; elsewhere the reason stands",
    arguments: CounterExperiment.software.indices)
  func software(_ index: Int) async {
    let check = await onOwnThread { CounterExperiment.software[index].run() }
    switch check.outcome {
    case .agrees:
      #expect(check.reading.value.flatMap { check.accepted?.contains($0) } == true)
    case .skipped(let reason):
      #expect(!reason.isEmpty)
      #expect(check.reading.value == nil)
    case .disagrees:
      Issue.record("\(check)")
    }
  }

  @Test(
    "A hardware experiment does its work or says why not",
    arguments: CounterExperiment.hardware.indices)
  func hardware(_ index: Int) async {
    // Whether a real PMU agrees is for `list counters --check` to show, where there is one.
    let check = await onOwnThread { CounterExperiment.hardware[index].run() }
    switch check.outcome {
    case .agrees, .disagrees: #expect(check.reading.value != nil && check.expected != nil)
    case .skipped(let reason): #expect(!reason.isEmpty && check.reading.value == nil)
    }
  }

  @Test(
    "A counter that counts something else is found out",
    .enabled(if: PAPIShim.canBeBuilt, "needs a C compiler (cc, clang or gcc)"))
  func wrongCounter() async throws {
    // The virtual PMU's faults have nothing to do with pages.
    let faults = CounterExperiment.software[0]
    let session = await CounterSession.made(
      CounterGroup(name: "faults", events: [faults.event]), PAPIShim.virtual.library())
    let check = await onOwnThread { faults.run(in: session) }
    #expect(check.outcome == .disagrees)
    #expect(check.expected == 512)
    #expect(check.reading.value == 7)
    #expect(check.attempts == CounterExperiment.attempts)
  }

  @Test(
    "The work of every hardware experiment can be done, whatever it is counted by",
    .enabled(if: PAPIShim.canBeBuilt, "needs a C compiler (cc, clang or gcc)"),
    arguments: CounterExperiment.hardware.indices)
  func works(_ index: Int) async {
    let experiment = CounterExperiment.hardware[index]
    switch experiment.prepare() {
    case .impossible(let reason): #expect(!reason.isEmpty)
    case .work(let body):
      #expect(body().expected >= 200_000)
      #expect(body().expected == body().expected)
    }
  }

  @Test("Time that others took from the CPU counts as neither right nor wrong")
  func stolenTime() {
    let range = CounterExperiment.Tolerance(below: 0.05, above: 0.05, extra: 100)
      .range(around: CounterExperiment.Effect(20_000, most: 22_000))
    #expect(range == 19_000...23_200)
  }

  @Test("Each experiment is about an event of its own")
  func distinct() {
    let names = CounterExperiment.all.map(\.event.name)
    #expect(Set(names).count == names.count)
  }

  @Test("Pointers in a cycle visit every place once before they return")
  func cycle() {
    let cycle = PointerCycle(count: 257, stride: 64)
    var visited: Set<UnsafeRawPointer> = []
    var position = cycle.start
    for _ in 0..<257 {
      visited.insert(position)
      position = position.load(as: UnsafeRawPointer.self)
    }
    // A shuffled list is followed from place to place, so it is one cycle, never two.
    #expect(visited.count == 257)
    #expect(position == cycle.start)
  }
}

// SPDX-License-Identifier: Apache-2.0

import Advising
import Convolution
import Suites
import Testing

@Suite("What a network's changes come to")
struct AdviceTests {
  private func suite() throws -> Suites.Suite {
    try Suite(
      parsing: """
        { title: 'T', cases: [
          'ic64ih28oc64kh3ph1n"a*2"', 'ic64ih28oc64kh3ph1n"b*2"', 'ic64ih28oc64kh1n"c"'] }
        """, file: "f", name: "nets/net")
  }

  private func time(_ nanoseconds: Double) -> AdvisedTime {
    AdvisedTime(
      nanoseconds: nanoseconds, lower: nanoseconds, upper: nanoseconds, isMeasured: true)
  }

  private func advice(
    _ speedups: [String: (Double, ClosedRange<Double>)]
  ) throws -> Advice {
    let suite = try suite()
    let times = ["a": 1000.0, "b": 1000, "c": 200]
    let ideas = IdeaMaker(lanes: 16).ideas(for: suite).map { idea in
      let before = idea.layers.reduce(0) { $0 + (times[$1.name] ?? 0) }
      var advised = AdvisedIdea(idea, before: time(before), after: nil)
      if let found = speedups[idea.replacement.name] {
        advised.take(nanoseconds: before, speedup: found.0, in: found.1)
      }
      return advised
    }
    return Advice(
      network: suite.name,
      layers: suite.cases.map { Advice.Layer($0, time: time(times[$0.name] ?? 0)) }, ideas: ideas)
  }

  @Test("savings count as often as the network has the layer, with the bounds of the speedup")
  func savings() throws {
    let advice = try advice(["a: groups of 4": (2, 1.6...2.5)])
    #expect(advice.total == 2 * 1000 + 2 * 1000 + 200)
    let first = try #require(advice.ideas.first)
    #expect(first.isMeasured && first.idea.detail == "groups of 4")
    #expect(first.saving?.nanoseconds == 1000)
    let saving = try #require(first.saving)
    #expect(abs(saving.lower - 2 * (1000 - 625)) < 1e-9)
    #expect(abs(saving.upper - 2 * (1000 - 400)) < 1e-9)
    #expect(first.speedup?.value == 2)
    let interval = try #require(first.speedup?.interval)
    #expect(abs(interval.lowerBound - 1.6) < 1e-9 && abs(interval.upperBound - 2.5) < 1e-9)
  }

  @Test("changes made together are the best of each layer, and overlap nowhere")
  func chosen() throws {
    let advice = try advice([
      "a: groups of 2": (1.5, 1.4...1.6), "a: groups of 4": (2, 1.9...2.1),
      "a + b: groups of 4 with shuffle": (1.6, 1.5...1.7), "b: groups of 8": (3, 2.9...3.1),
      "c: groups of 2": (1.1, 0.9...1.2), "b: skip connection": (1.2, 1.1...1.3),
    ])
    // The shuffled pair saves 2·750 and the two changes of its layers 2·667 and 2·500; c may lose time.
    #expect(
      advice.ideas.filter(\.isMeasured).map(\.idea.replacement.name).prefix(3) == [
        "a + b: groups of 4 with shuffle", "b: groups of 8", "a: groups of 4",
      ])
    #expect(
      advice.chosen.map(\.idea.replacement.name) == ["b: groups of 8", "a: groups of 4"])
    let changed = advice.changed
    #expect(abs(changed.nanoseconds - (4200 - 4000 / 3 - 1000)) < 1e-6)
    #expect(changed.lower < changed.nanoseconds && changed.nanoseconds < changed.upper)
  }

  @Test("the changed network is a suite: what stays, and each change against what it replaces")
  func suiteOfChanges() throws {
    let advice = try advice(["a: groups of 4": (2, 1.9...2.1), "c: groups of 2": (1.2, 1.1...1.3)])
    let changed = advice.suite
    #expect(changed.comparisons.map(\.name) == ["a: groups of 4", "c: groups of 2"])
    #expect(
      changed.cases.map(\.name) == ["b", "a", "a: groups of 4", "c", "c: groups of 2"])
    #expect(changed.suiteCase(named: "a: groups of 4")?.multiplicity == 2)
    let again = try Suite(parsing: SuiteWriter.text(changed), file: "w", name: changed.name)
    #expect(again == changed)
    #expect(try self.advice([:]).suite.comparisons.isEmpty)
  }

  @Test("what nobody knows stands last")
  func unknown() throws {
    let advice = try advice(["c: groups of 2": (0.5, 0.4...0.6)])
    #expect(advice.ideas[0].saving?.nanoseconds == -200)
    #expect(advice.ideas.dropFirst().allSatisfy { $0.saving == nil })
    #expect(advice.chosen.isEmpty)
  }
}

// SPDX-License-Identifier: Apache-2.0

import Convolution
import ExternalPeers
import Foundation
import Planning
import Suites
import Testing
import Workers

@testable import Measuring

@Suite("An entry of a plan for another build")
struct ServedEntryTests {
  private func entry(_ contender: Contender, selection: String? = nil) throws -> PlanEntry {
    let steps = try ["ic2ih3oc2kh3ph1", "ic2ih3oc4kh1"].map { try ProblemDescriptor.parse($0) }
    return PlanEntry(
      suiteCase: SuiteCase(name: "chain", steps: steps), contender: contender,
      selection: selection, workers: 1, cache: .coldFilter)
  }

  /// Builds of other commits read this: whoever changes it raises `ServedEntry.version`.
  @Test("is the JSON that builds with the same number of form exchange")
  func form() throws {
    let variants = Contender.variants([NaiveVariant(), NaiveVariant()])
    let served = ServedEntry(try entry(variants, selection: "fast"), seed: 7)
    #expect(ServedEntry.version == 1)
    let stored = try Self.stored()
    #expect(try served.json == stored[0])
    #expect(try ServedEntry(json: stored[0]) == served)
    // What was named is named to the other build, too; what was picked, it picks itself.
    #expect(served.kernel == "best")
    #expect(ServedEntry(try entry(variants), seed: 7).kernel == "naive/nchw")
    var block = OperationGraph(
      input: ActivationShape(batch: 1, channels: 2, extent: Extent(3, 3)))
    let dense = try ProblemDescriptor.parse("ic2ih3oc2kh3ph1").problem
    try block.append("a", .convolution(dense, hasBias: true), reading: ["input"])
    try block.append("out", .add, reading: ["a", "input"])
    var other = served
    other.suiteCase = SuiteCase(name: "block", graph: block, form: .unfused)
    #expect(try other.json == stored[1])
    #expect(try ServedEntry(json: stored[1]) == other)
  }

  /// A chain and a block, as other builds may have written them.
  private static func stored() throws -> [String] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/served-entries.jsonl")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private func engine(_ fault: NaiveVariant.Fault) -> ServingEngine {
    ServingEngine(name: "e", version: "1", partition: .fixed) { suiteCase, kernel, _ in
      kernel == "naive/nchw"
        ? .variants(suiteCase.steps.map { _ in NaiveVariant(fault: fault) })
        : .unsupported(name: "", reason: "no \(kernel ?? "kernel")")
    }
  }

  @Test("is prepared, checked where that is asked for, timed and forgotten")
  func prepared() throws {
    var warm = try entry(.variants([NaiveVariant(), NaiveVariant()]))
    warm.cache = .warm
    let json = try ServedEntry(warm, seed: 1).json
    let right = engine(.none)
    #expect(right.hello.plans == ServedEntry.version)
    let prepared = try right.prepare(entry: json, verifies: true, cpus: [])
    #expect(prepared == .ready(handle: 1, layout: "nchw", implementation: "naive/nchw"))
    #expect(try right.run(1, iterations: 3, warmUp: 3).nanoseconds > 0)
    try right.release(1)
    #expect(throws: SubjectFailure.failed("no problem has the handle 1")) { try right.release(1) }
    let wrong = engine(.wrongLastOutput)
    guard case .wrong(let text) = try wrong.prepare(entry: json, verifies: true, cpus: []) else {
      Issue.record("a wrong output passes")
      return
    }
    #expect(text.hasPrefix("step 1: output[0][1][2][2]"), "\(text)")
    guard case .ready = try wrong.prepare(entry: json, verifies: false, cpus: []) else {
      Issue.record("what nobody checks is ready")
      return
    }
  }

  @Test("of another form, or that this build cannot compute, is refused with the reason")
  func refused() throws {
    let engine = engine(.none)
    #expect(throws: SubjectFailure.self) {
      try engine.prepare(entry: "{}", verifies: false, cpus: [])
    }
    let steps = try ["ic1ih3oc2kh3ph1", "ic3ih3oc2kh1"].map { try ProblemDescriptor.parse($0) }
    for steps in [[], steps] {
      let entry = PlanEntry(
        suiteCase: SuiteCase(name: "x", steps: steps),
        contender: .unsupported(name: "best", reason: ""), workers: 1, cache: .warm)
      #expect(throws: SubjectFailure.self) {
        try engine.prepare(entry: ServedEntry(entry, seed: 1).json, verifies: false, cpus: [])
      }
    }
    let unread = try Self.stored()[0].replacing("ic2ih3oc2kh3ph1", with: "frob")
    let error = #expect(throws: SubjectFailure.self) { try ServedEntry(json: unread) }
    let text = error?.description ?? ""
    #expect(text.contains("‘suiteCase.steps[0].problem’ is not accepted: "), "\(text)")
    #expect(text.contains("frob"), "\(text)")
    let picked = try entry(.variants([NaiveVariant()]), selection: "fast")
    #expect(
      try engine.prepare(entry: ServedEntry(picked, seed: 1).json, verifies: false, cpus: [])
        == .unsupported(reason: "no best"))
  }
}

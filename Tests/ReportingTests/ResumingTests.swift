// SPDX-License-Identifier: Apache-2.0

import Convolution
import Counters
import Foundation
@testable import Measuring
import Planning
import Statistics
import Suites
import Testing

@testable import Reporting

@Suite("A run that was stopped")
struct ResumingTests {
  private let limits = MachineLimits(
    machine: "m", measuredAt: "", peaks: [], bandwidths: [], forkJoins: [], clockNanoseconds: 20)

  private func group(_ descriptor: String) throws -> PlanGroup {
    let entry = PlanEntry(
      suiteCase: SuiteCase(name: descriptor, steps: [try ProblemDescriptor.parse(descriptor)]),
      contender: .unsupported(name: "k", reason: ""), workers: 1, cache: .warm)
    return PlanGroup(suite: "s", axisNames: [], entries: [entry], pairs: [])
  }

  private func result(_ group: PlanGroup, stoppedBy: String = "precision") -> GroupResult {
    var result = CaseResult(entry: group.entries[0], status: .ok)
    result.samples = [10, 11, 12, 13, 14, 15]
    result.time = Estimate(samples: result.samples)
    result.iterations = 1
    result.stoppedBy = stoppedBy
    result.shares = [WorkerShare(worker: 0, cpu: 0, busyNanoseconds: 9, tasks: 1)]
    return GroupResult(group: group, cases: [result], pairs: [])
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url)
  }

  private func folder(_ url: URL) throws -> RunFolder {
    try RunFolder(url, group: CounterGroup(eventNames: []), limits: limits)
  }

  private func text(_ url: URL, _ file: String) throws -> String {
    try String(contentsOf: url.appending(path: "s/\(file)"), encoding: .utf8)
  }

  private let files = [
    "measurements.csv", "comparisons.csv", "workers.csv", "samples.csv", "metrics.csv",
  ]

  @Test("continues behind its last complete group, to the same files", arguments: [0, 1, 7, 30])
  func continues(cut: Int) throws {
    let groups = try ["ic1ih4oc1kh1", "ic2ih4oc2kh1", "ic3ih4oc3kh1"].map { try group($0) }
    try withFolder { url in
      let whole = try folder(url)
      for group in groups { try whole.append(result(group)) }
      let expected = try files.map { try text(url, $0) }
      for file in ["measurements.csv", "workers.csv", "samples.csv"] where cut > 0 {
        let bytes = try Data(contentsOf: url.appending(path: "s/\(file)"))
        try bytes.dropLast(cut).write(to: url.appending(path: "s/\(file)"))
      }
      let again = try folder(url)
      let finished = try again.resume(suite: "s", axes: [], groups: groups)
      #expect(finished == (cut == 0 ? 3 : 2))
      for group in groups.dropFirst(finished) { try again.append(result(group)) }
      #expect(try files.map { try text(url, $0) } == expected)
    }
  }

  @Test("measures the group again in which it was interrupted")
  func interrupted() throws {
    let groups = try ["ic1ih4oc1kh1", "ic2ih4oc2kh1"].map { try group($0) }
    try withFolder { url in
      let stopped = try folder(url)
      try stopped.append(result(groups[0]))
      try stopped.append(result(groups[1], stoppedBy: "interrupted"))
      let again = try folder(url)
      #expect(try again.resume(suite: "s", axes: [], groups: groups) == 1)
      #expect(try CSVTable(reading: url.appending(path: "s/samples.csv")).rows.count == 6)
    }
  }

  @Test("counts rounds that a disturbance left out as rows of samples")
  func disturbed() throws {
    let groups = try ["ic1ih4oc1kh1", "ic2ih4oc2kh1"].map { try group($0) }
    let results = groups.map { group in
      var result = result(group)
      result.cases[0].samples = [10, 11, 12, 99, 13, 14, 15]
      result.cases[0].counted = [true, true, true, false, true, true, true]
      return result
    }
    try withFolder { url in
      let whole = try folder(url)
      for result in results { try whole.append(result) }
      let expected = try files.map { try text(url, $0) }
      let again = try folder(url)
      #expect(try again.resume(suite: "s", axes: [], groups: groups) == 2)
      #expect(try files.map { try text(url, $0) } == expected)
    }
  }

  @Test("is refused where the plan has become another, and where columns have")
  func refused() throws {
    let groups = try ["ic1ih4oc1kh1", "ic2ih4oc2kh1"].map { try group($0) }
    try withFolder { url in
      try folder(url).append(result(groups[0]))
      #expect(throws: ReportingError.self) {
        try folder(url).resume(suite: "s", axes: [], groups: [groups[1]])
      }
      #expect(throws: ReportingError.self) {
        try folder(url).resume(suite: "s", axes: ["new"], groups: groups)
      }
      #expect(throws: ReportingError.self) { try RunFolder.record(of: url) }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

import Convolution
import Counters
import Foundation
import Inputs
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
    RunFolder(
      try OutputFolder(url, for: .run), group: CounterGroup(eventNames: []), limits: limits)
  }

  /// Resumes the run at `url`, and lets go of its folder.
  private func resume(
    _ url: URL, _ groups: [PlanGroup], axes: [String] = [],
    then body: (RunFolder, Int) throws -> Void
  ) throws {
    let folder = RunFolder(
      try OutputFolder(continuing: url), group: CounterGroup(eventNames: []), limits: limits)
    try body(folder, try folder.resume(suite: "s", axes: axes, groups: groups))
  }

  /// A new run of `results`, which lets go of its folder.
  private func write(_ results: [GroupResult], to url: URL) throws {
    let folder = try folder(url)
    for result in results { try folder.append(result) }
  }

  private func text(_ url: URL, _ file: String) throws -> String {
    try String(contentsOf: url.appending(path: "s/\(file)"), encoding: .utf8)
  }

  private let files = [
    "measurements.csv", "comparisons.csv", "workers.csv", "samples.csv", "metrics.csv",
    "groups.csv",
  ]

  @Test(
    "continues behind its last complete group, to the same files, wherever it was killed",
    arguments: [0, 1, 7, 30],
    [
      ["measurements.csv", "workers.csv", "samples.csv"], ["workers.csv"], ["samples.csv"],
      ["groups.csv"],
    ])
  func continues(cut: Int, cutFiles: [String]) throws {
    let groups = try ["ic1ih4oc1kh1", "ic2ih4oc2kh1", "ic3ih4oc3kh1"].map { try group($0) }
    try withFolder { url in
      try write(groups.map { result($0) }, to: url)
      let expected = try files.map { try text(url, $0) }
      for file in cutFiles where cut > 0 {
        let bytes = try Data(contentsOf: url.appending(path: "s/\(file)"))
        try bytes.dropLast(cut).write(to: url.appending(path: "s/\(file)"))
      }
      // A group counts with its whole mark; the first line is the header.
      let marks = try text(url, "groups.csv").count { $0 == "\n" } - 1
      try resume(url, groups) { again, finished in
        #expect(finished == min(cut == 0 ? 3 : 2, max(0, marks)))
        for group in groups.dropFirst(finished) { try again.append(result(group)) }
      }
      #expect(try files.map { try text(url, $0) } == expected)
    }
  }

  @Test("measures the group again in which it was interrupted")
  func interrupted() throws {
    let groups = try ["ic1ih4oc1kh1", "ic2ih4oc2kh1"].map { try group($0) }
    try withFolder { url in
      try write([result(groups[0]), result(groups[1], stoppedBy: "interrupted")], to: url)
      try resume(url, groups) { #expect($1 == 1) }
      #expect(try CSVTable(.samples, in: url.appending(path: "s")).rows.count == 6)
    }
  }

  @Test("measures what a budget did not reach, and the group that it cut")
  func outOfTime() throws {
    let groups = try ["ic1ih4oc1kh1", "ic2ih4oc2kh1", "ic3ih4oc3kh1"].map { try group($0) }
    try withFolder { url in
      var cut = result(groups[1], stoppedBy: "interrupted").stopped(byBudget: 2)
      cut.cases[0].samples = [10, 11]
      let none = CaseResult(
        entry: groups[2].entries[0], status: .interrupted, reason: "stopped before it began")
      let never = GroupResult(group: groups[2], cases: [none], pairs: []).stopped(byBudget: 2)
      #expect(cut.cases[0].stoppedBy == "budget" && cut.cases[0].status == .ok)
      #expect(never.cases[0].status == .budget)
      #expect(never.cases[0].reason == "the budget of 2.0 s was spent: stopped before it began")
      // Six rounds are what was asked for.
      #expect(!result(groups[0], stoppedBy: "interrupted").stopped(byBudget: 2).isUnfinished)
      try write([result(groups[0]), cut, never], to: url)
      try resume(url, groups) { #expect($1 == 1) }
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
      try write(results, to: url)
      let expected = try files.map { try text(url, $0) }
      try resume(url, groups) { #expect($1 == 2) }
      #expect(try files.map { try text(url, $0) } == expected)
    }
  }

  @Test("is refused where the plan has become another, and where columns have")
  func refused() throws {
    let groups = try ["ic1ih4oc1kh1", "ic2ih4oc2kh1"].map { try group($0) }
    try withFolder { url in
      try write([result(groups[0])], to: url)
      #expect(throws: ReportingError.self) { try resume(url, [groups[1]]) { _, _ in } }
      #expect(throws: ReportingError.self) {
        try resume(url, groups, axes: ["new"]) { _, _ in }
      }
      for word in ["x", "-1", "1e3"] {
        try Data("\(RunTable.groups.columns.joined(separator: ","))\n1,0,1,\(word),0\n".utf8)
          .write(to: url.appending(path: "s/groups.csv"))
        #expect {
          try resume(url, groups) { _, _ in }
        } throws: {
          guard case ReportingError.cannotRead(let path, let reason) = $0 else { return false }
          return path.hasSuffix("s/groups.csv") && reason.contains("line 2")
        }
      }
      try FileManager.default.removeItem(at: url.appending(path: "s/groups.csv"))
      #expect(throws: ReportingError.self) { try resume(url, groups) { _, _ in } }
      #expect(throws: ReportingError.self) { try RunFolder.record(of: url) }
    }
  }

  @Test("is neither continued nor written over while it is under way, and nobody empties it later")
  func owned() throws {
    let groups = try [group("ic1ih4oc1kh1")]
    try withFolder { url in
      var run: RunFolder? = try folder(url)
      try run?.append(result(groups[0]))
      #expect {
        try OutputFolder(url, for: .run)
      } throws: {
        guard case ReportingError.inUse(_, let owner) = $0 else { return false }
        return owner.contains("process \(getpid())")
      }
      #expect {
        try OutputFolder(continuing: url)
      } throws: {
        guard case ReportingError.cannotResume = $0 else { return false }
        return true
      }
      run = nil
      let before = try text(url, "samples.csv")
      for number in 1...2 {
        try write([result(groups[0])], to: url)
        let moved = url.appending(path: "earlier/\(number)/s/samples.csv")
        #expect(try String(contentsOf: moved, encoding: .utf8) == before)
      }
    }
  }

  @Test("of a suite in a folder of suites is moved, too; the run of a gate beside it is not")
  func nested() throws {
    try withFolder { url in
      for file in ["networks/x/measurements.csv", "run-1/run.json", "run-1/s/measurements.csv"] {
        let target = url.appending(path: file)
        try FileManager.default.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.utf8).write(to: target)
      }
      _ = try OutputFolder(url, for: .run)
      let moved = url.appending(path: "earlier/1/networks/x/measurements.csv")
      #expect(FileManager.default.fileExists(atPath: moved.path()))
      let left = url.appending(path: "run-1/s/measurements.csv")
      #expect(FileManager.default.fileExists(atPath: left.path()))
    }
  }

  @Test("and whose folder was removed on the way says so")
  func removed() throws {
    let groups = try ["ic1ih4oc1kh1", "ic2ih4oc2kh1"].map { try group($0) }
    try withFolder { url in
      let run = try folder(url)
      try run.append(result(groups[0]))
      try FileManager.default.removeItem(at: url)
      #expect {
        try run.append(result(groups[1]))
      } throws: {
        guard case ReportingError.cannotWrite(_, let reason) = $0 else { return false }
        return reason.contains("removed")
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Counters
internal import Foundation
internal import Reporting

/// What `list counters` prints: which events count here, and with `--check` whether they count
/// right.
struct CounterListing {
  private let group: String?
  private let isChecking: Bool

  init(_ arguments: Arguments) {
    group = arguments.value("--counters")
    isChecking = arguments.has("--check")
  }

  /// - Throws: `CounterGroupError`.
  func print() throws -> ExitCode {
    let folders = [ProjectFolder.counterGroups]
    let names = group.map { [$0] } ?? CounterGroup.names(in: folders)
    let groups = try names.map { try CounterGroup.named($0, searching: folders) }
    if isChecking { return check(groups) }
    for group in groups {
      Console.out("\(group.name): \(group.summary)")
      for line in lines(group) { Console.out(line) }
    }
    return .success
  }

  private func lines(_ group: CounterGroup) -> [String] {
    if group.name == SimulatedEvent.groupName {
      return ["  " + (ValgrindTool().map { "simulated by \($0.path)" } ?? ValgrindTool.absence)]
    }
    var table = TextTable([("event", .left), ("counts here", .left), ("source", .left)])
    for event in CounterSession(group: group).events {
      table.append([
        event.event.name, event.isCountable ? "yes" : "no", event.provenance.description,
      ])
    }
    return table.lines(width: ConsoleWidth.ofTables)
  }

  /// Runs the experiments; with a group those for its events only.
  private func check(_ groups: [CounterGroup]) -> ExitCode {
    let wanted = group == nil ? nil : Set(groups.flatMap(\.events).map(\.name))
    let checks = CounterExperiment.all
      .filter { wanted?.contains($0.event.name) ?? true }.map { $0.run() }
    for line in CounterCheckReport.lines(checks, width: ConsoleWidth.ofTables) { Console.out(line) }
    return checks.contains { $0.outcome == .disagrees } ? .wrongResult : .success
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Counters
internal import Foundation
internal import Measuring
internal import Planning

/// The counters of a run that are simulated instead of counted.
struct SimulatedGroup {
  private let group: CounterGroup
  private let counts: SimulatedCounts?
  /// Why nothing was simulated; nil where something was.
  let reason: String?

  /// Simulates `task`; nil where `group` is counted and not simulated.
  init?(_ group: CounterGroup, _ task: @autoclosure () -> SimulationTask, isSilent: Bool) {
    guard group.name == SimulatedEvent.groupName else { return nil }
    self.group = group
    guard let valgrind = ValgrindTool() else {
      (counts, reason) = (nil, ValgrindTool.absence)
      return
    }
    let program = Bundle.main.executablePath ?? ProcessInfo.processInfo.arguments[0]
    let simulation = CountSimulation(
      valgrind: valgrind, program: program, .task(task()), isSilent: isSilent)
    do throws(SimulationError) {
      counts = try simulation.run()
      reason = nil
    } catch {
      guard case .failed(let text) = error else { return nil }
      (counts, reason) = (nil, "Valgrind failed: \(text)")
    }
  }

  /// The result with the simulated counts of its cases.
  func filling(_ result: GroupResult) -> GroupResult {
    var result = result
    for place in result.cases.indices where result.cases[place].time != nil {
      let entry = result.cases[place].entry
      let readings =
        counts?.readings(of: entry, suite: result.group.suite, group: group)
        ?? group.events.map {
          CounterReading(
            name: $0.name, alias: $0.alias, value: nil, source: .unavailable(reason ?? ""))
        }
      result.cases[place].counters = [readings]
    }
    return result
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Comparing
internal import Foundation
internal import Gating
internal import Measuring
internal import Workers

extension MachineDoctor {
  /// So many relinks: with 12 cases each, the 95 % quantile is not their maximum.
  static let relinks = 6

  /// The floor by layout that was measured before, with the time at which it was.
  static func kept(machine: String) -> StoredNoiseFloor.Layout? {
    guard let stored = noiseFloor(machine: machine), var layout = stored.layout else { return nil }
    layout.measuredAt = layout.measuredAt ?? stored.measuredAt
    return layout
  }

  /// This build against relinks of itself, over the cases of a gate.
  static func layouts(
    _ interruption: Interruption, at time: String, load: Double?
  ) throws -> StoredNoiseFloor.Layout? {
    let plan = try GatePlan(Arguments([], accepting: GateSettings.all), suites: [])
    let study = LayoutStudy(
      entries: plan.entries, isInterrupted: { interruption.isRequested })
    var differences: [[Double]] = []
    for seed in 1...relinks where !interruption.isRequested {
      Console.error("relink \(seed) of \(relinks)")
      let relinked: RelinkedBuild
      do throws(RelinkError) {
        relinked = try RelinkedBuild(of: URL(filePath: BuildGate.ownProgram), seed: seed)
      } catch {
        Console.error("note: no floor by layout: \(error)")
        return nil
      }
      defer { relinked.remove() }
      differences.append(try compare(study, with: relinked))
    }
    var floor = LayoutStudy.floor(differences)
    floor?.measuredAt = time
    floor?.loadAverage = load
    return floor
  }

  /// What this build and the same one linked anew differ by.
  private static func compare(
    _ study: LayoutStudy, with relinked: RelinkedBuild
  ) throws -> [Double] {
    let cpus = Array(AvailableCPUs.ids().prefix(1))
    let programs = [BuildGate.ownProgram, relinked.program.path(percentEncoded: false)]
    return try study.differences { (side: GateSide) throws(SubjectFailure) in
      try ServedBuild(
        side, command: [programs[side == .base ? 0 : 1], "serve"], cpus: cpus, seed: 1)
    }
  }
}

extension StoredNoiseFloor.Layout {
  /// A line for people.
  var text: String {
    let percent = { (share: Double) in String(format: "%.2f %%", 100 * share) }
    return "with its functions in another order (\(relinks) relinks, \(comparisons) comparisons): "
      + "±\(percent(relative)) in 95 % of the cases, \(percent(largest)) at most"
  }
}

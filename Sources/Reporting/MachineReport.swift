// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation
internal import Machine
public import Measuring

/// What `machine` prints.
public enum MachineReport {
  /// Tables for a person, in at most `width` characters.
  public static func lines(
    _ environment: RunEnvironment, _ limits: MachineLimits, width: Int? = nil
  ) -> [String] {
    facts(environment) + ["", "FMA peak"] + peaks(limits, width) + ["", "bandwidth"]
      + bandwidths(limits, width) + ["", "overheads"] + overheads(limits)
      + ["", "  measured \(limits.measuredAt)\(limits.surroundings.map(beside) ?? "")"]
      + [limits.doubt].compactMap { $0 }.map { "  \($0)" }
  }

  private static func beside(_ surroundings: MachineLimits.Surroundings) -> String {
    let load = surroundings.loadAverage.map { "\($0)" } ?? "unknown"
    return ", load \(load), \(surroundings.disturbedTries) of \(surroundings.tries) tries "
      + "interrupted"
  }

  /// Both as one JSON object.
  /// - Throws: an encoding error where a number is not finite.
  public static func json(
    _ environment: RunEnvironment, _ limits: MachineLimits
  ) throws -> String {
    struct Machine: Encodable {
      var environment: RunEnvironment
      var limits: MachineLimits
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(Machine(environment: environment, limits: limits))
    return String(decoding: data, as: UTF8.self)
  }

  private static func facts(_ environment: RunEnvironment) -> [String] {
    let caches = environment.caches.map { "L\($0.level) \($0.bytes >> 10) KiB" }
    let usable = environment.allowedCPUs.map(String.init).joined(separator: ", ")
    let hidden = "not shown by this system"
    let virtual = environment.virtualMachine ? " (virtual machine)" : ""
    let rows: [(String, String)] = [
      ("machine", environment.machineKey),
      ("CPU", environment.cpuModel + virtual),
      ("CPUs", "\(environment.onlineCPUs) online, usable: \(usable)"),
      ("quota", environment.cgroupCPUQuota.map { "\($0) CPUs" } ?? "none"),
      ("caches", caches.joined(separator: ", ")),
      (
        "memory",
        "\(environment.memoryBytes >> 20) MiB"
          + (environment.cgroupMemoryLimit.map { ", control group \($0 >> 20) MiB" } ?? "")
      ),
      ("governor", environment.governor ?? hidden),
      ("turbo", onOff(environment.turbo) ?? hidden),
      ("SMT", onOff(environment.simultaneousMultithreading) ?? hidden),
      ("load", environment.loadAverage.map { "\($0)" } ?? "unknown"),
      ("system", "\(environment.distribution), Linux \(environment.kernel)"),
      ("build", "\(environment.compiler), revision \(environment.revision ?? "unknown")"),
    ]
    return rows.map { name, value in
      "  " + name + String(repeating: " ", count: 10 - name.count) + value
    }
  }

  private static func onOff(_ value: Bool?) -> String? { value.map { $0 ? "on" : "off" } }

  private static func peaks(_ limits: MachineLimits, _ width: Int?) -> [String] {
    var table = TextTable(
      [
        ("instruction set", .left), ("workers", .right), ("GFLOP/s", .right),
        ("FLOP/cycle", .right), ("pipes", .right), ("of clock × lanes × 2 × pipes", .right),
      ], expendable: ["of clock × lanes × 2 × pipes", "pipes"])
    for peak in limits.peaks {
      let why = lanes(peak).flatMap { limits.explanation(of: peak, lanes: $0) }
      table.append([
        peak.dataType.map { "\(peak.instructionSet), \($0.rawValue)" } ?? peak.instructionSet,
        String(peak.workers), one(peak.gflopPerSecond),
        why.map { one($0.flopPerCycle) } ?? "—", why.map { String($0.pipes) } ?? "—",
        why.map { String(format: "%.1f %%", 100 * $0.agreement) } ?? "—",
      ])
    }
    let clocks = (limits.clocks ?? []).map {
      "  clock with \($0.workers) at work: \(String(format: "%.3f", $0.gigahertz)) GHz "
        + "(a chain of additions)"
    }
    return table.lines(width: width) + clocks
  }

  /// Products of one instruction; nil for baseline x86-64, which has no fused ones.
  private static func lanes(_ peak: MachineLimits.Peak) -> Int? {
    if peak.instructionSet == MachineLimits.scalarName { return 1 }
    let set = InstructionSet(rawValue: peak.instructionSet)
    return set == .baseline ? nil : set.map { $0.lanes * (peak.dataType ?? .f32).quantum }
  }

  private static func bandwidths(_ limits: MachineLimits, _ width: Int?) -> [String] {
    var table = TextTable(
      [
        ("level", .left), ("workers", .right), ("KiB each", .right), ("read GB/s", .right),
        ("write GB/s", .right), ("triad GB/s", .right),
      ], expendable: ["KiB each"])
    for level in limits.bandwidths {
      table.append([
        level.level, String(level.workers), String(level.bytesPerWorker >> 10),
        one(level.readGBPerSecond), one(level.writeGBPerSecond), one(level.triadGBPerSecond),
      ])
    }
    return table.lines(width: width)
  }

  private static func overheads(_ limits: MachineLimits) -> [String] {
    limits.forkJoins.map {
      "  fork and join of \($0.workers) workers: \(one($0.nanoseconds)) ns (median)"
    } + ["  reading the clock: \(one(limits.clockNanoseconds)) ns (median)"]
  }

  private static func one(_ value: Double) -> String { String(format: "%.1f", value) }
}

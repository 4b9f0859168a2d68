// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// Other work beside a measurement, as far as the load average tells.
public enum MachineLoad {
  /// With more load than this for each CPU, what was measured is the load and not the machine.
  public static let mostPerCPU = 0.5

  /// The load average of the last minute; nil where the system does not show it.
  public static var average: Double? {
    TextFile.read("/proc/loadavg")?.split(separator: " ").first
      .flatMap { Double(reading: $0, in: Double.notNegative) }
  }

  /// Why what was measured at a load `average` is not kept; nil where it is, or the load is not
  /// known.
  public static func reasonAgainst(_ average: Double?, cpus: Int) -> String? {
    guard let average, average > mostPerCPU * Double(cpus) else { return nil }
    return "the load average was \(average) on \(cpus) CPUs; kept is what was measured at "
      + "\(mostPerCPU) a CPU or less"
  }
}

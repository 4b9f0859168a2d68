// SPDX-License-Identifier: Apache-2.0

/// A fact about the surroundings that differs between two runs.
public struct EnvironmentDifference: Codable, Hashable, Sendable {
  /// The key inside `environment` of run.json, or `libraries.NAME`.
  public var key: String
  /// What the first run has; nil where it says nothing.
  public var first: String?
  /// What the second run has; nil where it says nothing.
  public var second: String?

  /// Facts that change from run to run on one and the same machine.
  static let volatileKeys: Set = ["loadAverage"]

  /// The differences between two runs, sorted by key; what always changes is left out.
  public static func between(_ first: StoredRun, _ second: StoredRun) -> [EnvironmentDifference] {
    between(first.environment, second.environment)
  }

  /// The differences between two sets of facts, sorted by key; what always changes is left out.
  public static func between(
    _ first: [String: String], _ second: [String: String]
  ) -> [EnvironmentDifference] {
    Set(first.keys).union(second.keys).subtracting(volatileKeys).sorted()
      .filter { first[$0] != second[$0] }
      .map { EnvironmentDifference(key: $0, first: first[$0], second: second[$0]) }
  }

  /// What tells a CPU from others of the same name; records of before there was one have none.
  static let fingerprint = "fingerprint"

  /// Whether times before and after are of different machines: another CPU, other caches, another
  /// set of CPUs or another frequency policy.
  public var isOfMachine: Bool {
    let keys: Set = [
      "machine", "cpuModel", "onlineCPUs", "allowedCPUs", "cgroupCPUQuota", "governor", "turbo",
      "simultaneousMultithreading", "virtualMachine", "transparentHugePages",
    ]
    if key == Self.fingerprint { return first != nil && second != nil }
    return keys.contains(key) || key.hasPrefix("caches.")
  }

  /// One line: key, before, after.
  public var text: String { "\(key): \(first ?? "not known") → \(second ?? "not known")" }
}

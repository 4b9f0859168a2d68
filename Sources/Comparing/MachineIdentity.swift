// SPDX-License-Identifier: Apache-2.0

/// What makes two runs those of one machine: CPU, set of CPUs, and their time.
struct MachineIdentity: Hashable, Sendable {
  /// CPU model and core count.
  let machine: String
  /// What tells it from others of the same name; nil in records of before there was one.
  let fingerprint: String?
  private let cpus: String
  private let isWhole: Bool
  private let quota: String?

  init(_ run: StoredRun) {
    machine = run.machine
    fingerprint = run.environment[EnvironmentDifference.fingerprint]
    cpus = run.environment["allowedCPUs"] ?? ""
    let online = run.environment["onlineCPUs"]
    isWhole = online == nil || online == "\(cpus.split(separator: ",").count)"
    quota = run.environment["cgroupCPUQuota"]
  }

  /// In words, with the CPU set where that is not all of the machine.
  var name: String { text(machine) }

  /// The same with the fingerprint, where several machines have one name.
  var longName: String { text([machine, fingerprint].compactMap { $0 }.joined(separator: "-")) }

  private func text(_ first: String) -> String {
    ([first] + (isWhole ? [] : ["CPUs \(cpus)"]) + (quota.map { ["\($0) CPUs' time"] } ?? []))
      .joined(separator: ", ")
  }
}

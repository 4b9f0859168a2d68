// SPDX-License-Identifier: Apache-2.0

extension CounterEnvironment: CustomStringConvertible {
  /// One line: `no PMU, virtual machine, perf_event_paranoid 2, root`.
  public var description: String {
    let facts = [
      hasPMU ? "PMU" : "no PMU", isVirtual ? "virtual machine" : nil,
      isContainer ? "container" : nil, isFiltered ? "seccomp filter" : nil,
      paranoid.map { "perf_event_paranoid \($0)" } ?? "no perf events",
      isRoot ? "root" : "not root",
    ]
    return facts.compactMap { $0 }.joined(separator: ", ")
  }
}

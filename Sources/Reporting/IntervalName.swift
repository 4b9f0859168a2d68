// SPDX-License-Identifier: Apache-2.0

internal import Measuring

/// What an interval may be called.
///
/// The rounds of one process share what the process has by chance, such as where its memory lies, so
/// their interval holds the median of other processes in about half of the cases: it is no 95 % one.
enum IntervalName {
  /// The head of a column.
  static func column(_ groups: [GroupResult]) -> String {
    let isOverProcesses = groups.contains { $0.cases.contains { $0.processCount > 1 } }
    return isOverProcesses ? "95 % interval" : "within this process"
  }

  /// What answers say about all their intervals.
  static func sentence(processes: Int?) -> String {
    guard let processes, processes > 1 else {
      return
        "Intervals are those of the rounds within one process; another process may differ by more "
        + "(`--processes`)."
    }
    return "Intervals are of 95 %, over \(processes) fresh processes."
  }
}

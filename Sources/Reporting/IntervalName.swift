// SPDX-License-Identifier: Apache-2.0

/// What an interval may be called.
///
/// The rounds of one process share what the process has by chance, such as where its memory lies, so
/// their interval holds the median of other processes in about half of the cases: it is no 95 % one.
enum IntervalName {
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

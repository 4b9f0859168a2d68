// SPDX-License-Identifier: Apache-2.0

/// How the tasks of a phase are handed to workers.
public enum Partition: String, CaseIterable, Codable, Hashable, Sendable {
  /// Each worker takes one contiguous range, fixed in advance: no traffic between workers.
  case fixed = "static"
  /// Workers take the next task from a shared cursor: balances unequal tasks or CPUs.
  case dynamic

  /// The range of worker `worker` of `workers` under the static partition; ranges are contiguous,
  /// cover `tasks` once and differ in length by at most one.
  @inlinable
  public static func range(of worker: Int, of workers: Int, tasks: Int) -> Range<Int> {
    let share = tasks / workers
    let extra = tasks % workers
    let first = worker * share + min(worker, extra)
    return first..<first + share + (worker < extra ? 1 : 0)
  }
}

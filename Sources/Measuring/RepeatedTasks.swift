// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// What a slowdown repeats of one worker's tasks in a visit.
///
/// A visit of few tasks owes less than one: 3 % of three tasks in three iterations is 0.27 of a
/// task. Rounding makes that nothing; carrying it over to later visits puts one task into every
/// fourth, which no median of visits shows. So the last task runs wholly, and of its time only
/// `lastShare` is charged.
struct RepeatedTasks: Hashable, Sendable {
  /// Tasks that run again.
  let count: Int
  /// How much of the last one counts: above 0, up to 1.
  let lastShare: Double

  /// The repetition of `share` of `tasks` tasks in `iterations` iterations.
  /// - Requires: nothing is negative.
  init(share: Double, tasks: Int, iterations: Int) {
    let owed = share * Double(tasks) * Double(iterations)
    // Less than a millionth of a task is what floating point adds to whole ones.
    count = Int(clamping: (owed - 1e-6).rounded(.up), to: 0...Int.max)
    lastShare = owed - Double(max(count - 1, 0))
  }

  /// What the tasks charged come to: exactly the share that was asked for.
  var charged: Double { count == 0 ? 0 : Double(count - 1) + lastShare }
}

// SPDX-License-Identifier: Apache-2.0

/// What happens while a group is measured; for showing progress, which this module never does.
public enum MeasuringEvent: Sendable {
  /// Entry `place` of the group is being packed and checked against the reference.
  case preparing(place: Int)
  /// `count` rounds are done, `elapsed` of at most `budget` seconds are spent.
  case round(count: Int, elapsed: Double, budget: Double)
  /// Fresh process `number` of `count`, from 0, measures the group.
  case process(number: Int, count: Int)
}

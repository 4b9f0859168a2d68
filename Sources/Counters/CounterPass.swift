// SPDX-License-Identifier: Apache-2.0

/// One event set of a worker: what it holds and what became of it.
///
/// Trivial, so that the measured path reads it without counting references.
struct CounterPass {
  /// PAPI's name for the set; nil where it could not be made.
  var set: Int32?
  /// The first of its places in the tally's row of slots.
  var firstSlot: Int
  /// How many events it holds.
  var slotCount: Int
  /// The call that failed; nil while the set works.
  var failure: PAPIFailure?
  /// The interval, from 1, in which it failed.
  var failedInterval = 0
}

// SPDX-License-Identifier: Apache-2.0

/// What became of an entry or a comparison; the `status` column.
public enum RowStatus: String, CaseIterable, Codable, Hashable, Sendable {
  /// Verified and measured.
  case ok
  /// The contender cannot compute it.
  case unsupported
  /// It was computed wrongly, and therefore not timed.
  case wrong
  /// It agrees with a reference that is nearly all zeros, which proves nothing; not timed.
  case mistrusted
  /// Something went wrong: no memory, an external contender that died.
  case failed
  /// Measured, but too few rounds were calm to say anything.
  case disturbed
  /// The run was stopped before there were enough rounds.
  case interrupted
  /// The time that the run was given was over before there was a round of it.
  case budget
}

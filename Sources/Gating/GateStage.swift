// SPDX-License-Identifier: Apache-2.0

/// The two runs of a gate over a case.
public enum GateStage: String, Hashable, Sendable {
  /// All cases.
  case screening
  /// The suspects again, in processes of their own.
  case confirmation
}

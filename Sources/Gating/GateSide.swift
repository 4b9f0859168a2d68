// SPDX-License-Identifier: Apache-2.0

/// The two sides of a gate.
public enum GateSide: String, CaseIterable, Hashable, Sendable {
  /// The other build: what is compared with.
  case base
  /// This build: what is judged.
  case new
}

// SPDX-License-Identifier: Apache-2.0

/// Why measuring ended; the raw value is the word in the column `stopped_by`.
public enum StopReason: String, CaseIterable, Hashable, Sendable {
  /// Every interval became as narrow as asked for.
  case precision
  /// The intervals stopped becoming narrower.
  case noiseStable = "noise_stable"
  /// The time was spent.
  case budget
  /// The number of rounds asked for was reached.
  case rounds
}

// SPDX-License-Identifier: Apache-2.0

/// The words of the column `bound`.
enum BoundName {
  /// The FMA peak; every other word is a memory level.
  static let arithmetic = "fma"

  /// A roof as sentences name it.
  static func phrase(_ bound: String) -> String {
    bound == arithmetic ? "FMA peak" : "\(bound) bandwidth"
  }
}

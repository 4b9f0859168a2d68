// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// Quantities as people type them.
enum Units {
  /// The times that are accepted, in seconds: a year is longer than anybody waits.
  static let acceptedSeconds = 1e-9...365.0 * 86_400
  /// The same in words.
  static let acceptedTimes = "a time such as 60s, 10m or 1.5h, above 0 and at most 8760h"

  /// Seconds from `90`, `90s`, `10m` or `1.5h`; nil where it is none, not positive, or too long.
  static func seconds(_ text: String) -> Double? {
    let factors: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = text.last else { return nil }
    let number = factors[unit] == nil ? text[...] : text.dropLast()
    guard let value = Double(reading: number, in: Double.notNegative) else { return nil }
    let seconds = value * (factors[unit] ?? 1)
    return acceptedSeconds.contains(seconds) ? seconds : nil
  }

  /// A share from `1%` or `0.01`; nil where it is none, not positive or 1 and more.
  static func share(_ text: String) -> Double? {
    let number = text.hasSuffix("%") ? text.dropLast() : text[...]
    guard let value = Double(reading: number, in: Double.notNegative) else { return nil }
    let share = text.hasSuffix("%") ? value / 100 : value
    return share > 0 && share < 1 ? share : nil
  }
}

// SPDX-License-Identifier: Apache-2.0

/// Quantities as people type them.
enum Units {
  /// Seconds from `90`, `90s`, `10m` or `1.5h`; nil where it is none or not positive.
  static func seconds(_ text: String) -> Double? {
    let factors: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = text.last else { return nil }
    let number = factors[unit] == nil ? text[...] : text.dropLast()
    guard let value = Double(number), value.isFinite, value > 0 else { return nil }
    return value * (factors[unit] ?? 1)
  }

  /// A share from `1%` or `0.01`; nil where it is none, not positive or 1 and more.
  static func share(_ text: String) -> Double? {
    let number = text.hasSuffix("%") ? text.dropLast() : text[...]
    guard let value = Double(number) else { return nil }
    let share = text.hasSuffix("%") ? value / 100 : value
    return share > 0 && share < 1 ? share : nil
  }
}

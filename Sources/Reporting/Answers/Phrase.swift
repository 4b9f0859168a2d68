// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Numbers as the sentences of an answer show them.
enum Phrase {
  /// What stands where there is no number.
  static let none = "—"

  /// `1.87×`, three digits; a dash where it is no factor.
  static func factor(_ value: Double?) -> String {
    guard let value = value.flatMap({ Rate($0) })?.value else { return none }
    if value >= 99.5 { return String(format: "%.0f×", value) }
    return String(format: value < 9.995 ? "%.2f×" : "%.1f×", value)
  }

  /// `1.87× (1.85…1.90)`; says so where there is no interval.
  static func factor(_ value: Double?, _ interval: ClosedRange<Double>?) -> String {
    guard let interval else { return "\(factor(value)) (no interval)" }
    let bounds = [interval.lowerBound, interval.upperBound].map { factor($0).dropLast() }
    return "\(factor(value)) (\(bounds[0])…\(bounds[1]))"
  }

  /// `1.29× to 3.04×`, or one of them where both read alike.
  static func range(_ low: Double, _ high: Double, _ text: (Double?) -> String) -> String {
    let ends = [text(low), text(high)]
    return ends[0] == ends[1] ? ends[0] : "\(ends[0]) to \(ends[1])"
  }

  /// `18 %`; a dash where it is no share.
  static func percent(_ share: Double?) -> String {
    guard let share, share.isFinite else { return none }
    return String(format: abs(share) < 0.095 ? "%.1f %%" : "%.0f %%", 100 * share)
  }

  /// `12.3 ms (12.1…12.6)`, in nanoseconds.
  static func time(_ nanoseconds: Double, _ interval: ClosedRange<Double>? = nil) -> String {
    let units = [("ns", 1.0), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)]
    let unit = units.last { nanoseconds >= $0.1 } ?? units[0]
    let digits = { (value: Double) in
      String(format: value / unit.1 >= 100 ? "%.0f" : "%.3g", value / unit.1)
    }
    guard let interval else { return "\(digits(nanoseconds)) \(unit.0)" }
    return "\(digits(nanoseconds)) \(unit.0) "
      + "(\(digits(interval.lowerBound))…\(digits(interval.upperBound)))"
  }

  /// `12.3 ms`; a dash where there is no time.
  static func time(_ nanoseconds: Double?) -> String { nanoseconds.map { time($0) } ?? none }

  /// Three digits, `81.3`; a dash where it is no number, or none of it.
  static func number(_ value: Double?) -> String {
    guard let value = value.flatMap({ Rate($0) })?.value else { return none }
    return String(format: value >= 100 ? "%.0f" : "%.3g", value)
  }

  /// A name as sentences show it: a long one loses its middle.
  static func name(_ text: String) -> String { TextTable.cut(text, to: 40) }

  /// Half the width of an interval as a share of the value, `2.1`; a dash where there is none.
  static func halfWidth(_ value: Double?, _ interval: ClosedRange<Double>?) -> String {
    guard let value, let interval, value > 0 else { return none }
    return String(format: "%.1f", 50 * (interval.upperBound - interval.lowerBound) / value)
  }

  /// `a, b and c`.
  static func list(_ parts: [String]) -> String {
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + " and \(last)"
  }
}

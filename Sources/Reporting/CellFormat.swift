// SPDX-License-Identifier: Apache-2.0

internal import Counters
internal import Foundation

/// Numbers as they stand in CSV cells: a point, no grouping, empty where there is no value.
enum CellFormat {
  /// Six significant digits: finer than any measurement here.
  static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return String(format: "%.6g", locale: posix, value)
  }

  /// As a number; empty where there is no rate.
  static func rate(_ rate: Rate?) -> String { number(rate?.value) }

  /// A share in hundredths; empty where there is none.
  static func percent(_ share: Rate?) -> String { number(share?.percent) }

  /// Plain digits.
  static func integer(_ value: Int?) -> String { value.map(String.init) ?? "" }

  /// One digit after the point and never an exponent: nanoseconds, counts.
  static func decimal(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return String(format: "%.1f", locale: posix, value)
  }

  /// An event's count and where it is from, as `RunTable.columns(ofEvent:)` names them; `what` may lack it.
  static func count(of event: String, in readings: [CounterReading], what: String) -> [String] {
    guard let reading = readings.first(where: { $0.name == event }) else {
      return ["", "unavailable: not counted for this \(what)"]
    }
    return [decimal(reading.value), reading.source.description]
  }

  private static let posix = Locale(identifier: "en_US_POSIX")
}

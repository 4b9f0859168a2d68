// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The time as it names folders.
enum UTCTime {
  /// Now, such as `2026-01-31T235959Z`.
  static var now: String {
    let format = Date.VerbatimFormatStyle(
      format:
        "\(year: .padded(4))-\(month: .twoDigits)-\(day: .twoDigits)T\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased))\(minute: .twoDigits)\(second: .twoDigits)Z",
      timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
    return Date().formatted(format)
  }
}

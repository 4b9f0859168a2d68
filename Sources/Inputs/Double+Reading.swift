// SPDX-License-Identifier: Apache-2.0

extension Double {
  /// The number that `text` writes in decimal digits; nil where it is none, not finite, or outside
  /// `accepted`.
  @inlinable
  public init?(reading text: some StringProtocol, in accepted: ClosedRange<Double>) {
    // Swift also reads hexadecimal, as 0x10s for sixteen seconds.
    guard text.utf8.allSatisfy({ "+-.0123456789Ee".utf8.contains($0) }),
      let value = Double(text), value.isFinite, accepted.contains(value)
    else { return nil }
    self = value
  }

  /// Every finite number.
  public static let everyFinite = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
  /// Zero and every finite number above it.
  public static let notNegative = 0...Double.greatestFiniteMagnitude
  /// What a measured time, rate or ratio can be: below and above is another program's mistake, and
  /// products of a few of these stay finite.
  public static let measured = 1e-12...1e18
}

// SPDX-License-Identifier: Apache-2.0

extension Double {
  /// The number that `text` writes; nil where it is none, not finite, or outside `accepted`.
  @inlinable
  public init?(reading text: some StringProtocol, in accepted: ClosedRange<Double>) {
    guard let value = Double(text), value.isFinite, accepted.contains(value) else { return nil }
    self = value
  }

  /// Every finite number.
  public static let everyFinite = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
  /// Zero and every finite number above it.
  public static let notNegative = 0...Double.greatestFiniteMagnitude
}

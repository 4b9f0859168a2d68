// SPDX-License-Identifier: Apache-2.0

extension FixedWidthInteger {
  /// The integer that `text` writes in decimal digits; nil where it is none, or outside `accepted`.
  @inlinable
  public init?(reading text: some StringProtocol, in accepted: ClosedRange<Self>) {
    guard let value = Self(text), accepted.contains(value) else { return nil }
    self = value
  }

  /// `value` where it is whole and within `accepted`; nil elsewhere, as for NaN.
  @inlinable
  public init?(reading value: Double, in accepted: ClosedRange<Self>) {
    guard let value = Self(exactly: value), accepted.contains(value) else { return nil }
    self = value
  }

  /// `value` towards zero, or the end of `accepted` that is nearer; for NaN the lower one.
  ///
  /// For numbers of our own, such as a time divided by another, that may be infinite all the same.
  @inlinable
  public init(clamping value: Double, to accepted: ClosedRange<Self>) {
    // The bounds as Double may lie outside: those of 64 bits are rounded up.
    if value >= Double(accepted.upperBound) {
      self = accepted.upperBound
    } else if value > Double(accepted.lowerBound) {
      self = Self(exactly: value.rounded(.towardZero)) ?? accepted.upperBound
    } else {
      self = accepted.lowerBound
    }
  }
}

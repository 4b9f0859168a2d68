// SPDX-License-Identifier: Apache-2.0

/// What is done to NaN and to zeros where IEEE 754 leaves a choice: references and kernels agree on
/// it, see `docs/SpecialValues.md`.
extension Double {
  /// The ReLU of the value: negative becomes zero, NaN stays NaN, −0 stays −0.
  public var rectified: Double { self < 0 ? 0 : self }

  /// The larger of two values, NaN where either is: a maximum then does not depend on the order in
  /// which it is taken.
  ///
  /// Swift's `max` keeps a NaN or loses it, depending on which side it stands.
  public func maximumOrNaN(_ other: Double) -> Double {
    isNaN || other.isNaN ? .nan : Swift.max(self, other)
  }

  /// The value where it is finite, else zero: magnitudes are sums of what is finite.
  var orZero: Double { isFinite ? self : 0 }
}

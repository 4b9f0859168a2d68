// SPDX-License-Identifier: Apache-2.0

/// The numbers that a descriptor gives for one axis.
struct AxisNumbers {
  /// The second letter of the axis' keys: `h` or `w`.
  var letter: Character
  var input: Int?
  var output: Int?
  var kernel: Int?
  var stride: Int?
  var padding: Int?
  var paddingAfter: Int?
  var dilationMinusOne: Int?
}

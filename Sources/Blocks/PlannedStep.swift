// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A fragment that will run, before layouts and memory are decided.
struct PlannedStep {
  /// What runs together.
  var fragment: Fragment
  /// Whether its sources are computed where its result wants them, so that little or nothing runs.
  var isInPlace = false
  /// The step whose channel sums it takes instead of reading its input; nil for most.
  var sumsFrom: Int?

  /// The node whose result is written.
  var result: Int { fragment.result }
}

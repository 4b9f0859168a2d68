// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What a suite may ask for at most: far above any suite that could be measured, and little enough
/// that reading and planning it takes seconds.
///
/// A network has at most some hundred different layers, and a case takes seconds to measure.
public enum SuiteLimits {
  /// Bytes of a file from which a suite is made.
  public static let largestFile = 64 << 20
  /// Cases of a suite, and comparisons.
  public static let mostCases = 10_000
  /// Steps of one case.
  public static let mostSteps = 1_000
  /// Steps and nodes of all cases together, each as often as a comparison mentions it.
  public static let mostExpandedSteps = 200_000
  /// Axes, patterns of kernels, and worker counts.
  public static let mostChoices = 100
  /// Characters of a text once its placeholders are filled in.
  public static let longestText = 4_096
  /// The same of the name of a case, a comparison or a node as it is shown; one that is made of a
  /// descriptor's says more behind it.
  public static let longestName = 2 * ProblemDescriptor.longestName
  /// Batch files that one names, directly or through others; they may lie in each other.
  public static let mostBatchFiles = 256
}

// SPDX-License-Identifier: Apache-2.0

/// Holm's step-down correction: the chance of any false rejection in the family stays below the
/// level, whatever the dependence between its tests.
///
/// - Source: Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scand. J. Stat. 6
///   (1979).
public struct HolmCorrection: Hashable, Sendable {
  /// Adjusted p-values in the order given: compare each with the family's level.
  public let adjusted: [Double]

  /// The correction of a family's p-values.
  ///
  /// Complexity: O(n log n).
  /// - Requires: values from 0 to 1.
  public init(pValues: [Double]) {
    precondition(pValues.allSatisfy { $0 >= 0 && $0 <= 1 })
    var adjusted = pValues
    var largest = 0.0
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    for (step, index) in order.enumerated() {
      largest = max(largest, min(1, Double(pValues.count - step) * pValues[index]))
      adjusted[index] = largest
    }
    self.adjusted = adjusted
  }
}

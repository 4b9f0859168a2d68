// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The mean of ratios: a gain by some factor and a loss by the same factor give 1.
///
/// Summed as logarithms, so that many ratios neither overflow nor vanish.
/// - Requires: at least one value, all positive and finite.
public func geometricMean(of values: [Double]) -> Double {
  precondition(!values.isEmpty && values.allSatisfy { $0 > 0 && $0.isFinite })
  return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The value below which the share `probability` of the samples lies, linear between neighbours
/// (definition 7 of Hyndman and Fan, as in R and NumPy).
///
/// Complexity: O(n log n).
/// - Requires: at least one sample, none NaN, and `0 <= probability <= 1`.
/// - Source: Hyndman and Fan, Sample Quantiles in Statistical Packages, Am. Stat. 50 (1996).
public func quantile(_ probability: Double, of samples: [Double]) -> Double {
  quantile(probability, ofSorted: ascending(samples))
}

/// The middle value; between the two middle ones where their number is even.
/// - Requires: at least one sample, none NaN.
public func median(of samples: [Double]) -> Double {
  quantile(0.5, of: samples)
}

func quantile(_ probability: Double, ofSorted sorted: [Double]) -> Double {
  precondition(!sorted.isEmpty && probability >= 0 && probability <= 1)
  let position = probability * Double(sorted.count - 1)
  let below = Int(position)
  let above = min(below + 1, sorted.count - 1)
  let share = position - Double(below)
  // Weighted, not `below + share * difference`: the median of −x must be minus that of x, to the
  // last bit, so that swapping the two sides of a comparison inverts its ratio.
  return sorted[below] * (1 - share) + sorted[above] * share
}

func ascending(_ samples: [Double]) -> [Double] {
  precondition(!samples.contains { $0.isNaN })
  return samples.sorted()
}

/// The mean of ratios: a gain by some factor and a loss by the same factor give 1.
///
/// Summed as logarithms, so that many ratios neither overflow nor vanish.
/// - Requires: at least one value, all positive and finite.
public func geometricMean(of values: [Double]) -> Double {
  precondition(!values.isEmpty && values.allSatisfy { $0 > 0 && $0.isFinite })
  return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}

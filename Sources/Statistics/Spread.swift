// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Median distance from the median: a spread that half of the samples may spoil without effect.
/// - Units: those of the samples.
/// - Requires: at least one sample, none NaN.
public func medianAbsoluteDeviation(of samples: [Double]) -> Double {
  let center = median(of: samples)
  return median(of: samples.map { abs($0 - center) })
}

/// Median absolute percentage error (MdAPE) against the median, as a fraction: 0.01 is 1 %.
/// - Requires: at least one sample, all positive.
public func medianAbsolutePercentageError(of samples: [Double]) -> Double {
  precondition(samples.allSatisfy { $0 > 0 })
  let center = median(of: samples)
  return median(of: samples.map { abs($0 - center) / $0 })
}

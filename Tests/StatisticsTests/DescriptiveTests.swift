// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

@Suite struct DescriptiveTests {
  @Test(
    "Quantiles lie linearly between the order statistics",
    arguments: [(0, 1), (0.25, 2), (0.3, 2.2), (0.5, 3), (0.75, 4), (0.9, 7.6), (1, 10)])
  func quantiles(probability: Double, expected: Double) {
    #expect(abs(quantile(probability, of: [3, 10, 1, 4, 2]) - expected) < 1e-12)
  }

  @Test("The median of an even number of samples is the middle of the middle two")
  func evenMedian() {
    #expect(median(of: [4, 1, 3, 100]) == 3.5)
    #expect(median(of: [7]) == 7)
  }

  @Test("The geometric mean of a factor and its inverse is one, and large factors do not overflow")
  func means() {
    #expect(abs(geometricMean(of: [4, 0.25]) - 1) < 1e-15)
    #expect(abs(geometricMean(of: [1, 10, 100]) - 10) < 1e-12)
    #expect(abs(geometricMean(of: Array(repeating: 1e200, count: 9)) / 1e200 - 1) < 1e-12)
  }
}

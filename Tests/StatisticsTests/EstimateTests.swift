// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

@Suite struct EstimateTests {
  @Test("The bounds are the order statistics of the sign test's rank")
  func bounds() {
    let ten = Estimate(samples: [5, 3, 9, 1, 7, 2, 10, 4, 8, 6])
    #expect(ten.median == 5.5)
    #expect(ten.lower == 2)
    #expect(ten.upper == 9)
    #expect(ten.minimum == 1)
    #expect(ten.count == 10)
    #expect(ten.relativeWidth == 7 / 5.5)
  }

  @Test("Five samples give a median without bounds, six give their extremes")
  func leastSamples() {
    let five = Estimate(samples: [5, 4, 3, 2, 1])
    #expect(five.median == 3)
    #expect(five.lower == nil)
    #expect(five.upper == nil)
    #expect(five.relativeWidth == nil)
    let six = Estimate(samples: [5, 4, 3, 2, 1, 6])
    #expect(six.lower == 1)
    #expect(six.upper == 6)
  }

  @Test("A higher confidence widens the interval")
  func confidence() {
    let samples = (1...20).map(Double.init)
    #expect(Estimate(samples: samples, confidence: 0.95).lower == 6)
    #expect(Estimate(samples: samples, confidence: 0.95).upper == 15)
    #expect(Estimate(samples: samples, confidence: 0.99).lower == 4)
    #expect(Estimate(samples: samples, confidence: 0.99).upper == 17)
  }
}

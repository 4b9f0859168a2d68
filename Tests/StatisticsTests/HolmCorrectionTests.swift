// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Statistics

@Suite struct HolmCorrectionTests {
  @Test("Adjusted values are the running maximum of the weighted sorted ones, in the order given")
  func adjusted() {
    let holm = HolmCorrection(pValues: [0.03, 0.01, 0.04, 0.015])
    // Sorted 0.01·4, 0.015·3, 0.03·2, 0.04·1 → 0.04, 0.045, 0.06, then not below 0.06.
    let expected = [0.06, 0.04, 0.06, 0.045]
    for (value, wanted) in zip(holm.adjusted, expected) {
      #expect(abs(value - wanted) < 1e-15)
    }
  }

  @Test("Adjusted values never pass one")
  func capped() {
    #expect(HolmCorrection(pValues: [0.7, 0.9, 0.6]).adjusted == [1, 1, 1])
    #expect(HolmCorrection(pValues: []).adjusted.isEmpty)
  }
}

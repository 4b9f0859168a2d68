// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Suites

@Suite("The nearest names")
struct NearestNamesTests {
  @Test(
    "Insertions, deletions, replacements and swaps of neighbours count one each",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("quick", "quick", 0), ("quikc", "quick", 1),
      ("quck", "quick", 1), ("quiick", "quick", 1), ("quack", "quick", 1), ("kitten", "sitting", 3),
    ])
  func distances(first: String, second: String, distance: Int) {
    #expect(NearestNames.distance(Array(first), Array(second)) == distance)
    #expect(NearestNames.distance(Array(second), Array(first)) == distance)
  }

  @Test("Near ones come first, far ones not at all, and three at most")
  func ranking() {
    #expect(
      NearestNames.of("axis", among: ["where", "axle", "axes", "axi"]) == ["axes", "axi", "axle"])
    #expect(NearestNames.of("abc", among: ["abd", "abe", "abf", "abg"]) == ["abd", "abe", "abf"])
    #expect(NearestNames.of("zzzzzzzz", among: ["quick"]).isEmpty)
  }
}

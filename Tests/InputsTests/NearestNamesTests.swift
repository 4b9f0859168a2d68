// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Inputs

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
    #expect(NearestNames.of(String(repeating: "q", count: 1 << 20), among: ["quick"]).isEmpty)
  }

  @Test("One that holds the whole name is meant, however much longer it is")
  func parts() {
    let kernels = ["direct/nchw/6x4/avx512", "direct/nchw/7x4/avx512", "direct/nchw/7x4/avx2"]
    #expect(NearestNames.of("direct/nchw/7x4", among: kernels) == Array(kernels.dropFirst()))
    #expect(
      NearestNames.phrase("direct/nchw/7x4", among: kernels)
        == " (did you mean ‘direct/nchw/7x4/avx512’ or ‘direct/nchw/7x4/avx2’?)")
  }

  @Test("Few are all shown; of many the nearest, how many more, and what shows them")
  func accepted() {
    let names = (1...40).map { "case \($0)" }
    #expect(NearestNames.accepted(["a", "b"], near: "z", shownBy: "list") == "a, b")
    #expect(NearestNames.accepted(names, near: "cas 39") == "case 39, case 3, case 9 and 37 more")
    #expect(
      NearestNames.accepted(names, near: "frobnicate", shownBy: "list cases")
        == "case 1, case 2, case 3 and 37 more, which `list cases` shows")
  }
}

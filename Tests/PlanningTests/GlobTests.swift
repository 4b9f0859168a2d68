// SPDX-License-Identifier: Apache-2.0

import Planning
import Testing

@Suite("A glob")
struct GlobTests {
  @Test(
    "matches whole texts",
    arguments: [
      ("direct/*", "direct/nchw8c/6x2/avx2", true), ("direct", "direct/nchw", false),
      ("*avx2", "direct/nchw8c/6x2/avx2", true), ("*/nchw?c/*", "direct/nchw8c/6x2", true),
      ("*/nchw?c/*", "direct/nchw16c/6x2", false), ("*", "", true), ("", "", true),
      ("", "a", false), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYb", false), ("**", "x", true),
    ])
  func matches(pattern: String, text: String, expected: Bool) {
    #expect(Glob(pattern).matches(text) == expected)
  }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Planning

@Suite("Sets that links join")
struct ComponentsTests {
  @Test("have their least number as their first, in whatever order they are joined")
  func joined() {
    var components = Components(count: 7)
    for (left, right) in [(6, 5), (3, 4), (5, 4), (0, 0), (2, 1)] { components.join(left, right) }
    #expect((0..<7).map { components.first(of: $0) } == [0, 1, 1, 3, 3, 3, 3])
  }

  @Test("of a long chain are found at once")
  func chain() {
    let count = 1_000_000
    var components = Components(count: count)
    for number in (1..<count).reversed() { components.join(number, number - 1) }
    #expect(components.first(of: count - 1) == 0)
  }
}

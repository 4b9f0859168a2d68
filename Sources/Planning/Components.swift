// SPDX-License-Identifier: Apache-2.0

/// Numbers from 0 in sets that links join.
///
/// - Source: Tarjan and van Leeuwen, Worst-case analysis of set union algorithms, 1984.
struct Components {
  /// A smaller number of the same set, or the number itself where it is the least.
  private var links: [Int]

  /// `count` numbers, each alone.
  init(count: Int) { links = Array(0..<count) }

  /// The least number of the set in which `number` is.
  mutating func first(of number: Int) -> Int {
    var number = number
    while links[number] != number {
      // Halving the way makes the next one short.
      links[number] = links[links[number]]
      number = links[number]
    }
    return number
  }

  /// Makes one set of those in which both are.
  mutating func join(_ left: Int, _ right: Int) {
    let left = first(of: left), right = first(of: right)
    links[max(left, right)] = min(left, right)
  }
}

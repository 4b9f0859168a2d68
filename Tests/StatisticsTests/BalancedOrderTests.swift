// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Statistics

@Suite struct BalancedOrderTests {
  /// The orders of the first `blocks` blocks.
  private static func orders(count: Int, blocks: Int, seed: UInt64) -> [[Int]] {
    Array(BalancedOrder(count: count, seed: seed).prefix(blocks * count))
  }

  @Test("SplitMix64 gives the published sequence")
  func splitMix() {
    var zero = SplitMix64(seed: 0)
    #expect(zero.next() == 0xE220_A839_7B1D_CDAF)
    #expect(zero.next() == 0x6E78_9E6A_A1B9_65F4)
    #expect(zero.next() == 0x06C4_5D18_8009_454F)
    var other = SplitMix64(seed: 1_234_567)
    #expect(other.next() == 6_457_827_717_110_365_317)
    #expect(other.next() == 3_203_168_211_198_807_973)
  }

  @Test("Every order of three comes up equally often")
  func uniformPermutations() {
    var generator = SplitMix64(seed: 7)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6000 { counts[generator.permutation(of: 3), default: 0] += 1 }
    #expect(counts.count == 6)
    // Six standard deviations of a binomial count of mean 1000.
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 174 })
  }

  @Test("Each block puts every entry at every position once", arguments: 1...9)
  func balance(count: Int) {
    let blocks = 20
    let orders = Self.orders(count: count, blocks: blocks, seed: 11)
    #expect(orders.count == blocks * count)
    for block in 0..<blocks {
      let rows = orders[block * count..<(block + 1) * count]
      #expect(rows.allSatisfy { $0.sorted() == Array(0..<count) })
      for position in 0..<count {
        #expect(Set(rows.map { $0[position] }).count == count, "block \(block)")
      }
    }
  }

  @Test("The rows of a square come in random order, not each rotated by one against the last")
  func rowOrder() {
    let orders = Self.orders(count: 4, blocks: 300, seed: 13)
    let rotated = stride(from: 0, to: orders.count, by: 4).count {
      orders[$0 + 1][0] == orders[$0][1]
    }
    // One of three other rows is the one rotated by one: 100 of 300, deviation 8.
    #expect((60...140).contains(rotated))
  }

  @Test("Two entries come as ABBA or BAAB, and both happen")
  func pairs() {
    let orders = Self.orders(count: 2, blocks: 40, seed: 3)
    let blocks = Set(stride(from: 0, to: 80, by: 2).map { orders[$0] + orders[$0 + 1] })
    #expect(blocks == [[0, 1, 1, 0], [1, 0, 0, 1]])
  }

  @Test("The same seed gives the same schedule, another seed another")
  func seeds() {
    let first = Self.orders(count: 5, blocks: 4, seed: 1)
    #expect(first == Self.orders(count: 5, blocks: 4, seed: 1))
    #expect(first != Self.orders(count: 5, blocks: 4, seed: 2))
    #expect(Array(first[0..<5]) != Array(first[5..<10]))
  }

  @Test("The endless sequence starts with the orders of the finite one")
  func endless() {
    var order = BalancedOrder(count: 4, seed: 9)
    let rounds = (0..<12).map { _ in order.next() }
    #expect(rounds == Self.orders(count: 4, blocks: 3, seed: 9))
  }

  @Test("Over many blocks each entry follows each other one about equally often")
  func neighbours() {
    let count = 4
    var follows = [Int](repeating: 0, count: count * count)
    for order in Self.orders(count: count, blocks: 600, seed: 5) {
      for (first, second) in zip(order, order.dropFirst()) { follows[first * count + second] += 1 }
    }
    // 2400 orders × 3 neighbours over 12 ordered pairs: 600 each; blocks vary by about 35.
    for first in 0..<count {
      for second in 0..<count where first != second {
        #expect(abs(follows[first * count + second] - 600) < 200)
      }
    }
  }
}

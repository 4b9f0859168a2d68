// SPDX-License-Identifier: Apache-2.0

/// The orders in which rounds visit what they compare, without end.
///
/// A block of `count` rounds is one Latin square, so after each block every entry has stood at
/// each position equally often; each block draws a new one. For two entries that is ABBA or BAAB.
public struct BalancedOrder: Sequence, IteratorProtocol, Sendable {
  /// Number of entries.
  public let count: Int
  private var generator: SplitMix64
  private var pending: [[Int]] = []

  /// Orders of the entries 0 to `count - 1`, drawn from `seed`.
  /// - Requires: `count >= 1`.
  public init(count: Int, seed: UInt64) {
    precondition(count >= 1)
    self.count = count
    generator = SplitMix64(seed: seed)
  }

  /// The order of the next round; never nil.
  public mutating func next() -> [Int]? {
    if pending.isEmpty {
      pending = LatinSquare(order: count, using: &generator).rows.reversed()
    }
    return pending.removeLast()
  }

  /// The orders of the first `blocks` blocks, `blocks * count` rounds.
  public static func interleavedOrders(count: Int, blocks: Int, seed: UInt64) -> [[Int]] {
    Array(BalancedOrder(count: count, seed: seed).prefix(blocks * count))
  }
}

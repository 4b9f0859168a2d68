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
}

/// A random cyclic Latin square: in each row every entry once, in each column every entry once.
public struct LatinSquare: Hashable, Sendable {
  /// The rows, each an order of the entries 0 to `order - 1`.
  public let rows: [[Int]]

  /// A square of `order` rows, its entries and its rows in random order.
  ///
  /// Its rows are rotations of one order, so within a square each entry mostly follows the same
  /// one; squares drawn anew for each block even that out.
  /// - Requires: `order >= 1`.
  public init(order: Int, using generator: inout SplitMix64) {
    precondition(order >= 1)
    let first = generator.permutation(of: order)
    let shifts = generator.permutation(of: order)
    rows = shifts.map { shift in (0..<order).map { first[($0 + shift) % order] } }
  }
}

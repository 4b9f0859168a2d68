// SPDX-License-Identifier: Apache-2.0

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

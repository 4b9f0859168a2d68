// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The orders in which the tiles of a row sum, so that it can be cut without changing them.
///
/// Results must not depend on the number of workers. What may depend on it is where a row of pixels is
/// cut, and with that the width of tiles; what must not is the number of partial sums of a tile.
struct SummationOrder {
  private let instructionSet: InstructionSet
  private let type: DataType
  private let vectors: Set<Int>

  /// The orders of panels of the given numbers of vectors.
  init(vectors: Set<Int>, instructionSet: InstructionSet, type: DataType = .f32) {
    self.type = type
    self.vectors = vectors
    self.instructionSet = instructionSet
  }

  /// Whether every output is summed in one order, be a row cut into `parts` or into `others`.
  func isSame(_ parts: [Range<Int>], _ others: [Range<Int>]) -> Bool {
    parts == others || vectors.allSatisfy { partialSums(parts + others, vectors: $0).count <= 1 }
  }

  /// Numbers of partial sums of the tiles of `parts`, each cut into as few of nearly equal size as can
  /// be.
  private func partialSums(_ parts: [Range<Int>], vectors: Int) -> Set<Int> {
    let most = instructionSet.directTilePixels(vectors: vectors, of: type)
    return parts.reduce(into: []) { sums, part in
      guard !part.isEmpty else { return }
      let tiles = (part.count + most - 1) / most
      for pixels in [part.count / tiles, (part.count + tiles - 1) / tiles] {
        sums.insert(instructionSet.directPartialSums(pixels: pixels, vectors: vectors, of: type))
      }
    }
  }

  /// The first of `cuts` that sums as `base` does, else `base`.
  func firstSame<Cuts: Sequence<[Range<Int>]>>(_ cuts: Cuts, as base: [Range<Int>]) -> [Range<Int>]
  {
    cuts.first { isSame($0, base) } ?? base
  }
}

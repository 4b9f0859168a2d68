// SPDX-License-Identifier: Apache-2.0

extension InstructionSet {
  /// Partial sums of each output in a direct tile, added up at its end.
  ///
  /// Narrow tiles have too few outputs to hide the latency of an FMA. `DirectTiles` and
  /// `NarrowTiles` have the same numbers. In which order an output is summed depends on nothing else of its tile.
  public func directPartialSums(pixels: Int, vectors: Int, of type: DataType = .f32) -> Int {
    // Two passes over a quantum need registers of their own.
    if type != .f32, self != .avx512bf16 { return pixels * vectors > 2 ? 1 : 2 }
    switch (self, pixels, vectors) {
    // As many as 16 registers hold beside the inputs; baseline needs one for each product, too.
    case (.baseline, 1, 3), (.avx2, 1, 3): return 3
    case (.avx2, 6, 1): return 1
    case (.baseline, 3, 1): return 2
    case (.baseline, _, _) where pixels * vectors > 5: return 1
    default: break
    }
    switch pixels * vectors {
    case ...3: return 4
    case ...7: return 2
    default: return 1
    }
  }
}

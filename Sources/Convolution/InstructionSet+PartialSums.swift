// SPDX-License-Identifier: Apache-2.0

extension InstructionSet {
  /// Partial sums of each output in a direct tile, added up at its end.
  ///
  /// Narrow tiles have too few outputs to hide the latency of an FMA. `DirectTiles` has the same
  /// numbers. In which order an output is summed depends on nothing else of its tile.
  public static func directPartialSums(pixels: Int, vectors: Int) -> Int {
    switch pixels * vectors {
    case ...3: 4
    case ...7: 2
    default: 1
    }
  }
}

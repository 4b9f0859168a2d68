// SPDX-License-Identifier: Apache-2.0

extension InstructionSet {
  /// Pixels of the largest tile of `vectors` vectors that the direct kernels are compiled for, or 0;
  /// every smaller number of pixels is there as well.
  public func directTilePixels(vectors: Int) -> Int {
    let pixels: [Int]
    switch self {
    case .baseline: pixels = [0, 6, 6, 3]
    case .avx2: pixels = [0, 6, 6, 4]
    case .avx512: pixels = [0, 14, 14, 9, 7]
    case .neon: pixels = [0, 14, 13, 8, 6]
    }
    return vectors < pixels.count ? pixels[vectors] : 0
  }
}

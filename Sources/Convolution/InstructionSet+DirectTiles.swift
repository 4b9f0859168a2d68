// SPDX-License-Identifier: Apache-2.0

extension InstructionSet {
  /// Pixels of the largest tile of `vectors` vectors that the direct kernels are compiled for, or 0;
  /// every smaller number of pixels is there as well.
  public func directTilePixels(vectors: Int, of type: DataType = .f32) -> Int {
    let pixels: [Int]
    switch (self, type) {
    case (.baseline, .f32): pixels = [0, 6, 6, 3]
    case (.baseline, _): pixels = [0, 4, 4]
    case (.avx2, .f32): pixels = [0, 6, 6, 4]
    case (.avx2, _): pixels = [0, 4, 5]
    case (.avx512, _): pixels = [0, 20, 14, 9, 7]
    case (.avx512bf16, _): pixels = [0, 8, 10, 8, 6]
    case (.neon, .f32): pixels = [0, 14, 13, 8, 6]
    case (.neon, _): pixels = [0, 4, 6]
    }
    return vectors < pixels.count ? pixels[vectors] : 0
  }
}

// SPDX-License-Identifier: Apache-2.0

extension InstructionSet {
  /// Vectors of pixels of the largest tile of `channels` output channels that is compiled for plain
  /// tensors, or 0; every smaller number of vectors is there as well.
  public func planeTileVectors(channels: Int) -> Int {
    let vectors: [Int]
    switch self {
    case .baseline: vectors = [0, 4, 4, 3, 2, 2, 1]
    case .avx2: vectors = [0, 6, 6, 4, 3, 2, 2]
    case .avx512, .avx512bf16, .neon: vectors = [0, 8, 8, 8, 6, 5, 4]
    }
    return channels < vectors.count ? vectors[channels] : 0
  }

  /// Output channels of the largest such tile.
  public static var largestPlaneTileChannels: Int { 6 }
}

// SPDX-License-Identifier: Apache-2.0

/// A row of the table of instruction sets: what is asked of a CPU, how wide its vectors are, and which
/// register blocks the kernels are compiled for.
///
/// Planners read it, and so does what orders instruction sets. The tiles that kernel modules list
/// (`DirectTiles`, `NarrowTiles`, `CompiledPlaneTiles`) are the same; the conformance test runs each.
public struct Target: Sendable {
  /// Bits of a vector.
  public let vectorBits: Int
  /// Vector registers.
  public let registers: Int
  /// What it asks of a CPU.
  public let features: Features
  /// The data types that kernels are compiled for.
  ///
  /// What computes 32-bit floats is compiled once for AVX-512: BF16 adds nothing to that. Other types are
  /// compiled where there are instructions for them; an AVX-512 CPU without takes those for AVX2.
  public let dataTypes: [DataType]
  /// Pixels of the largest direct tile of 0, 1, 2, … vectors, of 32-bit floats and of other types; every
  /// smaller number of pixels is there as well.
  let directTiles: (f32: [Int], narrow: [Int])
  /// Pixels of the largest direct tile of 0, 1, … vectors of 32-bit floats that sums taps which its first or its
  /// last pixel has not with the others, in registers; larger ones would keep sums on the stack.
  let edgeTiles: [Int]
  /// Vectors of pixels of the largest tile for plain tensors of 0, 1, 2, … output channels; every smaller
  /// number of vectors is there as well.
  let planeTiles: [Int]
  /// Outputs of the largest tile of 0, 1 or 2 planes that are copied between zeros; every smaller one from 8
  /// outputs of a plane and 3 of two on is there as well, and none where the list is empty.
  public let copiedTiles: [Int]
  /// Most tiles whose sums, of two vectors each, a Winograd product keeps in registers.
  public let winogradRows: Int

  /// Groups of instructions that a CPU may have.
  public struct Features: OptionSet, Sendable {
    /// A bit for each.
    public let rawValue: UInt8

    /// The features of these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// What every x86-64 CPU has: SSE2.
    public static let sse2 = Self(rawValue: 1)
    /// AVX2 and FMA, and all else of x86-64-v3.
    public static let avx2 = Self(rawValue: 2)
    /// AVX-512 F, CD, BW, DQ and VL: x86-64-v4.
    public static let avx512 = Self(rawValue: 4)
    /// AVX-512 VNNI and BF16.
    public static let dotProducts = Self(rawValue: 8)
    /// Advanced SIMD of arm64.
    public static let neon = Self(rawValue: 16)
  }

  fileprivate static let baseline = Target(
    vectorBits: 128, registers: 16, features: [.sse2], dataTypes: [.f32, .bf16, .u8s8],
    directTiles: ([0, 6, 6, 3], [0, 4, 4]), edgeTiles: [], planeTiles: [0, 4, 4, 3, 2, 2, 1],
    copiedTiles: [],
    winogradRows: 4)
  fileprivate static let avx2 = Target(
    vectorBits: 256, registers: 16, features: [.sse2, .avx2], dataTypes: [.f32, .bf16, .u8s8],
    directTiles: ([0, 6, 6, 4], [0, 4, 5]), edgeTiles: [], planeTiles: [0, 6, 6, 4, 3, 2, 2],
    copiedTiles: [0, 12, 6], winogradRows: 6)
  fileprivate static let avx512 = Target(
    vectorBits: 512, registers: 32, features: [.sse2, .avx2, .avx512], dataTypes: [.f32],
    directTiles: ([0, 20, 14, 9, 7], []), edgeTiles: [0, 20], planeTiles: [0, 8, 8, 8, 6, 5, 4],
    copiedTiles: [0, 14, 7], winogradRows: 9)
  fileprivate static let avx512bf16 = Target(
    vectorBits: 512, registers: 32, features: [.sse2, .avx2, .avx512, .dotProducts],
    dataTypes: [.bf16, .u8s8], directTiles: ([], [0, 12, 10, 8, 6]), edgeTiles: [], planeTiles: [],
    copiedTiles: [], winogradRows: 0)
  fileprivate static let neon = Target(
    vectorBits: 128, registers: 32, features: [.neon], dataTypes: [.f32, .bf16, .u8s8],
    directTiles: ([0, 14, 13, 8, 6], [0, 4, 6]), edgeTiles: [], planeTiles: [0, 8, 8, 8, 6, 5, 4],
    copiedTiles: [0, 14, 7], winogradRows: 9)
}

extension InstructionSet {
  /// Its row of the table.
  public var target: Target {
    switch self {
    case .baseline: .baseline
    case .avx2: .avx2
    case .avx512: .avx512
    case .avx512bf16: .avx512bf16
    case .neon: .neon
    }
  }

  /// Bytes of a lane: one 32-bit float, two numbers of bf16, or four integers of 8 bits.
  public static var laneBytes: Int { 4 }

  /// Lanes of 32 bits in one vector.
  public var lanes: Int { target.vectorBits / 8 / Self.laneBytes }

  /// The data types that kernels are compiled for it.
  public var dataTypes: [DataType] { target.dataTypes }

  /// Pixels of the largest tile of `vectors` vectors that the direct kernels are compiled for, or 0.
  public func directTilePixels(vectors: Int, of type: DataType = .f32) -> Int {
    let tiles = type == .f32 ? target.directTiles.f32 : target.directTiles.narrow
    return vectors < tiles.count ? tiles[vectors] : 0
  }

  /// Pixels of the largest direct tile of `vectors` vectors that sums taps which its first or its last pixel has
  /// not with the others, or 0.
  public func edgePixels(vectors: Int, of type: DataType) -> Int {
    type == .f32 && vectors < target.edgeTiles.count ? target.edgeTiles[vectors] : 0
  }

  /// Vectors of pixels of the largest tile of `channels` output channels for plain tensors, or 0.
  public func planeTileVectors(channels: Int) -> Int {
    channels < target.planeTiles.count ? target.planeTiles[channels] : 0
  }

  /// Output channels of the largest such tile.
  public static var largestPlaneTileChannels: Int { 6 }

  /// Whether `right` has every feature of `left` and more.
  public static func < (left: Self, right: Self) -> Bool {
    left != right && left.target.features.isSubset(of: right.target.features)
  }
}

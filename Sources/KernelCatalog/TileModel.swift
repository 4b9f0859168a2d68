// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How many cycles a register tile takes, from what cores of the last ten years have in common.
///
/// - Source: two 256-bit FMAs per cycle with a latency of 4 and two loads: measured on Zen 3. One
///   512-bit FMA and 1.3 loads per pipe of that width (`CorePipes`): Zen 4 with one, Zen 5 with two.
struct TileModel {
  private let fusedPerCycle: Double
  private let loadsPerCycle: Double
  /// Loads of a pixel into all lanes at once, or of a vector of weights.
  private let spreadsPerCycle: Double
  private let latency: Double
  private let lanes: Int
  /// Whether an instruction multiplies a quantum.
  let hasDotProducts: Bool

  init(_ instructionSet: InstructionSet) {
    lanes = instructionSet.lanes
    hasDotProducts = instructionSet == .avx512bf16
    let isWide = instructionSet.lanes == 16
    (steppingPlanes, cyclesPerTransposed) = isWide ? (1, 2.3) : (1.2, 1)
    switch instructionSet {
    case .baseline: (fusedPerCycle, loadsPerCycle, latency) = (1.5, 2, 7)
    case .avx2: (fusedPerCycle, loadsPerCycle, latency) = (2, 2, 4)
    // Arm's optimisation guide for Neoverse N1; not measured.
    case .neon: (fusedPerCycle, loadsPerCycle, latency) = (2, 2, 4)
    case .avx512, .avx512bf16:
      (fusedPerCycle, loadsPerCycle, latency) = (CorePipes.wide, min(2, 1.3 * CorePipes.wide), 4)
    }
    // Groups of 6 and 12 channels, tiles of one vector and 14 pixels, took 1.24 to 1.4 times as long on Zen 5
    // as two loads a cycle would.
    spreadsPerCycle = isWide ? min(1.6, loadsPerCycle) : loadsPerCycle
  }

  /// Cycles for the products of one quantum of channels of `type` with all pixels and vectors of a tile.
  ///
  /// Without instructions for bf16, a quantum is two channels, whose numbers become floats one by one.
  func cyclesPerQuantum(_ type: DataType, pixels: Int, vectors: Int) -> Double {
    let once = cyclesPerChannel(pixels: pixels, vectors: vectors)
    if type.quantum == 1 || hasDotProducts { return once }
    return Double(type.quantum) * (once + Double(pixels + vectors) / Self.conversionsPerCycle)
  }

  /// Conversions go beside multiply-adds, to units of their own; counted, not measured.
  private static let conversionsPerCycle = 4.0

  /// Cycles for the products of one channel with all pixels and vectors of a tile.
  ///
  /// Vectors that `begin` anywhere lie across two cache lines, wholly or by chance, and are loaded twice then.
  func cyclesPerChannel(pixels: Int, vectors: Int, beginAnywhere: Bool = false) -> Double {
    // Narrow tiles keep up to four partial sums, so latency binds only the narrowest.
    let chains = min(4, max(1, 12 / (pixels * vectors)))
    let perVector = beginAnywhere ? 1 + Double(lanes) / 16 : 1
    let loads = Double(pixels) + perVector * Double(vectorLoads(pixels: pixels, vectors: vectors))
    let bound = max(
      Double(pixels * vectors) / fusedPerCycle, loads / spreadsPerCycle, latency / Double(chains))
    return bound + Self.cyclesPerLoad * Double(pixels + vectors)
  }

  /// Loads of vectors for a channel: those that sums leave no registers for are loaded for each pixel,
  /// see `DirectTile.held`.
  private func vectorLoads(pixels: Int, vectors: Int) -> Int {
    let held = lanes == 16 ? min(vectors, 30 - pixels * vectors) : vectors
    return held + pixels * (vectors - held)
  }

  /// What loads cost although the FMAs bound the tile: 4×3 tiles, which load 7 times per channel, took
  /// 1 to 4 % less time for 3×3 than 6×2 tiles, which load 8 times, on Zen 3.
  private static let cyclesPerLoad = 0.03

  /// Cycles for each cache line of weights that a tile takes from level 2 at least: tiles of four pixels and
  /// four vectors took 9.6 cycles a channel in 3×3 of 160 channels, on Zen 5.
  static let cyclesPerNearLine = 2.4

  /// Cycles to go from one run of contiguous channels to the next.
  ///
  /// With 8 channels in a run, 1×1 of 512 channels took 1.7 times as long as with runs of a whole
  /// panel, on Zen 3, and 1×1 of 64 channels 1.0 to 1.2 times: mostly because each run lies on
  /// another page.
  static let cyclesPerRun = 12.0

  /// How much longer products take whose channels lie a plane apart.
  ///
  /// 3×3 in 8 and 16 groups of 256 channels took 1.25 and 1.19 times as long as on channel-blocked
  /// tensors, on Zen 3. Tiles of AVX-512 take one channel a pass, and no longer.
  let steppingPlanes: Double

  /// Cycles per output that is collected with channels innermost and written with channels outermost.
  ///
  /// With AVX-512 on Zen 5, 3×3 and 1×1 of 64 to 384 channels took 2.1 to 2.6 cycles an output longer than
  /// on channel-blocked tensors; otherwise counted, one load and one store.
  let cyclesPerTransposed: Double

  /// Cycles per pixel of a run whose cache line competes with those of its neighbours for few sets.
  ///
  /// In NHWC, 16 groups of 24 channels and 8 of 32 lost 15 and 5 cycles a pixel and run against
  /// channel-blocked tensors, on Zen 3.
  static let cyclesPerConflict = 8.0

  /// How much longer a kernel larger than 1×1 takes on NHWC than on channel-blocked tensors: 3×3 and 5×5
  /// of 48 to 512 channels took 0.96 to 1.10 times as long on Zen 5, first layers 1.02 and 1.04 times.
  static let channelsLast = 1.04

  /// Cycles for each cache line of an input beyond level 2 that is read in many short runs, which the CPU
  /// does not see coming: 1×1 of 256 and 512 channels on channel-blocked tensors took 0.5 and 2.7 cycles a
  /// line longer than on NHWC, on Zen 5; up to 90 while others used level 3.
  static let cyclesPerFarLine = 4.0

  /// Cycles for each cache line that `planes` moves beyond level 2 at least, `pointwise`, which writes
  /// shorter runs, and lines of outputs.
  ///
  /// 1×1 in groups of 3 and 12 channels at 75×75 and 80×80 took 2.9 and 5.3, and 3.7 and 7.5, in groups of
  /// 4 to 8 at 38×38 and 97×97 2.1 and 2.6, on Zen 5. Channel-blocked lines took 2.0 to 2.4 in five depthwise
  /// 3×3 of 1.6 to 3.6 MB.
  static let cyclesPerMovedLine = 3.0, cyclesPerShortRunLine = 5.0, cyclesPerLineOfRows = 2.2

  /// Cycles that `problem` takes to move its tensors, where they exceed level 2.
  ///
  /// An output is read before it is written. Of tensors that are a little larger, a part stays near: 8 groups of 4 channels at 65×65,
  /// 1.08 MB beside 1 MiB, took 0.57 of what all lines would.
  func cyclesToMove(
    _ problem: ConvolutionProblem, _ caches: CacheSizes, perLine: Double
  ) -> Double {
    let float = ElementType.f32.bytes
    let bytes = (
      input: problem.inputShape.count * float, output: problem.outputShape.count * float
    )
    guard bytes.input + bytes.output > caches.level2 else { return 0 }
    let far = min(1, Double(bytes.input + bytes.output) / Double(caches.level2) - 0.5)
    return far * Double(bytes.input + 2 * bytes.output) / 64 * perLine
  }

  /// Cycles to start and finish a tile, beyond its products.
  func cyclesPerTile(pixels: Int, vectors: Int) -> Double { 8 + Double(pixels * vectors) }

  /// Cycles for the products of one tap of one input channel with a tile of plain tensors: a vector of
  /// positions lies across two cache lines but by chance, and is loaded twice then.
  func cyclesPerPlaneStep(channels: Int, vectors: Int) -> Double {
    let loads = Double(channels) + 2 * Double(vectors)
    let fused = Double(channels * vectors) / fusedPerCycle
    return max(fused, loads / loadsPerCycle, latency) + Self.cyclesPerPlaneLoad * loads
  }

  /// With 0.03, as for other tiles, 32 drawn problems took 1.07 times as long as predicted, on Zen 5.
  private static let cyclesPerPlaneLoad = 0.06

  /// Cycles to go from one plane to the next in such a tile: 27 1×1 of 24 to 672 channels took 1.12 times
  /// as long as their products in the mean, on Zen 5.
  static let cyclesPerPlaneChange = 2.0

  /// Cycles to start such a tile and to write its outputs.
  func cyclesPerPlaneTile(channels: Int, vectors: Int) -> Double {
    12 + 2 * Double(channels * vectors)
  }

  /// Cycles for each cache line of a filter of `bytes` bytes that is read once for a tile: with AVX-512 on
  /// Zen 5, 3×3 and 5×5 of 64 to 512 channels took 2 cycles a line longer than their FMAs while level 2
  /// held the filter, and 13 where it came from level 3.
  func cyclesPerFilterLine(_ bytes: Int, level2: Int) -> Double {
    let share = Double(bytes) / Double(level2)
    return 2 + 11 * min(1, max(0, share - 0.5))
  }

  /// Cycles to copy a row of `columns` columns between zeros.
  func cyclesPerCopiedRow(_ columns: Int, stride: Int) -> Double {
    let vectors = Double((columns + lanes - 1) / lanes)
    switch stride {
    case 1: return 4 + 1.5 * vectors
    case 2: return 6 + 2 * vectors
    default: return 4 + 2 * Double(columns)
    }
  }
}

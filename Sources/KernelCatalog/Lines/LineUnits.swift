// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What a core does in a cycle, roughly: enough to choose among depthwise tiles without measuring.
struct LineUnits {
  /// Floats in a vector.
  let lanes: Int
  /// Cycles, for a tap across, of starting a tile and writing its sums.
  private static let tile = 6.0
  /// The same where lanes have inputs of their own: for each tap across, and once besides a cycle for each
  /// sum.
  ///
  /// Depthwise 5×5 to 13×13 of 7×7 to 35×35 took 0.54 to 0.94 of what `tile` gives, on Zen 5.
  private static let ownTile = 2.0, ownStart = 12.0
  /// Cycles of going from one input channel to the next for a single tap: 3 to 14 for 1×1 in groups of
  /// 8 to 64 channels on Zen 3, more where their inputs exceed level 1.
  let channel = 6.0
  /// Cycles of going from one single tap to the next: 3 for depthwise 3×3 dilated by 4 on Zen 5.
  let piece = 3.0
  /// Cycles of checking whether a step lies inside the image: about 1 on Zen 5 for depthwise 3×3 dilated
  /// by 4, half of whose tiles meet the border.
  private let check: Double
  /// Cycles of a permutation of the lanes: 1×1 in groups of 4 channels, which permutes for every FMA, took 7
  /// cycles for 4 outputs and a channel, on Zen 5.
  private static let permutation = 1.5
  private let registers: Int
  private let operationsPerCycle: Double
  private let loadsPerCycle: Double
  /// Sums that hide the latency of the FMA pipes.
  private let sums: Int

  /// The units for `instructionSet`: two 256-bit pipes of latency 4, and those of 512 bits that there are.
  init(_ instructionSet: InstructionSet) {
    lanes = instructionSet.lanes
    check = instructionSet == .avx512 ? 1 : 0.7
    registers = instructionSet.target.registers
    switch instructionSet {
    // Of NEON two pipes and two loads, as in Neoverse N1; not measured.
    case .avx2, .neon: (operationsPerCycle, loadsPerCycle, sums) = (2, 2, 8)
    case .avx512, .avx512bf16:
      let pipes = CorePipes.wide
      (operationsPerCycle, loadsPerCycle, sums) = (pipes, pipes, 4 * Int(pipes))
    // A product and a sum instead of one FMA.
    case .baseline: (operationsPerCycle, loadsPerCycle, sums) = (1, 2, 4)
    }
  }

  /// Whether sums, weights and an input fit the registers.
  func fits(pixels: Int, taps: Int) -> Bool { pixels + taps + 1 <= registers }

  /// Cycles, for each of `tapRows` taps across, of starting a tile and writing its sums.
  func cyclesPerTile(pixels: Int, tapRows: Double, _ isOwn: Bool) -> Double {
    guard isOwn else { return Self.tile }
    return Self.ownTile + (Self.ownStart + Double(pixels)) / max(1, tapRows)
  }

  /// Cycles of applying `taps` taps to a tile, with `checks` steps checked for the border, of inputs whose
  /// channels are brought to their lanes by permutations where `isPermuted`.
  func cycles(
    pixels: Int, taps: Int, steps: Int, checks: Int, isPermuted: Bool, isOwn: Bool
  ) -> Double {
    // Every tap is one more FMA of the same sum, whose latency few sums do not hide.
    let hidden = isOwn ? Double(sums) : Double(pixels + sums + 3) / 2
    let busy = max(Double(pixels), hidden)
    let arithmetic = busy * Double(taps) / operationsPerCycle
    let parts = (taps + max(1, registers - 1 - pixels) - 1) / max(1, registers - 1 - pixels)
    let loads =
      Double(taps + (taps == 1 ? pixels : steps + (parts - 1) * (pixels - 1))) / loadsPerCycle
    let permutations = isPermuted ? Self.permutation * Double(taps == 1 ? pixels : steps) : 0
    return max(arithmetic, loads * 1.1, permutations) + check * Double(checks)
  }
}

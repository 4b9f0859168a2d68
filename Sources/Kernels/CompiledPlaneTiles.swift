// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Every tile for plain tensors that this module compiles; `InstructionSet.planeTileVectors` says the
/// same to planners.
enum CompiledPlaneTiles {
  /// Computes a tile of `channels` × `vectors`; the key is two hexadecimal digits of these.
  @inline(__always)
  static func run(
    _ channels: Int, _ vectors: Int, _ arguments: UnsafePointer<PlaneArguments>,
    _ input: UnsafeRawPointer, _ filter: UnsafeRawPointer, _ bias: UnsafeRawPointer,
    _ output: UnsafeMutableRawPointer, _ places: UnsafePointer<PlaneVector>,
    _ spare: UnsafeMutableRawPointer
  ) {
    switch channels << 4 | vectors {
    #if KERNELS_AVX512 || KERNELS_NEON
      case 0x11: PlaneTile<1, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x12: PlaneTile<1, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x13: PlaneTile<1, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x14: PlaneTile<1, 4>.run(arguments, input, filter, bias, output, places, spare)
      case 0x15: PlaneTile<1, 5>.run(arguments, input, filter, bias, output, places, spare)
      case 0x16: PlaneTile<1, 6>.run(arguments, input, filter, bias, output, places, spare)
      case 0x17: PlaneTile<1, 7>.run(arguments, input, filter, bias, output, places, spare)
      case 0x18: PlaneTile<1, 8>.run(arguments, input, filter, bias, output, places, spare)
      case 0x21: PlaneTile<2, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x22: PlaneTile<2, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x23: PlaneTile<2, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x24: PlaneTile<2, 4>.run(arguments, input, filter, bias, output, places, spare)
      case 0x25: PlaneTile<2, 5>.run(arguments, input, filter, bias, output, places, spare)
      case 0x26: PlaneTile<2, 6>.run(arguments, input, filter, bias, output, places, spare)
      case 0x27: PlaneTile<2, 7>.run(arguments, input, filter, bias, output, places, spare)
      case 0x28: PlaneTile<2, 8>.run(arguments, input, filter, bias, output, places, spare)
      case 0x31: PlaneTile<3, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x32: PlaneTile<3, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x33: PlaneTile<3, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x34: PlaneTile<3, 4>.run(arguments, input, filter, bias, output, places, spare)
      case 0x35: PlaneTile<3, 5>.run(arguments, input, filter, bias, output, places, spare)
      case 0x36: PlaneTile<3, 6>.run(arguments, input, filter, bias, output, places, spare)
      case 0x37: PlaneTile<3, 7>.run(arguments, input, filter, bias, output, places, spare)
      case 0x38: PlaneTile<3, 8>.run(arguments, input, filter, bias, output, places, spare)
      case 0x41: PlaneTile<4, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x42: PlaneTile<4, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x43: PlaneTile<4, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x44: PlaneTile<4, 4>.run(arguments, input, filter, bias, output, places, spare)
      case 0x45: PlaneTile<4, 5>.run(arguments, input, filter, bias, output, places, spare)
      case 0x46: PlaneTile<4, 6>.run(arguments, input, filter, bias, output, places, spare)
      case 0x51: PlaneTile<5, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x52: PlaneTile<5, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x53: PlaneTile<5, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x54: PlaneTile<5, 4>.run(arguments, input, filter, bias, output, places, spare)
      case 0x55: PlaneTile<5, 5>.run(arguments, input, filter, bias, output, places, spare)
      case 0x61: PlaneTile<6, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x62: PlaneTile<6, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x63: PlaneTile<6, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x64: PlaneTile<6, 4>.run(arguments, input, filter, bias, output, places, spare)
    #elseif KERNELS_AVX2
      case 0x11: PlaneTile<1, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x12: PlaneTile<1, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x13: PlaneTile<1, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x14: PlaneTile<1, 4>.run(arguments, input, filter, bias, output, places, spare)
      case 0x15: PlaneTile<1, 5>.run(arguments, input, filter, bias, output, places, spare)
      case 0x16: PlaneTile<1, 6>.run(arguments, input, filter, bias, output, places, spare)
      case 0x21: PlaneTile<2, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x22: PlaneTile<2, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x23: PlaneTile<2, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x24: PlaneTile<2, 4>.run(arguments, input, filter, bias, output, places, spare)
      case 0x25: PlaneTile<2, 5>.run(arguments, input, filter, bias, output, places, spare)
      case 0x26: PlaneTile<2, 6>.run(arguments, input, filter, bias, output, places, spare)
      case 0x31: PlaneTile<3, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x32: PlaneTile<3, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x33: PlaneTile<3, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x34: PlaneTile<3, 4>.run(arguments, input, filter, bias, output, places, spare)
      case 0x41: PlaneTile<4, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x42: PlaneTile<4, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x43: PlaneTile<4, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x51: PlaneTile<5, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x52: PlaneTile<5, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x61: PlaneTile<6, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x62: PlaneTile<6, 2>.run(arguments, input, filter, bias, output, places, spare)
    #else
      case 0x11: PlaneTile<1, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x12: PlaneTile<1, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x13: PlaneTile<1, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x14: PlaneTile<1, 4>.run(arguments, input, filter, bias, output, places, spare)
      case 0x21: PlaneTile<2, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x22: PlaneTile<2, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x23: PlaneTile<2, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x24: PlaneTile<2, 4>.run(arguments, input, filter, bias, output, places, spare)
      case 0x31: PlaneTile<3, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x32: PlaneTile<3, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x33: PlaneTile<3, 3>.run(arguments, input, filter, bias, output, places, spare)
      case 0x41: PlaneTile<4, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x42: PlaneTile<4, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x51: PlaneTile<5, 1>.run(arguments, input, filter, bias, output, places, spare)
      case 0x52: PlaneTile<5, 2>.run(arguments, input, filter, bias, output, places, spare)
      case 0x61: PlaneTile<6, 1>.run(arguments, input, filter, bias, output, places, spare)
    #endif
    default: assertionFailure("a tile that is not compiled")
    }
  }
}

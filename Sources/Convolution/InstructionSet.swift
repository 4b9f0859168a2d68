// SPDX-License-Identifier: Apache-2.0

/// An instruction set for which kernels are compiled.
///
/// One comes before another where that has all of its features and more. How wide vectors are orders
/// nothing: two sets may have equal vectors and differ in what they can multiply.
public enum InstructionSet: String, CaseIterable, Codable, Comparable, Hashable, Sendable {
  /// What every x86-64 CPU has: SSE2.
  case baseline
  /// AVX2 and FMA: x86-64-v3.
  case avx2
  /// AVX-512 F, CD, BW, DQ and VL: x86-64-v4.
  case avx512
  /// The same with VNNI and BF16, which multiply pairs of bf16 and quadruples of 8-bit integers and sum
  /// them in 32 bits.
  case avx512bf16 = "avx512-bf16"
  /// Advanced SIMD with its fused operations, which every arm64 CPU with Linux has.
  case neon

  /// Those of the architecture that this is compiled for.
  public static var allCases: [InstructionSet] {
    #if arch(arm64)
      [.neon]
    #else
      [.baseline, .avx2, .avx512, .avx512bf16]
    #endif
  }

  /// Lanes of 32-bit floats in one vector.
  public var lanes: Int {
    switch self {
    case .baseline, .neon: 4
    case .avx2: 8
    case .avx512, .avx512bf16: 16
    }
  }

  /// The data types that kernels are compiled for it.
  ///
  /// What computes 32-bit floats is compiled once for AVX-512: BF16 adds nothing to that. Other types are
  /// compiled where there are instructions for them; an AVX-512 CPU without takes those for AVX2.
  public var dataTypes: [DataType] {
    switch self {
    case .baseline, .avx2, .neon: [.f32, .bf16, .u8s8]
    case .avx512: [.f32]
    case .avx512bf16: [.bf16, .u8s8]
    }
  }

  /// What it asks of a CPU, a bit each.
  private var features: UInt8 {
    switch self {
    case .baseline: 0b1
    case .avx2: 0b11
    case .avx512: 0b111
    case .avx512bf16: 0b1111
    case .neon: 0b1_0000
    }
  }

  /// Whether `right` has every feature of `left` and more.
  public static func < (left: Self, right: Self) -> Bool {
    left.features & right.features == left.features && left != right
  }
}

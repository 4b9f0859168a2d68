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
}

// SPDX-License-Identifier: Apache-2.0

/// An instruction set for which kernels are compiled, from narrow to wide.
public enum InstructionSet: String, CaseIterable, Codable, Comparable, Hashable, Sendable {
  /// What every x86-64 CPU has: SSE2.
  case baseline
  /// AVX2 and FMA: x86-64-v3.
  case avx2
  /// AVX-512 F, CD, BW, DQ and VL: x86-64-v4.
  case avx512
  /// Advanced SIMD with its fused operations, which every arm64 CPU with Linux has.
  case neon

  /// Those of the architecture that this is compiled for.
  public static var allCases: [InstructionSet] {
    #if arch(arm64)
      [.neon]
    #else
      [.baseline, .avx2, .avx512]
    #endif
  }

  /// Lanes of 32-bit floats in one vector.
  public var lanes: Int {
    switch self {
    case .baseline, .neon: 4
    case .avx2: 8
    case .avx512: 16
    }
  }

  /// Whether `left` has narrower vectors than `right`.
  public static func < (left: Self, right: Self) -> Bool { left.lanes < right.lanes }
}

// SPDX-License-Identifier: Apache-2.0

/// An instruction set for which kernels are compiled, from narrow to wide.
public enum InstructionSet: String, CaseIterable, Codable, Comparable, Hashable, Sendable {
  /// What every CPU of the architecture has: SSE2 on x86-64, NEON on arm64.
  case baseline
  /// AVX2 and FMA: x86-64-v3.
  case avx2
  /// AVX-512 F, CD, BW, DQ and VL: x86-64-v4.
  case avx512

  /// Lanes of 32-bit floats in one vector.
  public var lanes: Int {
    switch self {
    case .baseline: 4
    case .avx2: 8
    case .avx512: 16
    }
  }

  /// Whether `left` has narrower vectors than `right`.
  public static func < (left: Self, right: Self) -> Bool { left.lanes < right.lanes }
}

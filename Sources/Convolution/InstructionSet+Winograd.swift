// SPDX-License-Identifier: Apache-2.0

extension InstructionSet {
  /// Most tiles whose sums, of two vectors each, a Winograd product keeps in registers.
  public var winogradRows: Int {
    switch self {
    case .baseline: 4
    case .avx2: 6
    case .avx512, .avx512bf16, .neon: 9
    }
  }
}

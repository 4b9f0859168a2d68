// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
public import Convolution

extension InstructionSet {
  /// The instruction sets that this CPU has and whose registers the operating system saves.
  /// - Source: Intel SDM vol. 1, 13.3 and 15.2; AMD APM vol. 3, appendix E;
  ///   "arm64 ELF hwcaps" in the documentation of Linux.
  public static let available: [InstructionSet] = {
    let found = features
    return allCases.filter { $0.target.features.isSubset(of: found) }
  }()

  /// Those among them that have kernels for `type`.
  public static func available(for type: DataType) -> [InstructionSet] {
    available.filter { $0.dataTypes.contains(type.arithmetic) }
  }

  /// What this CPU has.
  private static var features: Target.Features {
    #if arch(arm64)
      hasNEON ? [.neon] : []
    #else
      var features: Target.Features = [.sse2]
      if hasAVX2 { features.insert(.avx2) }
      if hasAVX512 { features.insert(.avx512) }
      if hasDotProducts { features.insert(.dotProducts) }
      return features
    #endif
  }

  /// AVX2, FMA, BMI1, BMI2, F16C, MOVBE and LZCNT: everything a compiler may use under
  /// x86-64-v3, with XMM and YMM state saved.
  private static var hasAVX2: Bool {
    guard let features = cpuid(1), let extended = cpuid(7), let amd = cpuid(0x8000_0001) else {
      return false
    }
    let fma = 1 << 12, movbe = 1 << 22, osxsave = 1 << 27, avx = 1 << 28, f16c = 1 << 29
    let bmi1 = 1 << 3, avx2 = 1 << 5, bmi2 = 1 << 8, lzcnt = 1 << 5
    return has(features.c, fma | movbe | osxsave | avx | f16c)
      && has(extended.b, bmi1 | avx2 | bmi2) && has(amd.c, lzcnt)
      && cplatform_saved_register_states() & 0b110 == 0b110
  }

  /// F, CD, BW, DQ and VL: x86-64-v4, with opmask and ZMM state saved.
  private static var hasAVX512: Bool {
    guard let extended = cpuid(7) else { return false }
    let f = 1 << 16, dq = 1 << 17, cd = 1 << 28, bw = 1 << 30, vl = 1 << 31
    return has(extended.b, f | dq | cd | bw | vl)
      && cplatform_saved_register_states() & 0b1110_0110 == 0b1110_0110
  }

  /// AVX512_VNNI and AVX512_BF16.
  private static var hasDotProducts: Bool {
    guard let extended = cpuid(7), let more = cpuid(7, subleaf: 1) else { return false }
    let vnni = 1 << 11, bf16 = 1 << 5
    return has(extended.c, vnni) && extended.a >= 1 && has(more.a, bf16)
  }

  /// `HWCAP_ASIMD`, as Linux reports it.
  private static var hasNEON: Bool { cplatform_hardware_capabilities() & 1 << 1 != 0 }

  private static func has(_ register: UInt32, _ bits: Int) -> Bool {
    Int(register) & bits == bits
  }

  private static func cpuid(
    _ leaf: UInt32, subleaf: UInt32 = 0
  ) -> (a: UInt32, b: UInt32, c: UInt32, d: UInt32)? {
    var registers: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    let exists = withUnsafeMutableBytes(of: &registers) { bytes in
      cplatform_cpuid(leaf, subleaf, bytes.assumingMemoryBound(to: UInt32.self).baseAddress)
    }
    return exists ? (registers.0, registers.1, registers.2, registers.3) : nil
  }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Machine

@Suite("A kind of CPU")
struct CPUIdentityTests {
  private static let caches = [CacheLevel(level: 1, bytes: 32 << 10, sharedBy: 1)]

  /// What the kernel writes of a CPU that only says "AMD EPYC".
  private func cpuInfo(
    family: String = "25", model: String = "17", stepping: String = "1",
    microcode: String = "0xa101144", flags: String = "fpu avx2 avx512f", megahertz: String = "3700"
  ) -> String {
    """
    processor\t: 0
    vendor_id\t: AuthenticAMD
    cpu family\t: \(family)
    model\t\t: \(model)
    model name\t: AMD EPYC
    stepping\t: \(stepping)
    microcode\t: \(microcode)
    cpu MHz\t\t: \(megahertz)
    flags\t\t: \(flags)

    processor\t: 1
    model\t\t: 99
    """
  }

  private func fingerprint(_ text: String, _ caches: [CacheLevel] = caches) -> String {
    CPUIdentity(cpuInfo: text, caches: caches).fingerprint
  }

  @Test("is the same whatever changes from hour to hour")
  func stable() {
    let usual = fingerprint(cpuInfo())
    #expect(usual.count == 12 && usual.allSatisfy(\.isHexDigit))
    #expect(fingerprint(cpuInfo(megahertz: "2100")) == usual)
    #expect(fingerprint(cpuInfo(flags: "avx512f avx2 fpu")) == usual)
  }

  @Test("differs by family, model, stepping, microcode, flags and caches, not only by name")
  func distinct() {
    let all = [
      fingerprint(cpuInfo()), fingerprint(cpuInfo(family: "26")),
      fingerprint(cpuInfo(model: "1")), fingerprint(cpuInfo(stepping: "2")),
      fingerprint(cpuInfo(microcode: "0xa101148")), fingerprint(cpuInfo(flags: "fpu avx2")),
      fingerprint(cpuInfo(), [CacheLevel(level: 1, bytes: 48 << 10, sharedBy: 1)]),
      fingerprint(cpuInfo(), [CacheLevel(level: 1, bytes: 32 << 10, sharedBy: 2)]),
    ]
    #expect(Set(all).count == all.count)
  }

  @Test("is that of the first processor, also where the system says nothing")
  func facts() {
    let facts = CPUIdentity(cpuInfo: cpuInfo(), caches: Self.caches).facts
    #expect(facts.contains("model=17") && facts.contains("L1=32768 shared by 1"))
    #expect(CPUIdentity(cpuInfo: "", caches: []).facts.isEmpty)
    #expect(fingerprint("", []).count == 12)
  }
}

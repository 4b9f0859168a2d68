// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Machine

@Suite("The data caches")
struct CacheLevelTests {
  @Test(
    "have sizes as the system writes them",
    arguments: [
      ("32K", 32768), ("8M", 8 << 20), ("512", 512), ("0K", nil), ("-1", nil), ("", nil),
      ("9999999999999999G", nil),
    ] as [(String, Int?)])
  func sizes(text: String, expected: Int?) {
    #expect(CacheLevel.bytes(text) == expected)
  }

  @Test(
    "are shared by the CPUs of a list",
    arguments: [("0", 1), ("0-3", 4), ("0-1,8-9", 4), ("1,3", 2), ("3-0", 1)])
  func lists(text: String, expected: Int) {
    #expect(CacheLevel.countCPUs(text) == expected)
  }

  @Test("are read from the system, without the instruction cache")
  func folder() throws {
    let folder = try FixtureFolder([
      "index0/level": "1", "index0/type": "Data", "index0/size": "48K",
      "index0/shared_cpu_list": "0-1", "index1/level": "1", "index1/type": "Instruction",
      "index1/size": "32K", "index2/level": "2", "index2/type": "Unified", "index2/size": "2048K",
    ])
    #expect(
      CacheLevel.levels(in: folder.path) == [
        CacheLevel(level: 1, bytes: 48 << 10, sharedBy: 2),
        CacheLevel(level: 2, bytes: 2 << 20, sharedBy: 1),
      ])
  }

  @Test("have one set of usual sizes where the system shows none")
  func usual() {
    let levels = CacheLevel.levels(in: "/nonexistent")
    #expect(levels == CacheLevel.usual)
    #expect((1...3).map { CacheLevel.bytes(level: $0, of: levels) } == levels.map(\.bytes))
    let small = [CacheLevel(level: 1, bytes: 4096, sharedBy: 1)]
    #expect(CacheLevel.bytes(level: 1, of: small) == 4096)
    #expect(CacheLevel.bytes(level: 2, of: small) == CacheLevel.usual[1].bytes)
  }
}

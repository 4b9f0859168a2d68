// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Machine

@Suite("The control groups of a process")
struct ControlGroupTests {
  private static let unified = "30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw"

  @Test("grant what the process's own group grants, not what the mount's root does")
  func own() throws {
    let folder = try FixtureFolder([
      "proc/self/cgroup": "0::/jobs/mine", "proc/self/mountinfo": Self.unified,
      "sys/fs/cgroup/jobs/mine/cpu.max": "150000 100000",
      "sys/fs/cgroup/jobs/mine/memory.max": "1073741824",
      "sys/fs/cgroup/other/cpu.max": "10000 100000",
    ])
    let group = ControlGroup(root: folder.path)
    #expect(group.cpuQuota == 1.5)
    #expect(group.memoryLimit == 1 << 30)
  }

  @Test("grant the least of all groups up to the root")
  func leastOfAll() throws {
    let folder = try FixtureFolder([
      "proc/self/cgroup": "0::/jobs/mine", "proc/self/mountinfo": Self.unified,
      "sys/fs/cgroup/jobs/mine/cpu.max": "400000 100000",
      "sys/fs/cgroup/jobs/mine/memory.max": "max",
      "sys/fs/cgroup/jobs/cpu.max": "200000 100000",
      "sys/fs/cgroup/jobs/memory.max": "536870912",
      "sys/fs/cgroup/cpu.max": "300000 100000", "sys/fs/cgroup/memory.max": "2147483648",
    ])
    let group = ControlGroup(root: folder.path)
    #expect(group.cpuQuota == 2)
    #expect(group.memoryLimit == 512 << 20)
  }

  @Test("leave the memory that the tightest of them has not used, cached files counted as free")
  func freeMemory() throws {
    let folder = try FixtureFolder([
      "proc/self/cgroup": "0::/jobs/mine", "proc/self/mountinfo": Self.unified,
      "sys/fs/cgroup/jobs/mine/memory.max": "1000",
      "sys/fs/cgroup/jobs/mine/memory.current": "700",
      "sys/fs/cgroup/jobs/mine/memory.stat": "anon 400\ninactive_file 200",
      "sys/fs/cgroup/jobs/memory.max": "5000", "sys/fs/cgroup/jobs/memory.current": "4600",
    ])
    let group = ControlGroup(root: folder.path)
    #expect(group.memoryLimit == 1000)
    #expect(group.memoryFree == 400)
    #expect(ControlGroup(root: folder.path + "/nowhere").memoryFree == nil)
  }

  @Test("of version 1 stand apart for CPU and memory")
  func version1() throws {
    let folder = try FixtureFolder([
      "proc/self/cgroup": "5:cpu,cpuacct:/a/b\n4:memory:/m\n0::/",
      "proc/self/mountinfo": """
      40 30 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
      41 30 0:31 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory
      """,
      "sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us": "-1",
      "sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_period_us": "100000",
      "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "50000",
      "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000",
      "sys/fs/cgroup/memory/m/memory.limit_in_bytes": "268435456",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
    ])
    let group = ControlGroup(root: folder.path)
    #expect(group.cpuQuota == 0.5)
    #expect(group.memoryLimit == 256 << 20)
  }

  @Test("are found where a container sees only its own part of the hierarchy")
  func container() throws {
    let folder = try FixtureFolder([
      "proc/self/cgroup": "0::/docker/abc/inner",
      "proc/self/mountinfo": "30 24 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw",
      "sys/fs/cgroup/cpu.max": "100000 100000", "sys/fs/cgroup/inner/memory.max": "1048576",
      "sys/fs/cgroup/inner/cpu.max": "max 100000",
    ])
    let group = ControlGroup(root: folder.path)
    #expect(group.cpuQuota == 1)
    #expect(group.memoryLimit == 1 << 20)
  }

  @Test(
    "set no limit where there is none, or nothing that can be read",
    arguments: [
      [:],
      ["proc/self/cgroup": "nonsense\n0::/x", "proc/self/mountinfo": "short\n\(unified)"],
      [
        "proc/self/cgroup": "0::/x", "proc/self/mountinfo": unified,
        "sys/fs/cgroup/x/cpu.max": "max 100000", "sys/fs/cgroup/x/memory.max": "max",
        "sys/fs/cgroup/cpu.max": "1 0", "sys/fs/cgroup/memory.max": "",
      ],
      [
        "proc/self/cgroup": "0::/../..", "proc/self/mountinfo": unified,
        "sys/fs/cgroup/x/cpu.max": "10000 100000",
      ],
    ] as [[String: String]])
  func none(files: [String: String]) throws {
    let folder = try FixtureFolder(files)
    #expect(
      ControlGroup(root: folder.path).cpuQuota == nil
        && ControlGroup(root: folder.path).memoryLimit == nil)
  }

  @Test(
    "write a quota as time of a period",
    arguments: [
      ("max 100000", nil), ("150000 100000", 1.5), ("400000 100000", 4), ("", nil), ("1 0", nil),
      ("nan 1", nil), ("1e308 1e-308", nil),
    ] as [(String, Double?)])
  func readsQuota(text: String, expected: Double?) {
    #expect(ControlGroup.quota(text) == expected)
  }
}

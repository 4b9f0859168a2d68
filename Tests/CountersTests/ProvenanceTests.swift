// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Counters

@Suite("Provenance")
struct ProvenanceTests {
  @Test(
    "A provenance prints as scripts read it",
    arguments: [
      (Provenance(.hardware), "hardware"),
      (Provenance(.hardware, countedAs: "perf::CYCLES"), "hardware as perf::CYCLES"),
      (Provenance(.software), "software"), (Provenance(.simulated), "simulated"),
      (Provenance(.scaled(0.43)), "scaled(0.43)"), (Provenance(.scaled(0.999)), "scaled(0.99)"),
      (Provenance(.scaled(0.05)), "scaled(0.05)"), (Provenance(.scaled(1)), "scaled(1.00)"),
      (Provenance(.scaled(0.29)), "scaled(0.29)"),
      (.unavailable("no PMU"), "unavailable: no PMU"),
    ])
  func text(_ provenance: Provenance, _ expected: String) {
    #expect("\(provenance)" == expected)
  }

  @Test("Only an unavailable value has a reason")
  func reasons() {
    #expect(Provenance.unavailable("why").reason == "why")
    #expect(!Provenance.unavailable("why").isAvailable)
    #expect(Provenance(.scaled(0.5)).reason == nil)
  }

  /// A machine with a PMU where everything is granted.
  private static let machine = virtualMachine

  @Test(
    "A reason names the cause and the remedy",
    .enabled(if: PAPIShim.canBeBuilt, "needs a C compiler (cc, clang or gcc)"),
    arguments: [
      ("PAPI_TOT_CYC", 13, 0, 3, false, false, "perf_event_paranoid=2"),
      ("PAPI_TOT_CYC", 1, 1, 2, true, false, "--cap-add PERFMON"),
      ("PAPI_TOT_CYC", 1, 1, 2, false, true, "seccomp"),
      ("PAPI_TOT_CYC", 2, 0, 2, false, false, "no PMU"),
      ("perf::TASK-CLOCK", 13, 13, 4, false, false, "perf_event_paranoid is 4"),
      ("perf::TASK-CLOCK", 38, 38, 2, false, true, "hides perf_event_open"),
      ("perf::TASK-CLOCK", 38, 38, 2, false, false, "CONFIG_PERF_EVENTS"),
      ("perf::CPU-MIGRATIONS", 0, 0, 2, false, false, "perf_event_paranoid=1"),
    ] as [(String, Int32, Int32, Int, Bool, Bool, String)])
  func remedies(
    _ event: String, _ hardwareErrno: Int32, _ softwareErrno: Int32, _ paranoid: Int,
    _ isContainer: Bool, _ isFiltered: Bool, _ words: String
  ) throws {
    var machine = Self.machine
    machine.hardwareErrno = hardwareErrno
    machine.softwareErrno = softwareErrno
    machine.paranoid = paranoid
    machine.isContainer = isContainer
    machine.isFiltered = isFiltered
    let library = try PAPIShim.virtual.library().get()
    let reason = machine.reason(
      PAPIFailure(stage: .add, status: -15), event: event, library: library)
    #expect(reason.contains(words), "\(reason)")
  }

  @Test(
    "A name that PAPI does not know is no riddle where the kernel refuses everything",
    .enabled(if: PAPIShim.canBeBuilt, "needs a C compiler (cc, clang or gcc)"),
    arguments: [(0, "unknown to PAPI"), (13, "perf_event_paranoid is 3;")] as [(Int32, String)])
  func unknownName(_ errno: Int32, _ words: String) throws {
    var machine = Self.machine
    (machine.hardwareErrno, machine.softwareErrno, machine.paranoid) = (errno, errno, 3)
    let reason = machine.reason(
      PAPIFailure(stage: .resolve, status: -7), event: "perf::TASK-CLOCK",
      library: try PAPIShim.virtual.library().get())
    #expect(reason.hasPrefix(words), "\(reason)")
  }
}

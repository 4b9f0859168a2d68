// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Workers

@testable import Counters

@Suite("Faults of PAPI in a whole run", .serialized)
struct ProgramFaultTests {
  private static let events = "PAPI_TOT_INS,perf::TASK-CLOCK"

  /// What is loaded in place of the library, and words of the reason that the row then gives.
  private static let faults = [
    ("fail=library_init", "PAPI does not start"),
    ("fail=register_thread", "PAPI does not take this thread"),
    ("fail=create_eventset", "no event set"),
    ("fail=add_event", "cannot be added"),
    ("fail=start", "cannot be started"),
    ("fail=read,after=9", "cannot be read"),
  ]

  @Test(
    "The run goes on, the reason stands in the row, and a required counter makes it exit with 4",
    .enabled(if: PAPIShim.canBeBuilt, "needs a C compiler (cc, clang or gcc)"),
    arguments: faults, [PAPIShim.failing, .virtual])
  func failingCall(_ fault: (settings: String, reason: String), _ shim: PAPIShim) throws {
    let run = try ProgramRun.small(
      ["--counters", Self.events, "--require-counters"],
      [PAPILibrary.pathVariable: shim.copy(fault.settings)])
    #expect(run.exitCode == 4, "\(run.standardError)")
    #expect(run.standardError.contains("has no value"))
    let rows = try run.text("measurements.csv")
    #expect(rows.contains(",ok,"))
    // Where there is no PMU, the installed library has no instructions whatever else fails.
    #expect(rows.contains(fault.reason) || shim == .failing && rows.contains("no PMU"))
  }

  /// A kernel that refuses, an event, and words of its reason.
  private static let refusals = [
    (KernelRefusal(errno: EPERM), "perf::TASK-CLOCK", "refuses perf_event_open"),
    (KernelRefusal(errno: EPERM), "PAPI_TOT_INS", "refuses perf_event_open"),
    (KernelRefusal(errno: ENOSYS), "perf::TASK-CLOCK", "a seccomp filter hides perf_event_open"),
    (KernelRefusal(errno: EACCES, paranoid: 3), "perf::TASK-CLOCK", "perf_event_paranoid is 3;"),
    (KernelRefusal(errno: EACCES, paranoid: 4), "PAPI_TOT_INS", "perf_event_paranoid is 4;"),
  ]

  @Test(
    "Where the kernel refuses to count, the run goes on and the row says who refuses and why",
    arguments: refusals)
  func refusal(_ kernel: KernelRefusal, _ event: String, _ reason: String) throws {
    // Only root can show another perf_event_paranoid to a program.
    guard kernel.isPossible else { return }
    let words = ["--counters", event]
    let run = try ProgramRun.small(words, through: kernel.words)
    #expect(run.exitCode == 0, "\(run.standardError)")
    let rows = try run.text("measurements.csv")
    #expect(rows.contains(",ok,") && rows.contains(reason), "\(rows)")
    let required = try ProgramRun.small(words + ["--require-counters"], through: kernel.words)
    #expect(required.exitCode == 4, "\(required.standardError)")
    #expect(required.standardError.contains(reason))
  }

  @Test(
    "Two workers that need the same counter: the run goes on, and the one without it says so",
    .enabled(
      if: PAPIShim.canBeBuilt && AvailableCPUs.ids().count > 1,
      "needs a C compiler and two CPUs"))
  func conflict() throws {
    let options = ["--counters", Self.events, "--workers", "2"]
    let shim = { [PAPILibrary.pathVariable: PAPIShim.virtual.copy("exclusive=1")] }
    let run = try ProgramRun.small(options, shim())
    #expect(run.exitCode == 0, "\(run.standardError)")
    let workers = try run.text("workers.csv")
    // Which reason it is depends on whether this machine has a PMU, which the stand-in cannot tell.
    #expect(workers.contains(",,unavailable: "), "\(workers)")
    #expect(workers.contains(",hardware,"), "\(workers)")
    let rows = try run.text("measurements.csv")
    #expect(rows.contains(",ok,") && rows.contains(",,unavailable: "), "\(rows)")
    let required = try ProgramRun.small(options + ["--require-counters"], shim())
    #expect(required.exitCode == 4, "\(required.standardError)")
  }

  @Test("A missing library does the same, and without the demand the run is a success")
  func missingLibrary() throws {
    let absent = [PAPILibrary.pathVariable: "/nonexistent/libpapi.so"]
    let asked = try ProgramRun.small(["--counters", Self.events, "--require-counters"], absent)
    #expect(asked.exitCode == 4)
    #expect(asked.standardError.contains("PAPI missing"))
    let unasked = try ProgramRun.small(["--counters", Self.events], absent)
    #expect(unasked.exitCode == 0)
    #expect(try unasked.text("measurements.csv").contains("unavailable: PAPI missing"))
    #expect(try unasked.text("workers.csv").contains("unavailable: PAPI missing"))
  }

  @Test(
    "Counters that all count satisfy the demand",
    .enabled(if: PAPIShim.canBeBuilt, "needs a C compiler (cc, clang or gcc)"))
  func nothingMissing() throws {
    let run = try ProgramRun.small(
      ["--counters", Self.events, "--require-counters"],
      [PAPILibrary.pathVariable: PAPIShim.virtual.copy("")])
    #expect(run.exitCode == 0, "\(run.standardError)")
    #expect(try run.text("measurements.csv").contains(",hardware,"))
  }

  @Test("The check of the counters runs, and says of each event how it stands")
  func check() throws {
    let run = try ProgramRun(["list", "counters", "--check"])
    #expect(run.exitCode == 0, "\(run.standardOutput)")
    for experiment in CounterExperiment.all {
      #expect(run.standardOutput.contains(experiment.event.name))
    }
    #expect(run.standardOutput.contains(", 0 disagree, "))
  }

  @Test(
    "A counter that counts something else makes the check exit with 3",
    .enabled(if: PAPIShim.canBeBuilt, "needs a C compiler (cc, clang or gcc)"))
  func failingCheck() throws {
    let run = try ProgramRun(
      ["list", "counters", "--check", "--counters", "perf::PAGE-FAULTS"],
      [PAPILibrary.pathVariable: PAPIShim.virtual.copy("")])
    #expect(run.exitCode == 3)
    #expect(run.standardOutput.contains("DISAGREES"))
  }
}

// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation
import Testing

@testable import ExternalPeers

@Suite("A contender that misbehaves ends as a reason")
struct FaultyContenderTests {
  /// A fault, and what its reason must say.
  struct Fault: CustomTestStringConvertible, Sendable {
    var name: String
    var reason: [String]
    var endsContender = true
    var testDescription: String { name }

    init(_ name: String, _ reason: String..., endsContender: Bool = true) {
      self.name = name
      self.reason = reason
      self.endsContender = endsContender
    }
  }

  /// Where a fault shows only as silence, the silence is short; all other answers may take their
  /// time on a busy machine.
  private func timeouts(_ fault: String) -> ContenderTimeouts {
    var timeouts = ContenderTimeouts(grace: .milliseconds(200))
    switch fault {
    case "TextInsteadOfHello": timeouts.hello = .seconds(8)
    case "HangsInPrepare", "IgnoresTerminate": timeouts.prepare = .seconds(3)
    case "HangsInRun", "FloodsErrors": timeouts.run = .seconds(3)
    default: break
    }
    return timeouts
  }

  /// Greets, prepares, checks and runs; the error of the step that fails.
  private func meet(_ fault: String) throws -> (ExternalError, ExternalContender?) {
    let contender: ExternalContender
    do throws(ExternalError) {
      contender = try Fixture.faulty(fault, timeouts: timeouts(fault))
    } catch {
      return (error, nil)
    }
    do throws(ExternalError) {
      let handle = try contender.prepare(Example.all[0])
      _ = try contender.output(handle)
      _ = try contender.run(handle, iterations: 1)
    } catch {
      return (error, contender)
    }
    throw Innocent()
  }

  /// The fault did not show.
  struct Innocent: Error {}

  @Test(
    "naming what happened and what was printed",
    arguments: [
      Fault("ExitsAtHello", "exited with code 7 during hello", "no module named library"),
      Fault("GarbageAtHello", "answer to hello is not understood (not UTF-8 text)", "garbage"),
      Fault("TextInsteadOfHello", "no answer to hello within 8.0 s", "welcome to my library"),
      Fault("HelloWithoutVersion", "the key ‘version’ is missing"),
      Fault("OtherProtocol", "speaks protocol version 99; accepted is 1"),
      Fault("WrongId", "answer to prepare", "the id must be 2"),
      Fault("HangsInPrepare", "no answer to prepare within 3.0 s", "compiling the model"),
      Fault("IgnoresTerminate", "no answer to prepare within 3.0 s"),
      Fault("HangsInRun", "no answer to run within 3.0 s"),
      Fault("CrashesInRun", "ended by signal 11 (SIGSEGV) during run"),
      Fault("ClosesOutput", "it closed its standard output"),
      Fault("NeverStopsTalking", "more than 1000 lines without the key", "still here"),
      Fault("EndlessLine", "more than 65536 bytes without a newline", "AAAA"),
      Fault("FloodsErrors", "no answer to run within 3.0 s", "error"),
      Fault("NotANumber", "answer to run is not understood", "NaN"),
      Fault("NoTime", "the key ‘time_ns’ is missing"),
      Fault("RaisesInRun", "run failed: ValueError: bad stride", endsContender: false),
      Fault("Truncates", "file has 12 bytes; the tensor needs", endsContender: false),
      Fault("WritesNothing", "was never written", endsContender: false),
      Fault("NegativeTime", "reports -5.0 ns: not a positive time", endsContender: false),
      Fault("TooFast", "no CPU computes this within", endsContender: false),
      Fault("TooSlow", "ns passed between request and answer", endsContender: false),
    ])
  func reason(_ fault: Fault) throws {
    let (error, contender) = try meet(fault.name)
    for part in fault.reason {
      #expect(error.description.contains(part), "\(error.description)")
    }
    #expect(!error.description.contains("\n"))
    #expect(error.endsContender == fault.endsContender)
    guard let contender else { return }
    #expect(contender.failure == (fault.endsContender ? error : nil))
    if fault.endsContender {
      #expect(throws: error) { try contender.prepare(Example.all[0]) }
    } else {
      _ = try contender.prepare(Example.all[0])
    }
  }

  @Test("when it is killed from outside in the middle of a run")
  func killedFromOutside() throws {
    let contender = try Fixture.faulty("HangsInRun")
    let handle = try contender.prepare(Example.all[0])
    let process = contender.processIdentifier
    let killer = Thread {
      usleep(300_000)
      kill(process, SIGKILL)
    }
    killer.start()
    #expect(throws: ExternalError.killed(.run, signal: Int(SIGKILL), evidence: "")) {
      try contender.run(handle, iterations: 1)
    }
    #expect(!Surroundings.exists(process))
  }

  @Test("when it is killed while nobody asks it anything")
  func killedBetweenRequests() throws {
    let contender = try Fixture.honest()
    kill(contender.processIdentifier, SIGKILL)
    #expect(throws: ExternalError.killed(.prepare, signal: Int(SIGKILL), evidence: "")) {
      try contender.prepare(Example.all[0])
    }
  }

  @Test(
    "and takes the processes it started with it",
    arguments: ["HangsWithOffspring", "LeavesOffspring"])
  func offspring(_ fault: String) throws {
    let contender = try Fixture.faulty(
      fault, timeouts: ContenderTimeouts(prepare: .seconds(1), grace: .milliseconds(200)))
    let child = try #require(Int32(contender.hello.version))
    #expect(Surroundings.exists(child))
    #expect(throws: ExternalError.self) { try contender.prepare(Example.all[0]) }
    #expect(Surroundings.isGone(child, within: .seconds(10)))
    #expect(!Surroundings.exists(contender.processIdentifier))
  }

  @Test("but one that only prints on its own is understood")
  func talkative() throws {
    let contender = try Fixture.faulty("Talkative")
    let handle = try contender.prepare(Example.all[0])
    #expect(try contender.run(handle, iterations: 1) > 0)
    #expect(contender.failure == nil)
  }

  @Test("and wrong values are found by the check, not trusted")
  func wrongValues() throws {
    let contender = try Fixture.faulty("WrongValues")
    let handle = try contender.prepare(Example.all[0])
    let output = try contender.output(handle)
    guard case .wrong = Example.all[0].verify(output, handle.accuracy).outcome else {
      Issue.record("a wrong value passed the check")
      return
    }
  }

  @Test("when its command does not exist or its CPUs are not ours")
  func notStarted() {
    #expect(
      throws: ExternalError.notStarted(
        command: ["/nonexistent/contender"], reason: "No such file or directory")
    ) {
      try ExternalContender(name: "none", command: ["/nonexistent/contender"], cpus: [])
    }
    #expect(throws: ExternalError.notStarted(command: ["cat"], reason: "Invalid argument")) {
      try ExternalContender(name: "none", command: ["cat"], cpus: [1000])
    }
  }
}

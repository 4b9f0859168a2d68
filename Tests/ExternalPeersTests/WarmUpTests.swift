// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ExternalPeers

@Suite("Iterations before a contender's clock")
struct WarmUpTests {
  /// What a counting contender was asked to run: iterations, and those before them (−1 where it was
  /// not said).
  private func runs(_ contender: ExternalContender) throws -> [[Int]] {
    let text = try #require(try contender.prepare(Example.all[0]).implementation)
    return try JSONDecoder().decode([[Int]].self, from: Data(text.utf8))
  }

  @Test("go into one request with those that are timed")
  func together() throws {
    let contender = try Fixture.counting("new")
    let handle = try contender.prepare(Example.all[0])
    #expect(contender.warmsUp == nil)
    _ = try contender.observedRun(handle, iterations: 1, warmUp: 0)
    _ = try contender.observedRun(handle, iterations: 20, warmUp: 3)
    #expect(contender.warmsUp == true)
    #expect(try runs(contender) == [[1, 0], [20, 3]])
  }

  @Test("are as many, in a request of their own, where the contender knows nothing of them")
  func apart() throws {
    let old = try Fixture.counting("old")
    let handle = try old.prepare(Example.all[0])
    _ = try old.observedRun(handle, iterations: 20, warmUp: 3)
    #expect(old.warmsUp == false)
    // The first answer tells that nothing went before its clock: it does not count.
    #expect(try runs(old) == [[20, 3], [3, -1], [20, -1]])
    _ = try old.observedRun(handle, iterations: 20, warmUp: 5)
    #expect(try runs(old).suffix(2) == [[5, -1], [20, -1]])
    _ = try old.observedRun(handle, iterations: 1, warmUp: 0)
    #expect(try runs(old).suffix(1) == [[1, -1]])
  }

  @Test("are refused where they are not those that were asked for")
  func otherNumber() throws {
    let contender = try Fixture.counting("wrong")
    let handle = try contender.prepare(Example.all[0])
    let error = #expect(throws: ExternalError.self) {
      try contender.observedRun(handle, iterations: 20, warmUp: 3)
    }
    #expect(error.map { "\($0)".contains("warm_up") } == true)
  }

  @Test("are the same for the program's own server")
  func served() throws {
    let program = URL(fileURLWithPath: CommandLine.arguments[0])
      .deletingLastPathComponent().appendingPathComponent("convscope").path
    let contender = try ExternalContender(
      name: "this build", command: [program, "serve"],
      cpus: Array(Surroundings.affinity().prefix(1)))
    let handle = try contender.prepare(Example.all[0])
    let run = try contender.observedRun(handle, iterations: 4, warmUp: 3)
    #expect(contender.warmsUp == true)
    #expect(run.nanoseconds > 0)
    // The workers see themselves what they lost.
    #expect(run.waitedNanoseconds != nil && run.contextSwitches != nil)
  }
}

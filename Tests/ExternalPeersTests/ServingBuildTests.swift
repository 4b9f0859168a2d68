// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation
import Testing

@testable import ExternalPeers

@Suite("convscope serve as a contender")
struct ServingBuildTests {
  /// The program that was built with these tests, beside them.
  private static let program = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("convscope").path

  private func serve(_ options: String...) throws -> ExternalContender {
    try ExternalContender(
      name: "this build", command: [Self.program, "serve"] + options,
      cpus: Array(Surroundings.affinity().prefix(1)))
  }

  @Test("computes what the reference computes", arguments: Example.all)
  func correctOutput(_ example: Example) throws {
    let contender = try serve()
    #expect(contender.hello.name == "convscope")
    let handle = try contender.prepare(example)
    let output = try contender.output(handle)
    #expect(example.verify(output, handle.accuracy).outcome == .correct)
    #expect(try contender.run(handle, iterations: 5) > 0)
    contender.release(handle)
    #expect(throws: ExternalError.self) { try contender.run(handle, iterations: 1) }
    #expect(contender.failure == nil)
    contender.close()
  }

  @Test("keeps several problems ready")
  func interleaving() throws {
    let contender = try serve()
    let handles = try Example.all.map { try contender.prepare($0) }
    for (handle, example) in zip(handles, Example.all).reversed() {
      #expect(try contender.run(handle, iterations: 2) > 0)
      let output = try contender.output(handle)
      #expect(example.verify(output, handle.accuracy).outcome == .correct)
    }
  }

  @Test("says why it does not compute a problem")
  func unsupported() throws {
    let contender = try serve("--kernels", "depthwise/*")
    #expect {
      try contender.prepare(Example.all[0])
    } throws: { error in
      guard case ExternalError.unsupported(let reason) = error else { return false }
      return reason.contains("not depthwise")
    }
    #expect(contender.failure == nil)
  }
}

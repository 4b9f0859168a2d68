// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation
import Testing

@testable import Measuring

@Suite("What tune keeps")
struct TuningFileTests {
  private let url = FileManager.default.temporaryDirectory
    .appending(path: "tuning-test-\(UUID().uuidString)/tuning.json")
  private let choice = TunedChoice(
    kernel: "direct/nhwc/4x3/avx2", timeNanoseconds: 123_456, rivals: 5,
    runnerUp: "direct/nhwc/6x2/avx2", runnerUpRatio: 1.034, date: "2026-11-24")

  private func operation(_ descriptor: String, _ epilogue: Epilogue = Epilogue()) throws
    -> ConvolutionOperation
  {
    ConvolutionOperation(try ProblemDescriptor.parse(descriptor).problem, epilogue: epilogue)
  }

  @Test("what is written is read back")
  func roundTrip() throws {
    var file = TuningFile(machine: "test-2cpu")
    file.record(choice, for: try operation("ic64ih28oc64kh3ph1"), workers: 2, accuracy: .exact)
    try TuningFile.update(url, machine: "test-2cpu") { $0 = file }
    defer { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }
    #expect(TuningFile.read(url, machine: "test-2cpu") == file)
  }

  @Test("another machine's file, a broken one and none at all count as none")
  func refusesOthers() throws {
    try TuningFile.update(url, machine: "test-2cpu") { _ in }
    defer { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }
    #expect(TuningFile.read(url, machine: "test-4cpu") == nil)
    let text = try String(contentsOf: url, encoding: .utf8)
    try Data(text.replacing("\"schema\" : 1", with: "\"schema\" : 2").utf8).write(to: url)
    #expect(TuningFile.read(url, machine: "test-2cpu") == nil)
    try Data("{".utf8).write(to: url)
    #expect(TuningFile.read(url, machine: "test-2cpu") == nil)
    try FileManager.default.removeItem(at: url)
    #expect(TuningFile.read(url, machine: "test-2cpu") == nil)
  }

  @Test("what two tune at once both stays, and what this version cannot read is kept aside")
  func merges() throws {
    defer { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }
    let problems = try ["ic8ih4oc8kh1", "ic16ih4oc8kh1"].map { try operation($0) }
    for problem in problems {
      try TuningFile.update(url, machine: "test-2cpu") {
        $0.record(choice, for: problem, workers: 1, accuracy: .exact)
      }
    }
    let file = try #require(TuningFile.read(url, machine: "test-2cpu"))
    #expect(problems.allSatisfy { file.choice(for: $0, workers: 1, accuracy: .exact) == choice })
    for number in 1...2 {
      let text = "{ of a later version: \(number) }"
      try Data(text.utf8).write(to: url)
      try TuningFile.update(url, machine: "test-2cpu") { _ in }
      let aside = url.appendingPathExtension("unread-\(number)")
      #expect(try String(contentsOf: aside, encoding: .utf8) == text)
    }
    #expect(TuningFile.read(url, machine: "test-2cpu")?.choices.isEmpty == true)
  }

  @Test("a choice holds for its problem, epilogue, worker count and accuracy only")
  func keysAreSpecific() throws {
    let problem = try operation("ic64ih28oc64kh3ph1n\"a name\"")
    var file = TuningFile(machine: "test-2cpu")
    file.record(choice, for: problem, workers: 1, accuracy: .exact)
    let same = try operation("mb1ic64ih28iw28oc64oh28kh3ph1")
    #expect(file.choice(for: same, workers: 1, accuracy: .exact) == choice)
    #expect(file.choice(for: problem, workers: 2, accuracy: .exact) == nil)
    #expect(file.choice(for: problem, workers: 1, accuracy: .fast) == nil)
    let other = try operation("ic64ih28oc64kh3ph1", Epilogue(hasReLU: true))
    #expect(file.choice(for: other, workers: 1, accuracy: .exact) == nil)
  }

  @Test("the reason names the time, the number of rivals and the runner-up")
  func reasonSaysWhy() {
    #expect(
      choice.reason
        == "tuned 2026-11-24: 123.46 µs, the least of 5 variants measured "
        + "(direct/nhwc/6x2/avx2 took 1.03 times as long)")
  }
}

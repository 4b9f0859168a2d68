// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation
import Testing

@testable import Measuring

@Suite("What learn and advise keep")
struct TimeFileTests {
  private let url = FileManager.default.temporaryDirectory
    .appending(path: "times-test-\(UUID().uuidString)/times.json")

  private func time(
    _ descriptor: String, build: String = "b", date: String = "2026", nanoseconds: Double = 1000,
    workers: Int = 1
  ) throws -> MeasuredTime {
    MeasuredTime(
      ConvolutionOperation(
        try ProblemDescriptor.parse(descriptor).problem, epilogue: Epilogue(hasBias: true)),
      workers: workers,
      kernel: VariantIdentity(family: "direct", layout: "nhwc", instructionSet: .avx2),
      cycles: 3000, nanoseconds: nanoseconds, date: date, build: build)
  }

  @Test("what is written is read back, and another machine's file counts as none")
  func roundTrip() throws {
    defer { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }
    let times = [try time("ic8ih9oc8kh3"), try time("ic8ih9oc8kh3", workers: 2)]
    try TimeFile.update(url, machine: "m") { file in for time in times { file.record(time) } }
    let file = try #require(TimeFile.read(url, machine: "m"))
    #expect(Set(file.times.values) == Set(times))
    #expect(TimeFile.read(url, machine: "n") == nil)
    let text = try String(contentsOf: url, encoding: .utf8)
    try text.replacing("\"schema\" : 1", with: "\"schema\" : 9")
      .write(to: url, atomically: false, encoding: .utf8)
    #expect(TimeFile.read(url, machine: "m") == nil)
  }

  @Test(
    "a file with what nobody can have measured counts as none", arguments: ["0", "-1", "1e300"])
  func implausible(_ number: String) throws {
    defer { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }
    let time = try time("ic8ih9oc8kh3")
    let pair = MeasuredPair(nanoseconds: 1000, speedup: 2, lower: 1.9, upper: 2.1)
    let choice = TunedChoice(kernel: "k", timeNanoseconds: 1000, rivals: 1, date: "d")
    func damage() throws {
      let text = try String(contentsOf: url, encoding: .utf8)
      try #require(text.contains("anoseconds\" : 1000"))
      try text.replacing("anoseconds\" : 1000", with: "anoseconds\" : \(number)")
        .write(to: url, atomically: false, encoding: .utf8)
    }
    try TimeFile.update(url, machine: "m") { $0.record(time) }
    try damage()
    #expect(TimeFile.read(url, machine: "m") == nil)
    // What cannot be read is kept aside, and the file begins anew.
    try AdviceFile.update(url, machine: "m") { $0.record(pair, key: "k") }
    try damage()
    #expect(AdviceFile.read(url, machine: "m") == nil)
    try TuningFile.update(url, machine: "m") {
      $0.record(choice, for: time.operation, workers: 1, accuracy: .exact)
    }
    try damage()
    #expect(TuningFile.read(url, machine: "m") == nil)
  }

  @Test(
    "a new time of the same problem takes the place of the old one, of another build it does not")
  func keys() throws {
    var file = TimeFile(machine: "m")
    file.record(try time("ic8ih9oc8kh3", nanoseconds: 1000))
    file.record(try time("ic8ih9oc8kh3n\"name\"", nanoseconds: 900))
    file.record(try time("ic8ih9oc8kh3", build: "c", nanoseconds: 800))
    #expect(Set(file.times.values.map(\.nanoseconds)) == [900, 800])
  }

  @Test("times of this build are taken where there are enough, else those of all builds")
  func builds() throws {
    var file = TimeFile(machine: "m")
    for size in 4...6 {
      file.record(try time("ic8ih\(size)oc8kh3", build: "old", date: "2026-1\(size)"))
    }
    file.record(try time("ic8ih9oc8kh3", build: "new", date: "2026-10"))
    let own = file.times(build: "old", fewest: 3)
    #expect(own.isOfBuild && own.times.map(\.date) == ["2026-16", "2026-15", "2026-14"])
    let all = file.times(build: "new", fewest: 3)
    #expect(!all.isOfBuild && all.times.count == 4)
    #expect(file.times(build: "none", fewest: 0).times.isEmpty)
  }

  @Test("comparisons are kept by key")
  func pairs() throws {
    defer { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }
    let pair = MeasuredPair(nanoseconds: 10, speedup: 2, lower: 1.9, upper: 2.1)
    try AdviceFile.update(url, machine: "m") { $0.record(pair, key: "k") }
    #expect(AdviceFile.read(url, machine: "m")?.pairs == ["k": pair])
    #expect(AdviceFile.url(machine: "m").lastPathComponent == "advice-m.json")
    #expect(TimeFile.url(machine: "m").lastPathComponent == "times-m.json")
    #expect(TuningFile.url(machine: "m").lastPathComponent == "tuning-m.json")
  }
}

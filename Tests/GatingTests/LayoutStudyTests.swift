// SPDX-License-Identifier: Apache-2.0

import Comparing
import Foundation
import Measuring
import Testing

@testable import Gating

@Suite("What the place of functions costs")
struct LayoutStudyTests {
  @Test("The words of the link are those of the program, and of no other")
  func words() {
    let plan = """
      commands:
        "C.other":
          args: ["swiftc","-o","/b/release/other","-emit-executable","@/b/other.list"]
        "C.module":
          args: ["swiftc","-o","/b/release/convscope","-c"]
          inputs: ["-emit-executable"]
        "C.convscope":
          args: ["swiftc","-L","/b","-o","/b/release/convscope","-emit-executable","@/b/a \\"b.list"]
      """
    let words = RelinkedBuild.words(in: plan, program: "/moved/release/convscope")
    #expect(words?.last == "@/b/a \"b.list")
    #expect(words?.count == 7)
    #expect(RelinkedBuild.words(in: plan, program: "/b/release/none") == nil)
  }

  @Test("A program that lies elsewhere cannot be linked anew, and the error says why")
  func elsewhere() {
    let error = #expect(throws: RelinkError.self) {
      try RelinkedBuild(of: URL(filePath: "/bin/true"), seed: 1)
    }
    #expect(error?.description.contains("swift build") == true)
  }

  @Test("Differences of a relink are those of its cases")
  func differences() throws {
    let study = LayoutStudy(entries: try GateRunTests.entries())
    var launches: UInt64 = 0
    let found = try study.differences { (side: GateSide) throws(SubjectFailure) in
      launches += 1
      return FakeBuild(
        .init(factors: side == .new ? ["b": 1.03, "c": 0.97] : [:]), process: 0, seed: launches)
    }
    #expect(launches == 2 * UInt64(LayoutStudy.sessions))
    #expect(found.count == 4)
    #expect(found[0] < 0.015 && found[3] < 0.015)
    #expect(abs(found[1] - 0.03) < 0.015 && abs(found[2] - 0.031) < 0.015)
  }

  @Test("The floor is what 95 of 100 cases stay within; of one relink there is none")
  func floor() throws {
    let floor = try #require(
      LayoutStudy.floor([[0.001, 0.002, 0.003], [0.004, 0.005, 0.02]]))
    #expect(abs(floor.relative - 0.02) < 1e-9 && floor.largest == 0.02)
    #expect(floor.relinks == 2 && floor.comparisons == 6)
    let many = (0..<4).map { relink in (0..<10).map { 0.001 * Double(relink * 10 + $0 + 1) } }
    #expect(abs(try #require(LayoutStudy.floor(many)).relative - 0.039) < 1e-9)
    #expect(LayoutStudy.floor([[0.01, 0.01, 0.01, 0.01]]) == nil)
    #expect(LayoutStudy.floor([]) == nil)
  }

  @Test("It is stored beside the other floors, and read from files without it")
  func stored() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "floor-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    var floor = StoredNoiseFloor(
      machine: "m", measuredAt: Date().formatted(.iso8601), rows: [],
      layout: .init(relative: 0.006, largest: 0.01, relinks: 6, comparisons: 72))
    try floor.store(folder)
    #expect(StoredNoiseFloor.read(folder, machine: "m") == floor)
    floor.layout = nil
    try floor.store(folder)
    #expect(StoredNoiseFloor.read(folder, machine: "m") == floor)
    // It may be older than the rest, which is measured anew without it.
    floor.layout = .init(relative: 0.006, largest: 0.01, relinks: 6, comparisons: 72)
    let day = { (ago: Double) in (Date() - ago * 86_400).formatted(.iso8601) }
    floor.layout?.measuredAt = day(StoredNoiseFloor.daysValid - 1)
    try floor.store(folder)
    #expect(StoredNoiseFloor.read(folder, machine: "m") == floor)
    floor.layout?.measuredAt = day(StoredNoiseFloor.daysValid + 1)
    try floor.store(folder)
    #expect(try #require(StoredNoiseFloor.read(folder, machine: "m")).layout == nil)
    floor.layout = .init(relative: 99, largest: 99, relinks: 6, comparisons: 72)
    try floor.store(folder)
    #expect(throws: ComparingError.self) { try StoredNoiseFloor.check(folder, machine: "m") }
  }
}

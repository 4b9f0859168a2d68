// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Comparing

@Suite("A stored run")
struct StoredRunTests {
  @Test("is read with its cases, counted rounds and surroundings")
  func reading() throws {
    let fixture = try RunFixture(cases: [
      .init(name: "32 groups, against one", times: [1, 2, 300], disturbed: [2]),
      .init(name: "a", times: [], status: "unsupported"),
    ])
    let run = try StoredRun(fixture.url)
    #expect(run.machine == "epyc")
    #expect(run.revision == "abc")
    #expect(run.environment["caches.0.level"] == "1")
    #expect(run.environment["allowedCPUs"] == "0,1")
    #expect(run.environment["libraries.openblas"] == "0.3.21")
    #expect(run.cases.map(\.key.name) == ["32 groups, against one", "a"])
    #expect(run.cases[0].samples == [1, 2])
    #expect(run.cases[0].disturbedRounds == 1)
    #expect(run.cases[0].isTimed)
    #expect(!run.cases[1].isTimed)
    #expect(run.cases[1].reason == "because")
  }

  @Test("whose rounds come from several processes is judged by the processes' medians")
  func processes() throws {
    let fixture = try RunFixture(cases: [
      .init(
        name: "a", times: [1, 2, 9, 30, 10, 20, 40], disturbed: [6],
        processes: [0, 0, 0, 1, 1, 1, 1]),
      .init(name: "b", times: [3, 4], processes: [0, 0]),
    ])
    let run = try fixture.stored()
    #expect(run.cases[0].samples == [2, 20])
    #expect(run.cases[1].samples == [3, 4])
  }

  @Test("without rows of a group that was finished is refused")
  func lostRows() throws {
    let fixture = try RunFixture(cases: [.init(name: "a", times: [1])])
    let marks = fixture.url.appending(path: "quick/groups.csv")
    for (count, isWhole) in [(1, true), (2, false)] {
      // Counts of rows, whatever the columns are called: a network has no workers of its own.
      try "measurements,comparisons,workers\n\(count),0,0\n"
        .write(to: marks, atomically: false, encoding: .utf8)
      #expect(((try? StoredRun(fixture.url)) != nil) == isWhole)
    }
  }

  @Test("of an unknown schema is refused, with the accepted ones")
  func unknownSchema() throws {
    let fixture = try RunFixture(schema: 2, cases: [])
    let error = #expect(throws: ComparingError.self) { try StoredRun(fixture.url) }
    #expect(error?.description.contains("has the schema 2; accepted is 1") == true)
  }

  @Test("without run.json, or without the files of a suite, is refused with the path")
  func missingFiles() throws {
    let nowhere = URL(filePath: "/nonexistent/run")
    let missing = #expect(throws: ComparingError.self) { try StoredRun(nowhere) }
    #expect(missing?.description.contains("/nonexistent/run/run.json") == true)
    let fixture = try RunFixture(cases: [.init(name: "a", times: [1])])
    let samples = fixture.url.appending(path: "quick/samples.csv")
    try FileManager.default.removeItem(at: samples)
    let error = #expect(throws: ComparingError.self) { try StoredRun(fixture.url) }
    #expect(error?.description.contains("quick/samples.csv") == true)
  }

  @Test(
    "whose run.json is no object, or lacks schema or machine, is refused",
    arguments: ["[]", "{", "{}", #"{"schema": 1}"#, #"{"schema": 1, "environment": {}}"#])
  func malformed(text: String) throws {
    let fixture = try RunFixture(cases: [])
    let file = fixture.url.appending(path: "run.json")
    try text.write(to: file, atomically: false, encoding: .utf8)
    let error = #expect(throws: ComparingError.self) { try StoredRun(fixture.url) }
    #expect(error?.description.contains("is not valid") == true)
  }

  @Test("has the noise floor that it was stored with, or the usual one")
  func noiseFloor() throws {
    let without = try RunFixture(cases: []).stored()
    #expect(without.floorBetweenRuns.relative == StoredRun.usualFloorBetweenRuns)
    let with = try RunFixture(floorBetweenRuns: 0.034, cases: []).stored()
    #expect(with.floorBetweenRuns.relative == 0.034)
    #expect(with.floorBetweenRuns.text == "3.4 %, measured on this machine")
  }
}

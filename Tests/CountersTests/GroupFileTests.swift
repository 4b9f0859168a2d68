// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Counters

@Suite("Counter group files")
struct GroupFileTests {
  private static let text = """
    # a comment
    SHORT Instructions and cycles

    EVENTS
    cycles        PAPI_TOT_CYC
    instructions  PAPI_TOT_INS | RETIRED_INSTRUCTIONS | perf::INSTRUCTIONS
    PAPI_L1_DCM
    METRICS
    IPC [instructions/cycle] = instructions / cycles
    weighted sum [1] = -(cycles - 2.5e-1*macs) * 4 + PAPI_L1_DCM

    LONG
    First line.
    # not a comment: EVENTS are described here

    Last line.
    """

  @Test("A file gives name, descriptions, events with alternatives, and metrics")
  func wholeFile() throws {
    let group = try CounterGroup(text: Self.text, file: "/some/folder/mine.txt")
    #expect(group.name == "mine")
    #expect(group.summary == "Instructions and cycles")
    #expect(
      group.explanation
        == "First line.\n# not a comment: EVENTS are described here\n\nLast line.")
    #expect(group.events.map(\.name) == ["PAPI_TOT_CYC", "PAPI_TOT_INS", "PAPI_L1_DCM"])
    #expect(group.events.map(\.alias) == ["cycles", "instructions", "PAPI_L1_DCM"])
    #expect(group.events[0].alternatives == ["perf::CYCLES"])
    #expect(group.events[1].alternatives == ["RETIRED_INSTRUCTIONS", "perf::INSTRUCTIONS"])
    #expect(group.metrics.map(\.name) == ["IPC", "weighted sum"])
    #expect(group.metrics.map(\.unit) == ["instructions/cycle", "1"])
  }

  /// What replaces what in `text`, and the error with its line and token.
  private static let broken: [(old: String, new: String, message: String)] = [
    ("SHORT", "SHRT", "f.txt:2: ‘SHRT’ is not understood; accepted is a section"),
    ("SHORT Instructions and cycles", "", "f.txt: section SHORT is missing or empty"),
    ("METRICS", "EVENTS", "f.txt:8: ‘EVENTS’ is given twice"),
    ("METRICS", "METRICS now", "f.txt:8: ‘now’ is not understood; accepted is nothing after"),
    ("cycles        PAPI_TOT_CYC", "cy-cles PAPI_TOT_CYC", "f.txt:5: ‘cy-cles’ is not understood"),
    ("cycles        PAPI_TOT_CYC", "macs PAPI_TOT_CYC", "f.txt:5: ‘macs’ is given twice"),
    ("PAPI_TOT_CYC", "PAPI_TOT_CYC |", "f.txt:5: ‘|’ is not understood; accepted is an event's"),
    ("PAPI_TOT_CYC", "PAPI_TOT_CYC perf::X", "f.txt:5: ‘perf::X’ is not understood; accepted is"),
    ("PAPI_TOT_CYC", "A B C", "f.txt:5: ‘B’ is not understood; accepted is | between events"),
    ("PAPI_TOT_CYC", "12", "f.txt:5: ‘12’ is not understood; accepted is a PAPI event"),
    ("instructions  PAPI", "cycles  PAPI", "f.txt:6: ‘cycles’ is given twice"),
    ("    PAPI_L1_DCM", "    x PAPI_TOT_CYC", "f.txt:7: ‘PAPI_TOT_CYC’ is given twice"),
    ("IPC [instructions/cycle]", "IPC", "f.txt:9: ‘IPC = instructions / cycles’ is not understood"),
    ("IPC [instructions/cycle]", "IPC []", "f.txt:9: ‘IPC [] = instructions / cycles’ is not"),
    ("[instructions/cycle] =", "[instructions/cycle]", "f.txt:9: ‘instructions’ is not understood"),
    ("weighted sum [1]", "IPC [1]", "f.txt:10: ‘IPC’ is given twice"),
    ("instructions / cycles", "instructions / clocks", "f.txt:9: ‘clocks’ is no event or variable"),
    ("instructions / cycles", "instructions /", "f.txt:9: ‘end of line’ is not understood"),
    ("instructions / cycles", "(instructions / cycles", "f.txt:9: ‘end of line’ is not understood"),
    ("instructions / cycles", "instructions) / cycles", "f.txt:9: ‘)’ is not understood"),
    ("instructions / cycles", "instructions cycles", "f.txt:9: ‘cycles’ is not understood"),
    ("instructions / cycles", "instructions ^ cycles", "f.txt:9: ‘^’ is not understood"),
    ("instructions / cycles", "1.2.3 / cycles", "f.txt:9: ‘1.2.3’ is not understood"),
    ("instructions / cycles", "1e999 / cycles", "f.txt:9: ‘1e999’ is not understood"),
    ("instructions / cycles", "*cycles", "f.txt:9: ‘*’ is not understood"),
  ]

  @Test("A fault is reported with file, line and token", arguments: broken.indices)
  func faults(_ index: Int) {
    let (old, new, message) = Self.broken[index]
    let text = Self.text.replacing(
      old.trimmingCharacters(in: .whitespaces), with: new, maxReplacements: 1)
    #expect(text != Self.text)
    let error = #expect(throws: CounterGroupError.self) {
      try CounterGroup(text: text, file: "f.txt")
    }
    #expect(error.map { "\($0)".hasPrefix(message) } == true, "\(error.map { "\($0)" } ?? "none")")
  }

  @Test("A name finds the file, a path is taken as such, and events may be named instead")
  func named() throws {
    #expect(
      try CounterGroup.named("software", searching: ["/none", shippedGroups]).name == "software")
    #expect(try CounterGroup.named(shippedGroups + "/default.txt", searching: []).name == "default")
    let events = try CounterGroup.named("PAPI_TOT_INS,perf::TASK-CLOCK", searching: [shippedGroups])
    #expect(events.events.map(\.name) == ["PAPI_TOT_INS", "perf::TASK-CLOCK"])
  }

  @Test("An unknown name is refused with the names there are")
  func unknownName() {
    let error = #expect(throws: CounterGroupError.self) {
      try CounterGroup.named("chache", searching: [shippedGroups])
    }
    #expect(error == .unknownGroup(name: "chache", accepted: shippedGroupNames))
  }

  @Test("A file that is not there is refused with its path")
  func missingFile() {
    let error = #expect(throws: CounterGroupError.self) {
      try CounterGroup.named("/none/x.txt", searching: [])
    }
    guard case .unreadable("/none/x.txt", let reason) = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test(
    "Formulas, names and groups that are too large are refused with their limit",
    arguments: [
      ("x [y] = " + String(repeating: "(", count: 200_000) + "1", "1000"),
      ("x [y] = " + String(repeating: "(", count: 65) + "1", "64"),
      ("x [y] = " + String(repeating: "-", count: 900) + "1", "64"),
      ("x [y] = 1" + String(repeating: "+1", count: 600), "1000"),
      ((1...101).map { "m\($0) [y] = 1" }.joined(separator: "\n"), "100"),
    ])
  func limits(metrics: String, limit: String) {
    let error = #expect(throws: CounterGroupError.self) {
      try CounterGroup(text: "SHORT s\nEVENTS\nPAPI_TOT_INS\nMETRICS\n\(metrics)\n", file: "g")
    }
    #expect(error?.description.hasSuffix("accepted are at most \(limit)") == true)
  }

  @Test("An event's name is as long as PAPI has room for", arguments: [127, 128, 8192])
  func eventName(length: Int) throws {
    let name = "PAPI_" + String(repeating: "X", count: length - 5)
    guard length > 127 else {
      #expect(try CounterGroup.named(name, searching: []).events.count == 1)
      return
    }
    let text = "SHORT s\nEVENTS\na PAPI_TOT_INS | \(name)\n"
    let named = #expect(throws: CounterGroupError.self) {
      try CounterGroup.named(name, searching: [])
    }
    #expect(named == .eventNameTooLong(name: name, file: nil, accepted: 127))
    let written = #expect(throws: CounterGroupError.self) {
      try CounterGroup(text: text, file: "g")
    }
    #expect(written == .eventNameTooLong(name: name, file: "g:3", accepted: 127))
  }

  @Test("A line of form feeds is no event")
  func formFeeds() {
    #expect(throws: CounterGroupError.self) {
      try CounterGroup(text: "SHORT s\nEVENTS\n\u{0C}\u{0C}\n", file: "g")
    }
  }

  @Test("The project ships its groups")
  func shipped() {
    #expect(
      shippedGroupNames == [
        "branch", "cache", "cycles", "default", "flops", "memory", "simulated", "software",
        "tlb",
      ])
  }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Comparing

@Suite("A noise floor that is kept")
struct StoredNoiseFloorTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "noise-floor-test-\(UUID().uuidString)")
  private let row = StoredNoiseFloor.Row(
    visitNanoseconds: 250_000, sessions: 24, paired: 0.01, gate: 0.002, apart: 0.05)

  @Test("is read until it is too old, and only by the machine that measured it")
  func expiry() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let floor = StoredNoiseFloor(
      machine: "epyc-1", measuredAt: "2026-01-01T00:00:00Z", loadAverage: 0.1, rows: [row])
    try floor.store(folder)
    func read(_ machine: String, _ day: String) throws -> StoredNoiseFloor? {
      let now = try Date("\(day)T00:00:00Z", strategy: .iso8601)
      return StoredNoiseFloor.read(folder, machine: machine, now: now)
    }
    #expect(try read("epyc-1", "2026-03-01") == floor)
    #expect(try read("epyc-1", "2026-04-02") == nil)
    #expect(try read("epyc-2", "2026-03-01") == nil)
    var undated = floor
    undated.measuredAt = "yesterday"
    try undated.store(folder)
    #expect(try read("epyc-1", "2026-01-01") == nil)
  }

  @Test(
    "is none where it was measured beside other work",
    arguments: [(nil, 2, true), (0.0, 1, true), (1.0, 2, true), (1.1, 2, false), (12, 2, false)]
      as [(Double?, Int, Bool)])
  func load(average: Double?, cpus: Int, isKept: Bool) {
    let floor = StoredNoiseFloor(
      machine: "m", measuredAt: "2026-01-01T00:00:00Z", loadAverage: average, rows: [row])
    #expect((floor.reasonAgainst(cpus: cpus) == nil) == isKept)
  }
}

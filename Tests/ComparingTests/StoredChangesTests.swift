// SPDX-License-Identifier: Apache-2.0

import Comparing
import Foundation
import Testing

@Suite("What changed, for a page")
struct StoredChangesTests {
  private func json(_ first: RunFixture, _ second: RunFixture) throws -> [String: Any] {
    let data = try StoredChanges(first.url, second.url, threshold: 0.02).data
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("Every case that both runs timed is a row with its verdict; others are named")
  func rows() throws {
    let first = try RunFixture(
      floorBetweenRuns: 0.01,
      cases: [
        .init(name: "a", times: RunFixture.times(100)),
        .init(name: "b", times: RunFixture.times(50)), .init(name: "gone", times: [1, 2, 3]),
      ])
    let second = try RunFixture(
      cpu: "Xeon",
      cases: [
        .init(name: "a", times: RunFixture.times(150)),
        .init(name: "b", times: RunFixture.times(50)),
      ])
    let found = try json(first, second)
    let rows = try #require(found["rows"] as? [[String: Any]])
    #expect(rows.map { $0["case"] as? String } == ["a", "b"])
    #expect(rows.map { $0["verdict"] as? String } == ["slower", "inconclusive"])
    let ratio = try #require(rows[0]["ratio"] as? Double)
    #expect(abs(ratio * 1.5 - 1) < 0.01)
    #expect((found["unmatched"] as? [String])?.count == 1)
    let differences = try #require(found["differences"] as? [[String: Any]])
    #expect(differences.contains { $0["isOfMachine"] as? Bool == true })
    #expect((found["noiseFloor"] as? String)?.contains("1.0 %") == true)
  }
}

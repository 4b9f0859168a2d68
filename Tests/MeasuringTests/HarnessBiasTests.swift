// SPDX-License-Identifier: Apache-2.0

import Convolution
import Planning
import Statistics
import Suites
import Testing

@testable import Measuring

@Suite("The harness against itself")
struct HarnessBiasTests {
  /// Rows of a harness in which what is served takes `factor` times as long, and which of the two
  /// stood first in each group.
  private func rows(
    servedFactor factor: @escaping (String, Int) -> Double?
  ) throws -> (rows: [HarnessBias.Row], firsts: [String], sessions: Int) {
    var sessions = 0
    var firsts: [String] = []
    let study = HarnessBias(
      contender: { _ in .variants([NaiveVariant()]) },
      begin: {
        sessions += 1
        let session = sessions
        return { group in
          firsts.append(group.entries[0].contender.kernel)
          let cases = group.entries.map { entry -> CaseResult in
            var result = CaseResult(entry: entry, status: .ok)
            let isServed = entry.contender.kernel == HarnessBias.servedName
            let factor = factor(entry.suiteCase.name, session)
            let time = 1000 * (isServed ? factor ?? 1 : 1)
            result.samples = Array(repeating: time, count: 12)
            result.time = Estimate(samples: result.samples)
            if factor == nil { (result.status, result.reason) = (.disturbed, "undecided") }
            return result
          }
          return GroupResult(group: group, cases: cases, noiseFloor: 0.0)
        }
      })
    return (try study.rows(), firsts, sessions)
  }

  @Test("is measured on eight problems in both directions, with fresh processes for each")
  func directions() throws {
    let (rows, firsts, sessions) = try rows { _, _ in 1 }
    #expect(HarnessBias.problems.count == 8)
    #expect(rows.count == 16)
    #expect(sessions == 2 * HarnessBias.sessions)
    #expect(firsts.count { $0 == HarnessBias.servedName } == firsts.count / 2)
    #expect(rows.allSatisfy { $0.isBiased(floor: 0) == false })
    #expect(rows.allSatisfy { $0.ratio?.ratio == 1 })
  }

  @Test("has a bias where served is slower or faster in all sessions by more than the floor")
  func biased() throws {
    let tilted = HarnessBias.problems[3]
    let rows = try rows { problem, session in
      problem == tilted ? 0.9 : session % 2 == 0 ? 1.01 : 0.99
    }.rows
    for row in rows {
      #expect(row.isBiased(floor: 0.02) == (row.problem == tilted), "\(row.problem)")
      #expect(row.isBiased(floor: 0.2) == false)
    }
    // The same sign in both directions: time served over time in this process.
    let ratios = rows.filter { $0.problem == tilted }.compactMap(\.ratio?.ratio)
    #expect(ratios.count == 2 && ratios.allSatisfy { abs($0 - 0.9) < 1e-9 })
  }

  @Test("is not known where sessions were disturbed")
  func disturbed() throws {
    let some = try rows { _, session in session <= 2 ? nil : 1 }.rows
    #expect(some.allSatisfy { $0.isBiased(floor: 0) == nil && $0.ratio != nil })
    let none = try rows { _, _ in nil }.rows
    #expect(none.allSatisfy { $0.isBiased(floor: 0) == nil && $0.ratio == nil })
  }
}

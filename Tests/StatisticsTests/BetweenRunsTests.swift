// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Statistics

@Suite("Two runs one after the other")
struct BetweenRunsTests {
  static let seed: UInt64 = 424_242
  static let cases = 12
  static let processes = 15

  /// What a pair of runs is like.
  struct Character: Sendable {
    /// Standard deviation of a case between runs.
    var run = 0.02
    /// That of all cases of a run together.
    var hour = 0.0
    /// That of a process.
    var process = 0.01
    /// What `usual` is said to be.
    var usual = 0.08
    var slowdowns: [Double] = []
  }

  private static func verdicts(_ character: Character, _ noise: inout Noise) -> [Verdict] {
    let hours = (0..<2).map { _ in character.hour * noise.normal() }
    let pairs = (0..<cases).map { place in
      let sides = hours.enumerated().map { side, hour in
        let run = hour + character.run * noise.normal()
        let slowdown = side == 1 ? character.slowdowns.dropFirst(place).first ?? 0 : 0
        return (0..<processes).map { _ in
          (1 + slowdown) * exp(run + character.process * noise.normal())
        }
      }
      return BetweenRuns.Pair(first: sides[0], second: sides[1])
    }
    let confidence = 1 - 0.01 / Double(cases)
    let runs = BetweenRuns(pairs, usual: character.usual, confidence: confidence)
    return Verdict.family(runs.estimates, noiseFloor: 0, threshold: 0.02, familyWiseError: 0.01)
  }

  @Test(
    "Of two runs of one build anything is called different in at most one pair of a hundred",
    arguments: [
      Character(run: 0.01), Character(run: 0.02), Character(run: 0.04),
      Character(run: 0.02, hour: 0.03), Character(run: 0.005, hour: 0.05),
      Character(run: 0.02, process: 0.03), Character(run: 0, process: 0.04),
    ])
  func falseClaims(character: Character) {
    var noise = Noise(seed: Self.seed)
    let trials = 2000
    let wrong = (0..<trials).count { _ in
      Self.verdicts(character, &noise).contains(where: \.isClaim)
    }
    #expect(Double(wrong) / Double(trials) <= 0.01, "\(wrong), seed \(Self.seed)")
  }

  @Test("What is far beyond what runs differ by is found, in one case and in all")
  func power() {
    var noise = Noise(seed: Self.seed)
    let one = Character(run: 0.01, slowdowns: [0, 0.2])
    let all = Character(
      run: 0.02, hour: 0.01, slowdowns: [Double](repeating: 1, count: Self.cases))
    let (ones, alls) = (0..<200).reduce(into: (0, 0)) { count, _ in
      count.0 += Self.verdicts(one, &noise)[1] == .slower ? 1 : 0
      count.1 += Self.verdicts(all, &noise).allSatisfy { $0 == .slower } ? 1 : 0
    }
    #expect(ones >= 190 && alls >= 190, "\(ones) \(alls)")
  }

  @Test("A shift of all cases that a machine's hour can bring is no claim, and not the same")
  func commonShift() {
    var noise = Noise(seed: Self.seed)
    let all = Character(
      run: 0.003, process: 0.003, slowdowns: [Double](repeating: 0.05, count: Self.cases))
    for _ in 0..<50 {
      #expect(Self.verdicts(all, &noise).allSatisfy { $0 == .inconclusive })
    }
    let none = Character(run: 0.0003, process: 0.001)
    let same = Self.verdicts(none, &noise)
    #expect(same.allSatisfy { $0 == .same }, "\(same)")
  }

  @Test("Few cases are held to what is usual")
  func few() throws {
    func estimate(_ ratio: Double) throws -> RatioEstimate {
      let pair = BetweenRuns.Pair(first: [100 * ratio, 100 * ratio], second: [100, 100])
      return try #require(BetweenRuns([pair], usual: 0.08, confidence: 0.99).estimates.first)
    }
    #expect(try estimate(1.2).excludesOne == false)
    #expect(try estimate(1.25).excludesOne)
    #expect(abs(try #require(estimate(1).upper) - exp(2.5758 * log(1.08))) < 1e-3)
  }

  @Test("Interval and p-value say the same, and exchanging the runs inverts both")
  func duality() throws {
    var noise = Noise(seed: 8)
    for _ in 0..<200 {
      let pairs = (0..<6).map { _ in
        BetweenRuns.Pair(
          first: (0..<8).map { _ in exp(0.1 * noise.normal()) },
          second: (0..<8).map { _ in exp(0.1 * noise.normal()) })
      }
      let exchanged = pairs.map { BetweenRuns.Pair(first: $0.second, second: $0.first) }
      let one = BetweenRuns(pairs, usual: 0.02, confidence: 0.8)
      let other = BetweenRuns(exchanged, usual: 0.02, confidence: 0.8)
      for (left, right) in zip(one.estimates, other.estimates) {
        #expect(left.excludesOne == (left.pValue <= 0.2))
        #expect(abs(left.ratio * right.ratio - 1) < 1e-12)
        #expect(abs(left.pValue - right.pValue) < 1e-9)
      }
      #expect(abs(one.commonRatio * other.commonRatio - 1) < 1e-12)
    }
  }

  @Test(
    "Student's t is that of the table",
    arguments: [(1.0, 12.706), (4, 2.776), (10, 2.228), (30, 2.042), (1e6, 1.960)])
  func studentT(freedom: Double, value: Double) {
    #expect(abs(StudentT.value(tail: 0.05, freedom: freedom) - value) < 1e-3)
    #expect(abs(StudentT.tail(value, freedom: freedom) - 0.05) < 1e-4)
    #expect(StudentT.tail(0, freedom: freedom) == 1)
  }
}

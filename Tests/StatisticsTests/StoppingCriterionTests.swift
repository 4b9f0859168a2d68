// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Statistics

@Suite struct StoppingCriterionTests {
  /// When something stopped, and why.
  struct Stop: Equatable {
    let round: Int
    let reason: StopReason

    init(_ round: Int, _ reason: StopReason) {
      self.round = round
      self.reason = reason
    }
  }

  /// The first round at which `criterion` stops, and why.
  static func stop(
    _ criterion: some StoppingCriterion, after limit: Int = 1000,
    width: (Int) -> [Double?] = { _ in [1] }
  ) -> Stop? {
    var criterion = criterion
    for round in 1...limit {
      let observation = RoundObservation(
        elapsedNanoseconds: UInt64(round) * 10, relativeWidths: width(round))
      if let reason = criterion.observe(observation) { return Stop(round, reason) }
    }
    return nil
  }

  @Test("The reasons are the words of the column stopped_by")
  func words() {
    #expect(
      StopReason.allCases.map(\.rawValue) == ["precision", "noise_stable", "budget", "rounds"])
  }

  @Test("Fixed rounds stop at their number", arguments: [1, 2, 37])
  func fixedRounds(count: Int) {
    #expect(Self.stop(FixedRounds(count)) == Stop(count, .rounds))
  }

  @Test("A budget stops at the round that reaches it", arguments: [(100, 10), (101, 11), (0, 1)])
  func budget(nanoseconds: UInt64, round: Int) {
    #expect(Self.stop(TimeBudget(nanoseconds: nanoseconds)) == Stop(round, .budget))
  }

  @Test("Precision is looked at after 24 rounds, then each time they have grown by half")
  func looks() {
    var looks: [Int] = []
    for narrow in 1...70 {
      let stop = Self.stop(RelativeWidth(precision: 0.01)) { $0 < narrow ? [1] : [0] }
      looks.append(stop?.round ?? 0)
    }
    #expect(Set(looks) == [24, 36, 54, 81])
    #expect(looks == looks.sorted())
    #expect(looks[23] == 24 && looks[24] == 36)
  }

  @Test("Precision is reached when the widest interval is within plus and minus")
  func precision() {
    // From 17 rounds the looks are 17, 26, ...; the wider one is 0.5/25 = 0.02 wide at 25.
    let criterion = RelativeWidth(precision: 0.01, leastRounds: 17)
    #expect(Self.stop(criterion) { [0.5 / Double($0), 0.1 / Double($0)] } == Stop(26, .precision))
    #expect(Self.stop(criterion) { [0.1 / Double($0), 0.5 / Double($0)] } == Stop(26, .precision))
  }

  @Test("Precision is not believed before the least rounds")
  func leastRounds() {
    #expect(Self.stop(RelativeWidth(precision: 1, leastRounds: 7)) == Stop(7, .precision))
    #expect(Self.stop(RelativeWidth(precision: 1)) == Stop(24, .precision))
  }

  @Test("Precision of exactly plus and minus counts as reached")
  func exactPrecision() {
    let criterion = RelativeWidth(precision: 0.25, leastRounds: 1)
    #expect(Self.stop(criterion) { _ in [0.5] } == Stop(1, .precision))
    #expect(Self.stop(criterion) { _ in [0.5001] } == nil)
  }

  @Test("Where an interval is missing, or nothing is compared, precision is not reached")
  func missingIntervals() {
    let criterion = RelativeWidth(precision: 0.01)
    #expect(Self.stop(criterion) { $0 < 30 ? [0, nil] : [0, 0] } == Stop(36, .precision))
    #expect(Self.stop(criterion) { _ in [] } == nil)
  }

  @Test("Noise is stable when the last widths vary little, not when the first ones do")
  func stableNoise() {
    let criterion = StableNoise(window: 4, tolerance: 0.05)
    #expect(Self.stop(criterion) == Stop(4, .noiseStable))
    // Halving until round 10, constant from then on: rounds 10 to 13 are the first stable four.
    let settling = Self.stop(criterion) { [1 / Double(1 << min($0, 10))] }
    #expect(settling == Stop(13, .noiseStable))
    #expect(Self.stop(criterion, after: 60) { [1 / Double(1 << min($0, 62))] } == nil)
  }

  @Test("The tolerance is the standard deviation of the widths over their mean")
  func tolerance() {
    // Widths 9 and 11 in turn: mean 10, standard deviation sqrt(4/3) = 1.1547 with n - 1 = 3.
    let alternating: (Int) -> [Double?] = { [$0 % 2 == 0 ? 9 : 11] }
    #expect(Self.stop(StableNoise(window: 4, tolerance: 0.1154), width: alternating) == nil)
    #expect(
      Self.stop(StableNoise(window: 4, tolerance: 0.1155), width: alternating)
        == Stop(4, .noiseStable))
  }

  @Test("A missing interval starts the window again")
  func restart() {
    let criterion = StableNoise(window: 4, tolerance: 0.05)
    #expect(Self.stop(criterion) { $0 == 3 ? [nil] : [1] } == Stop(7, .noiseStable))
  }

  @Test("Steady noise counts as stable after about 190 rounds with the defaults")
  func steadyNoise() throws {
    let stop = try #require(Self.stop(StableNoise()) { [1 / Double($0).squareRoot()] })
    #expect(stop.reason == .noiseStable)
    #expect((185...225).contains(stop.round))
  }

  @Test("Of several criteria the first to fire gives the reason, in one round the first named")
  func firstOf() {
    let both = FirstOf([FixedRounds(5), TimeBudget(nanoseconds: 50)])
    #expect(Self.stop(both) == Stop(5, .rounds))
    #expect(
      Self.stop(FirstOf([TimeBudget(nanoseconds: 50), FixedRounds(5)])) == Stop(5, .budget))
    #expect(
      Self.stop(FirstOf([FixedRounds(9), TimeBudget(nanoseconds: 30)])) == Stop(3, .budget))
    #expect(Self.stop(FirstOf([])) == nil)
  }

  @Test("A criterion behind one that fires still sees the round")
  func everyoneObserves() {
    var criterion = FirstOf([TimeBudget(nanoseconds: 5), FixedRounds(2)])
    let late = RoundObservation(elapsedNanoseconds: 9, relativeWidths: [])
    let early = RoundObservation(elapsedNanoseconds: 1, relativeWidths: [])
    #expect(criterion.observe(late) == .budget)
    #expect(criterion.observe(early) == .rounds)
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Statistics

/// What the machine did in each round, and which rounds an estimate is made of.
struct RoundLog {
  /// One per round, in order.
  private(set) var rounds: [Disturbance] = []
  private let watch: SchedulerWatch?
  private var start: (totals: SchedulerWatch.Totals, time: UInt64)?

  /// A log that asks `watch`; nil, as for contenders in other processes, only sees the pace.
  init(watch: SchedulerWatch?) {
    self.watch = watch
  }

  /// Pace readings before the usual one is trusted.
  static let leastPaces = 5
  /// Fewer calm rounds than the sign test's interval needs at 95 % would give no answer at all.
  static let leastCalmRounds = 6
  /// Where most rounds are disturbed, the calm ones are no fair choice among them any more.
  static let leastCalmShare = 0.25

  /// Notes the state of the machine before a round.
  mutating func begin() {
    start = (watch?.totals() ?? SchedulerWatch.Totals(), Clock.now())
  }

  /// Notes what happened in the round, before anything else runs.
  mutating func end() {
    guard let start else { return }
    let elapsed = Double(Clock.now() - start.time)
    rounds.append(
      watch.map { $0.disturbance(from: start.totals, to: $0.totals(), nanoseconds: elapsed) }
        ?? Disturbance(nanoseconds: elapsed))
  }

  /// Notes what the calibration loop reached after the round.
  mutating func note(pace: Double) {
    guard let last = rounds.indices.last else { return }
    let earlier = rounds.compactMap(\.pace)
    rounds[last].pace = pace
    if earlier.count >= Self.leastPaces { rounds[last].usualPace = median(of: earlier) }
  }

  /// Forgets the rounds after the first `count`.
  mutating func keep(_ count: Int) { rounds = Array(rounds.prefix(count)) }

  /// Whether the last round is marked, and should be measured again.
  var lastIsDisturbed: Bool { rounds.last?.isDisturbed ?? false }

  /// Rounds that nothing disturbed.
  var calmRounds: Int { rounds.count { !$0.isDisturbed } }

  /// Whether each round counts: the calm ones, or all where there are too few of those.
  var counted: [Bool] {
    let calm = calmRounds
    let isEnough =
      calm >= Self.leastCalmRounds && Double(calm) >= Self.leastCalmShare * Double(rounds.count)
    return rounds.map { !isEnough || !$0.isDisturbed }
  }
}

extension Array where Element == Double {
  /// The elements whose round counts.
  func counting(_ counted: [Bool]) -> [Double] {
    zip(self, counted).filter(\.1).map(\.0)
  }
}

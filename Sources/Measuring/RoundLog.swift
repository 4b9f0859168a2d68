// SPDX-License-Identifier: Apache-2.0

internal import Statistics

/// What the machine did in each round, and which rounds an estimate is made of.
struct RoundLog {
  /// One per round, in order.
  private(set) var rounds: [Disturbance] = []
  private let watch: SchedulerWatch?
  private let seesVisits: Bool
  /// The visits of the round under way.
  private var visits: [Sample] = []
  private var start: (totals: SchedulerWatch.Totals, time: UInt64)?

  /// A log that asks `watch` where there is one, and takes note of what visits lost.
  init(watch: SchedulerWatch?, seesVisits: Bool = true) {
    self.watch = watch
    self.seesVisits = seesVisits
  }

  /// Pace readings before the usual one is trusted.
  static let leastPaces = 5

  /// Notes the state of the machine before a round.
  mutating func begin() {
    start = (watch?.totals() ?? SchedulerWatch.Totals(), Clock.now())
  }

  /// Notes what a visit of the round lost.
  mutating func note(_ visit: Sample) {
    if seesVisits { visits.append(visit) }
  }

  /// Notes what happened in the round, before anything else runs.
  mutating func end() {
    guard let start else { return }
    let elapsed = Double(Clock.now() - start.time)
    var round =
      watch.map { $0.disturbance(from: start.totals, to: $0.totals(), nanoseconds: elapsed) }
      ?? Disturbance(nanoseconds: elapsed)
    for visit in visits {
      round.add(visit.lost, of: visit.nanoseconds)
      if let migrations = visit.migrations {
        round.migrations = (round.migrations ?? 0) + migrations
      }
      // Where the CPUs are watched, what is taken from them is seen already.
      if watch == nil, let stolen = visit.stolenNanoseconds {
        round.stolenNanoseconds = (round.stolenNanoseconds ?? 0) + stolen
      }
    }
    visits.removeAll(keepingCapacity: true)
    rounds.append(round)
  }

  /// Notes what the calibration loop reached after the round, and the share of a core that its
  /// workers had.
  mutating func note(pace: Double, coreShare: Double? = nil) {
    guard let last = rounds.indices.last else { return }
    let earlier = rounds.compactMap(\.pace)
    rounds[last].pace = pace
    rounds[last].coreShare = coreShare
    if earlier.count >= Self.leastPaces { rounds[last].usualPace = median(of: earlier) }
  }

  /// Forgets the rounds after the first `count`.
  mutating func keep(_ count: Int) { rounds = Array(rounds.prefix(count)) }

  /// Whether the last round is marked, and should be measured again.
  var lastIsDisturbed: Bool { rounds.last?.isDisturbed ?? false }

  /// Whether each round counts: the calm ones, see `CalmRounds`.
  var counted: [Bool] { rounds.map { !$0.isDisturbed } }

  /// Why the calm rounds decide nothing; nil where they are enough, or nothing is marked.
  var indecision: String? { Self.indecision(rounds) }

  /// Why `rounds` decide nothing because too few of them are calm; nil where they are enough.
  static func indecision(_ rounds: [Disturbance]) -> String? {
    CalmRounds.indecision(rounds.map(\.causes))
  }
}

extension Array where Element == Double {
  /// The elements whose round counts.
  func counting(_ counted: [Bool]) -> [Double] {
    zip(self, counted).filter(\.1).map(\.0)
  }
}

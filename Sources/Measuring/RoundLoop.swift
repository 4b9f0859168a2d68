// SPDX-License-Identifier: Apache-2.0

internal import Planning
internal import Statistics

/// The interleaved rounds of a group: sizes them, runs them, and fills in the results.
struct RoundLoop {
  let subjects: [any Subject]
  /// Where each subject's result stands.
  let places: [Int]
  let pairs: [PlanPair]
  let options: MeasuringOptions
  let calibration: Calibration?
  let interruption: Interruption
  private var log: RoundLog
  private var samples: [[Double]]
  /// Why a subject dropped out, where it did.
  private var failures: [String?]

  init(
    subjects: [any Subject], places: [Int], pairs: [PlanPair], options: MeasuringOptions,
    calibration: Calibration?, watch: SchedulerWatch?, interruption: Interruption
  ) {
    self.subjects = subjects
    self.places = places
    self.pairs = pairs
    self.options = options
    self.calibration = calibration
    self.interruption = interruption
    log = RoundLog(watch: watch)
    samples = subjects.map { _ in [] }
    failures = subjects.map { _ in nil }
  }

  mutating func run(
    budget: Double, results: inout [CaseResult], events: (MeasuringEvent) -> Void
  ) {
    guard !subjects.isEmpty else { return }
    let start = Clock.now()
    let iterations = calibrate()
    for subject in subjects { _ = subject.takeCounters() }
    let stop = rounds(iterations: iterations, budget: budget, start: start, events: events)
    for (number, place) in places.enumerated() {
      fill(&results[place], number: number, iterations: iterations, stop: stop)
    }
  }

  /// Finds the iterations per visit, equal for all.
  ///
  /// Enough for the fastest to be long against the clock, not so many that the slowest takes for
  /// ever. Serves as the warm-up, too.
  private mutating func calibrate() -> Int {
    var fastest = Double.infinity
    var slowest = 0.0
    for number in subjects.indices {
      var time: Double?
      for iterations in [1, 2] where !interruption.isRequested {
        time = visit(number, iterations: iterations, keep: false)
      }
      // One longer visit where two short ones say little about the next thousand.
      if let rough = time, rough < MeasuringOptions.leastSampleNanoseconds {
        let more = max(1, Int(MeasuringOptions.leastSampleNanoseconds / max(rough, 1)))
        time = visit(number, iterations: min(more, 10_000), keep: false)
      }
      guard let time else { continue }
      fastest = min(fastest, time)
      slowest = max(slowest, time)
    }
    if let iterations = options.iterations { return iterations }
    guard fastest.isFinite else { return 1 }
    let wanted = (MeasuringOptions.leastSampleNanoseconds / max(fastest, 1)).rounded(.up)
    let allowed = (MeasuringOptions.longestSampleNanoseconds / max(slowest, 1)).rounded(.down)
    return max(1, Int(min(wanted, allowed)))
  }

  /// Visits a subject; its time per iteration, or nil where it has dropped out.
  private mutating func visit(_ number: Int, iterations: Int, keep: Bool) -> Double? {
    guard failures[number] == nil else { return nil }
    do {
      let sample = try subjects[number].sample(iterations: iterations)
      if keep { samples[number].append(sample.perIteration) }
      return sample.perIteration
    } catch SubjectFailure.failed(let reason), SubjectFailure.unsupported(let reason) {
      failures[number] = reason
    } catch {
      failures[number] = "\(error)"
    }
    return nil
  }

  /// Rounds until a criterion stops them.
  /// - Returns: the `stopped_by` word.
  private mutating func rounds(
    iterations: Int, budget: Double, start: UInt64, events: (MeasuringEvent) -> Void
  ) -> String {
    var criterion = FirstOf([
      RelativeWidth(precision: options.precision), StableNoise(),
      TimeBudget(nanoseconds: UInt64(max(0, budget) * 1e9)),
    ])
    var count = 0
    for order in BalancedOrder(count: subjects.count, seed: options.orderSeed) {
      log.begin()
      for number in order {
        if interruption.isRequested { return dropIncompleteRound(count) }
        _ = visit(number, iterations: iterations, keep: true)
      }
      log.end()
      count += 1
      if let calibration { log.note(pace: calibration.gflopPerSecond()) }
      let elapsed = Clock.now() - start
      events(.round(count: count, elapsed: Double(elapsed) / 1e9, budget: budget))
      if failures.allSatisfy({ $0 != nil }) { return "failed" }
      // A disturbed round is measured again: it spends time but brings no end nearer.
      if log.lastIsDisturbed, Double(elapsed) < budget * 1e9 { continue }
      let round = RoundObservation(elapsedNanoseconds: elapsed, relativeWidths: widths())
      // Fewer rounds than an interval needs would make every row inconclusive.
      if let reason = criterion.observe(round), count >= Self.leastRounds {
        return reason.rawValue
      }
    }
    return ""
  }

  /// The sign test's interval at 95 % needs six rounds.
  static let leastRounds = 6

  /// After an interruption every subject keeps the same number of rounds.
  private mutating func dropIncompleteRound(_ complete: Int) -> String {
    for number in samples.indices { samples[number] = Array(samples[number].prefix(complete)) }
    log.keep(complete)
    return "interrupted"
  }

  /// The relative interval widths of what is compared, or of the times where nothing is.
  private func widths() -> [Double?] {
    let counted = log.counted
    let numbers = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1, $0) })
    let compared = pairs.compactMap { pair -> (Int, Int)? in
      guard let baseline = numbers[pair.baseline], let contender = numbers[pair.contender],
        failures[baseline] == nil, failures[contender] == nil
      else { return nil }
      return (baseline, contender)
    }
    if compared.isEmpty {
      return samples.indices.filter { failures[$0] == nil }
        .map { Estimate(samples: samples[$0].counting(counted)).relativeWidth }
    }
    return compared.map { baseline, contender in
      RatioEstimate(
        numerators: samples[baseline].counting(counted),
        denominators: samples[contender].counting(counted)
      ).relativeWidth
    }
  }

  private func fill(_ result: inout CaseResult, number: Int, iterations: Int, stop: String) {
    result.iterations = iterations
    result.stoppedBy = stop
    if let failure = failures[number] {
      (result.status, result.reason) = (.failed, failure)
      return
    }
    guard !samples[number].isEmpty else {
      (result.status, result.reason) = (.interrupted, "stopped before the first round was complete")
      return
    }
    result.samples = samples[number]
    result.rounds = log.rounds
    result.counted = log.counted
    let paces = log.rounds.compactMap(\.pace)
    result.calibration = paces.isEmpty ? nil : Estimate(samples: paces).median
    result.time = Estimate(samples: result.countedSamples)
    result.counters = subjects[number].takeCounters()
    if let selection = result.entry.selection { result.reason = "selected: \(selection)" }
    guard stop != "interrupted" else { return }
    result.shares = (try? subjects[number].shares(iterations: min(iterations, 100))) ?? []
  }
}

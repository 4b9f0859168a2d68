// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Inputs
internal import Planning
internal import Statistics
internal import Suites

/// The interleaved rounds of a group: sizes them, runs them, and fills in the results.
struct RoundLoop {
  let subjects: [any Subject]
  /// Where each subject's result stands.
  let places: [Int]
  let pairs: [PlanPair]
  let options: MeasuringOptions
  let interruption: Interruption
  /// Workers of each subject.
  private let workers: [Int]
  private var measured: Rounds

  init(
    subjects: [any Subject], places: [Int], workers: [Int], pairs: [PlanPair],
    options: MeasuringOptions, logs: RoundLogs, interruption: Interruption
  ) {
    self.subjects = subjects
    self.places = places
    self.workers = workers
    self.pairs = pairs
    self.options = options
    self.interruption = interruption
    let visits = options.visits.map { known in
      GroupVisits(
        warmUp: known.warmUp, iterations: places.map { max(1, known.iterations[$0]) })
    }
    measured = Rounds(
      subjects, workers: workers, visits: visits, least: MeasuringOptions.leastSampleNanoseconds,
      logs: logs, isInterrupted: { interruption.isRequested })
  }

  mutating func run(
    budget: Double, results: inout [CaseResult], events: (MeasuringEvent) -> Void
  ) {
    guard !subjects.isEmpty else { return }
    let start = Clock.now()
    measured.calibrate()
    for subject in subjects { _ = subject.takeCounters() }
    let stop = rounds(budget: budget, start: start, events: events)
    for (number, place) in places.enumerated() {
      fill(&results[place], number: number, stop: stop)
    }
  }

  /// Rounds until a criterion stops them.
  /// - Returns: the `stopped_by` word.
  private mutating func rounds(
    budget: Double, start: UInt64, events: (MeasuringEvent) -> Void
  ) -> String {
    let time = TimeBudget(nanoseconds: UInt64(clamping: budget * 1e9, to: 0...UInt64.max))
    // Where the interval is over processes, that of one of them says nothing about when to stop.
    var criterion = FirstOf(
      options.rounds.map { [FixedRounds($0), time] }
        ?? [RelativeWidth(precision: options.precision), StableNoise(), time])
    var count = 0
    for order in BalancedOrder(count: subjects.count, seed: options.orderSeed) {
      guard measured.round(order) else { return CaseResult.interruptedWord }
      count += 1
      let elapsed = Clock.now() - start
      events(.round(count: count, elapsed: Double(elapsed) / 1e9, budget: budget))
      if measured.failures.allSatisfy({ $0 != nil }) { return "failed" }
      // A disturbed round is measured again: it spends time but brings no end nearer.
      if measured.logs.lastIsDisturbed, Double(elapsed) < budget * 1e9 { continue }
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

  /// The relative interval widths of what is compared, or of the times where nothing is.
  private func widths() -> [Double?] {
    let (samples, failures) = (measured.samples, measured.failures)
    let counted = workers.map { measured.logs[$0].counted }
    guard counted.allSatisfy({ $0.contains(true) }) else { return [nil] }
    let numbers = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1, $0) })
    let compared = pairs.compactMap { pair -> (Int, Int)? in
      guard let baseline = numbers[pair.baseline], let contender = numbers[pair.contender],
        failures[baseline] == nil, failures[contender] == nil
      else { return nil }
      return (baseline, contender)
    }
    if compared.isEmpty {
      return samples.indices.filter { failures[$0] == nil }
        .map { Estimate(series: samples[$0].counting(counted[$0])).relativeWidth }
    }
    return compared.map { baseline, contender in
      let ratios = RatioEstimate.logRatios(samples[baseline], samples[contender])
      let interval = Estimate(series: ratios.counting(counted[baseline]))
      return RatioEstimate.relativeWidth(of: interval)
    }
  }

  private func fill(_ result: inout CaseResult, number: Int, stop: String) {
    result.iterations = measured.visits?.iterations[number] ?? 1
    result.warmUp = result.entry.cache == .warm ? measured.visits?.warmUp.iterations ?? 0 : 0
    result.stoppedBy = stop
    if let failure = measured.failures[number] {
      (result.status, result.reason) = (.failed, "\(failure)")
      return
    }
    guard !measured.samples[number].isEmpty else {
      (result.status, result.reason) = (.interrupted, "stopped before the first round was complete")
      return
    }
    estimate(&result, number: number, isInterrupted: stop == CaseResult.interruptedWord)
  }

  /// What follows from the rounds there are.
  private func estimate(_ result: inout CaseResult, number: Int, isInterrupted: Bool) {
    let log = measured.logs[workers[number]]
    result.samples = measured.samples[number]
    result.rounds = log.rounds
    result.counted = log.counted
    result.calibrate()
    result.estimate()
    if result.time == nil, isInterrupted {
      (result.status, result.reason) = (.interrupted, "stopped before a calm round was complete")
    }
    result.counters = subjects[number].takeCounters()
    if let selection = result.entry.selection { result.reason = "selected: \(selection)" }
    guard !isInterrupted else { return }
    if let indecision = log.indecision {
      (result.status, result.reason) = (.disturbed, indecision)
    }
    result.shares = (try? subjects[number].shares(iterations: min(result.iterations, 100))) ?? []
  }
}

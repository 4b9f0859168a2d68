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
  private var warmUp = WarmUp()
  /// Iterations per visit of each subject.
  private var iterations: [Int]
  /// Workers of each subject.
  private let workers: [Int]
  private var logs: RoundLogs
  private var samples: [[Double]]
  /// Why a subject dropped out, where it did.
  private var failures: [String?]

  init(
    subjects: [any Subject], places: [Int], workers: [Int], pairs: [PlanPair],
    options: MeasuringOptions, logs: RoundLogs, interruption: Interruption
  ) {
    self.subjects = subjects
    self.places = places
    self.workers = workers
    self.pairs = pairs
    self.options = options
    self.logs = logs
    self.interruption = interruption
    iterations = subjects.map { _ in 1 }
    samples = subjects.map { _ in [] }
    failures = subjects.map { _ in nil }
  }

  mutating func run(
    budget: Double, results: inout [CaseResult], events: (MeasuringEvent) -> Void
  ) {
    guard !subjects.isEmpty else { return }
    let start = Clock.now()
    calibrate()
    for subject in subjects { _ = subject.takeCounters() }
    let stop = rounds(budget: budget, start: start, events: events)
    for (number, place) in places.enumerated() {
      fill(&results[place], number: number, stop: stop)
    }
  }

  /// Finds how many iterations a visit of each takes, and how many go before all of them.
  private mutating func calibrate() {
    if let visits = options.visits {
      warmUp = visits.warmUp
      iterations = places.map { max(1, visits.iterations[$0]) }
      for number in subjects.indices { _ = visit(number, iterations: 1, keep: false) }
      return
    }
    let probed = probe()
    let times = subjects.indices.map { number -> Double? in
      guard let rough = probed[number].last, rough < MeasuringOptions.leastSampleNanoseconds else {
        return probed[number].last
      }
      // One longer visit where single iterations say little about the next thousand.
      let more = Int(
        clamping: MeasuringOptions.leastSampleNanoseconds / max(rough, 1), to: 1...10_000)
      return visit(number, iterations: more, keep: false)
    }
    iterations = VisitLength.iterations(times)
    warmUp = WarmUp(
      common: probed.map { WarmUp(times: $0) }, slowest: times.compactMap { $0 }.max() ?? 0)
  }

  /// The first iterations of a visit of each, one by one, each in turn so that the caches hold what
  /// another left.
  private mutating func probe() -> [[Double]] {
    var fastest = subjects.map { _ in [Double]() }
    for _ in 0..<Self.probes {
      for number in subjects.indices {
        // Long ones vary little, and nobody wants to wait for them.
        if let last = fastest[number].last, last > Self.longProbe { continue }
        let times = WarmUp.probe {
          interruption.isRequested ? nil : visit(number, iterations: 1, warmUp: 0, keep: false)
        }
        fastest[number] =
          fastest[number].isEmpty ? times : zip(fastest[number], times).map { min($0, $1) }
      }
    }
    return fastest
  }

  /// So often the first iterations are timed; the least counts, since interruptions only add.
  private static let probes = 3
  /// An iteration of this length is probed once, in nanoseconds.
  private static let longProbe = 1_000_000.0

  /// Visits a subject; its time per iteration, or nil where it has dropped out.
  private mutating func visit(
    _ number: Int, iterations: Int, warmUp: Int? = nil, keep: Bool
  ) -> Double? {
    guard failures[number] == nil else { return nil }
    do {
      let sample = try subjects[number].sample(
        iterations: iterations, warmUp: warmUp ?? self.warmUp.iterations)
      if keep {
        samples[number].append(sample.perIteration)
        logs.note(sample, workers: workers[number])
      }
      return sample.perIteration
    } catch SubjectFailure.interrupted {
      // The loop is about to see the same request.
      return nil
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
    budget: Double, start: UInt64, events: (MeasuringEvent) -> Void
  ) -> String {
    let time = TimeBudget(nanoseconds: UInt64(clamping: budget * 1e9, to: 0...UInt64.max))
    // Where the interval is over processes, that of one of them says nothing about when to stop.
    var criterion = FirstOf(
      options.rounds.map { [FixedRounds($0), time] }
        ?? [RelativeWidth(precision: options.precision), StableNoise(), time])
    var count = 0
    for order in BalancedOrder(count: subjects.count, seed: options.orderSeed) {
      logs.begin()
      for number in order {
        if interruption.isRequested { return dropIncompleteRound(count) }
        _ = visit(number, iterations: iterations[number], keep: true)
      }
      // A contender that was stopped has no sample of this round.
      if interruption.isRequested { return dropIncompleteRound(count) }
      logs.end()
      count += 1
      let elapsed = Clock.now() - start
      events(.round(count: count, elapsed: Double(elapsed) / 1e9, budget: budget))
      if failures.allSatisfy({ $0 != nil }) { return "failed" }
      // A disturbed round is measured again: it spends time but brings no end nearer.
      if logs.lastIsDisturbed, Double(elapsed) < budget * 1e9 { continue }
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
    logs.keep(complete)
    return "interrupted"
  }

  /// The relative interval widths of what is compared, or of the times where nothing is.
  private func widths() -> [Double?] {
    let counted = workers.map { logs[$0].counted }
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
    result.iterations = iterations[number]
    result.warmUp = result.entry.cache == .warm ? warmUp.iterations : 0
    result.stoppedBy = stop
    if let failure = failures[number] {
      (result.status, result.reason) = (.failed, failure)
      return
    }
    guard !samples[number].isEmpty else {
      (result.status, result.reason) = (.interrupted, "stopped before the first round was complete")
      return
    }
    let log = logs[workers[number]]
    result.samples = samples[number]
    result.rounds = log.rounds
    result.counted = log.counted
    result.calibrate()
    result.estimate()
    if result.time == nil, stop == "interrupted" {
      (result.status, result.reason) = (.interrupted, "stopped before a calm round was complete")
    }
    result.counters = subjects[number].takeCounters()
    if let selection = result.entry.selection { result.reason = "selected: \(selection)" }
    if let indecision = log.indecision, stop != "interrupted" {
      (result.status, result.reason) = (.disturbed, indecision)
    }
    guard stop != "interrupted" else { return }
    result.shares = (try? subjects[number].shares(iterations: min(result.iterations, 100))) ?? []
  }
}

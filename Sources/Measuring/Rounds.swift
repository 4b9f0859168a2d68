// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// Interleaved rounds over what is compared, one at a time.
///
/// They size the visits, visit everything once a round, and note what disturbed it. What runs, and
/// where, is no business of theirs.
public struct Rounds {
  /// How long the visits are; nil before `calibrate`.
  public private(set) var visits: GroupVisits?
  /// Nanoseconds of an iteration, by subject and round.
  public private(set) var samples: [[Double]]
  /// Why a subject dropped out, where it did.
  public private(set) var failures: [SubjectFailure?]
  private(set) var logs: RoundLogs

  private let subjects: [any Visited]
  /// Workers of each subject.
  private let workers: [Int]
  private let least: Double
  private let isInterrupted: () -> Bool

  /// Rounds over `subjects`.
  /// - Parameters:
  ///   - subjects: What is compared.
  ///   - workers: On how many workers each runs.
  ///   - visits: How long its visits are, where an earlier process has found it.
  ///   - least: How long a visit is at least, in nanoseconds.
  ///   - logs: What looks at the machine.
  ///   - isInterrupted: Asked between visits.
  init(
    _ subjects: [any Visited], workers: [Int], visits: GroupVisits?, least: Double,
    logs: RoundLogs, isInterrupted: @escaping () -> Bool
  ) {
    self.subjects = subjects
    self.workers = workers
    self.visits = visits
    self.least = least
    self.logs = logs
    self.isInterrupted = isInterrupted
    samples = subjects.map { _ in [] }
    failures = subjects.map { _ in nil }
  }

  /// Rounds over what says by itself what disturbed its visits: processes that compute one case on as
  /// many workers.
  public init(
    _ subjects: [any Visited], visits: GroupVisits?, least: Double,
    isInterrupted: @escaping () -> Bool
  ) {
    self.init(
      subjects, workers: subjects.map { _ in 1 }, visits: visits, least: least,
      logs: RoundLogs(
        workers: [1], seesVisits: true, watch: { _ in nil }, calibration: { _ in nil }),
      isInterrupted: isInterrupted)
  }

  /// Why the last round says little about the code, for what runs on one worker or says it itself.
  public var lastCauses: [Disturbance.Cause] { logs[1].rounds.last?.causes ?? [] }

  /// Finds how many iterations a visit of each takes, and how many go before all of them.
  public mutating func calibrate() {
    guard visits == nil else {
      for number in subjects.indices { _ = visit(number, iterations: 1, keep: false) }
      return
    }
    let probed = probe()
    let times = subjects.indices.map { number -> Double? in
      guard let rough = probed[number].last, rough < least else { return probed[number].last }
      // One longer visit where single iterations say little about the next thousand.
      let more = Int(clamping: least / max(rough, 1), to: 1...10_000)
      return visit(number, iterations: more, keep: false)
    }
    visits = GroupVisits(
      warmUp: WarmUp(
        common: probed.map { WarmUp(times: $0) }, slowest: times.compactMap { $0 }.max() ?? 0),
      iterations: VisitLength.iterations(times, least: least))
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
          isInterrupted() ? nil : visit(number, iterations: 1, warmUp: 0, keep: false)
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

  /// Gives all subjects the most iterations that one of them has, for those that compute the same.
  public mutating func equalize() {
    let most = visits?.iterations.max() ?? 1
    visits?.iterations = subjects.map { _ in most }
  }

  /// Visits all in `order`.
  /// - Returns: whether the round is complete; where somebody asked to stop, it is forgotten.
  public mutating func round(_ order: [Int]) -> Bool {
    let complete = logs.count
    logs.begin()
    for number in order where !isInterrupted() {
      _ = visit(number, iterations: visits?.iterations[number] ?? 1, keep: true)
    }
    // A contender that was stopped has no sample of this round.
    guard !isInterrupted() else {
      // Every subject keeps the same number of rounds.
      for number in samples.indices { samples[number] = Array(samples[number].prefix(complete)) }
      logs.keep(complete)
      return false
    }
    logs.end()
    return true
  }

  /// Visits a subject; its time per iteration, or nil where it has dropped out.
  private mutating func visit(
    _ number: Int, iterations: Int, warmUp: Int? = nil, keep: Bool
  ) -> Double? {
    guard failures[number] == nil else { return nil }
    do {
      let sample = try subjects[number].sample(
        iterations: iterations, warmUp: warmUp ?? visits?.warmUp.iterations ?? WarmUp.least)
      if keep {
        samples[number].append(sample.perIteration)
        logs.note(sample, workers: workers[number])
      }
      return sample.perIteration
    } catch SubjectFailure.interrupted {
      // The rounds are about to see the same request.
      return nil
    } catch let failure as SubjectFailure {
      failures[number] = failure
    } catch {
      failures[number] = .failed("\(error)")
    }
    return nil
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Counters
internal import Planning
internal import Statistics

extension CaseResult {
  /// The median of each process over its rounds that count.
  /// - Parameter values: one per round.
  /// - Returns: one per process that has a round that counts, in their order.
  func perProcess(_ values: [Double]) -> [Double] {
    let rounds = values.indices.filter { counted.isEmpty || counted[$0] }
    return Dictionary(grouping: rounds) { processes.isEmpty ? 0 : processes[$0] }
      .sorted { $0.key < $1.key }
      .map { median(of: $0.value.map { values[$0] }) }
  }

  /// One result from those of several fresh processes.
  ///
  /// The worst status counts, since a case that is wrong in one process of eight is wrong. What a
  /// process did not finish because it was stopped is left out.
  /// - Parameters:
  ///   - parts: What each process found, in the order of the processes.
  ///   - entry: What they measured.
  /// - Requires: at least one part.
  /// - Returns: the result, its estimates over the processes.
  static func merged(_ parts: [CasePart], of entry: PlanEntry) -> CaseResult {
    let measured: Set<RowStatus> = [.ok, .disturbed, .interrupted]
    let isFault = { (part: CasePart) in !measured.contains(part.status) }
    if let process = parts.firstIndex(where: isFault) {
      let fault = parts[process]
      // What no process can do is no matter of the process.
      let isCommon = parts.allSatisfy { $0.status == fault.status && $0.reason == fault.reason }
      var result = fault.result(of: entry)
      if !isCommon { result.reason = "process \(process): \(fault.reason)" }
      return result
    }
    guard
      let first = parts.first(where: { $0.status == .ok })
        ?? parts.first(where: { $0.status == .disturbed })
    else {
      return parts[0].result(of: entry)
    }
    var result = first.result(of: entry)
    result.add(rounds: parts)
    result.judgeCalm()
    result.shares = WorkerShare.means(parts.map(\.shares))
    result.counters = CounterReading.means(parts.map(\.counters))
    return result
  }

  /// A process whose rounds were all disturbed has no voice; with fewer than an interval needs,
  /// nothing is decided.
  private mutating func judgeCalm() {
    let all = Set(processes).count
    let calm = Set(zip(processes, counted).filter(\.1).map(\.0)).count
    let needed = min(ProcessSpread.leastForInterval, all)
    guard calm < needed || (all == 1 && status == .disturbed) else {
      if status == .disturbed { (status, reason) = (.ok, "") }
      return
    }
    status = .disturbed
    reason =
      RoundLog.indecision(rounds)
      ?? "undecided (disturbed): \(calm) of \(all) processes had calm rounds, and it takes "
      + "\(ProcessSpread.leastForInterval)"
  }

  /// Takes the rounds of all parts and estimates anew.
  private mutating func add(rounds parts: [CasePart]) {
    samples = parts.flatMap(\.samples)
    rounds = parts.flatMap(\.rounds)
    counted = parts.flatMap { part in
      part.counted.isEmpty ? part.samples.map { _ in true } : part.counted
    }
    processes = parts.enumerated().flatMap { number, part in part.samples.map { _ in number } }
    calibrate()
    let reasons = parts.map(\.stoppedBy)
    stoppedBy =
      [Self.interruptedWord, StopReason.budget.rawValue, StopReason.noiseStable.rawValue]
      .first { reasons.contains($0) } ?? stoppedBy
    let own = perProcess(samples)
    guard !own.isEmpty else { return }
    let medians = Estimate(samples: own)
    time = Estimate(
      median: medians.median, lower: medians.lower, upper: medians.upper,
      minimum: countedSamples.min() ?? medians.minimum, count: countedSamples.count)
  }
}

extension WorkerShare {
  /// The mean over processes, worker by worker; those of other teams are left out.
  static func means(_ processes: [[WorkerShare]]) -> [WorkerShare] {
    let seen = processes.filter { !$0.isEmpty && $0.count == processes.first?.count }
    guard let first = seen.first else { return [] }
    return first.indices.map { worker in
      var share = first[worker]
      let own = seen.map { $0[worker] }
      share.busyNanoseconds = own.map(\.busyNanoseconds).reduce(0, +) / Double(own.count)
      share.tasks = own.map(\.tasks).reduce(0, +) / Double(own.count)
      return share
    }
  }
}

extension CounterReading {
  /// The mean over processes, worker by worker and event by event; a reading without a value in one
  /// process has none.
  static func means(_ processes: [[[CounterReading]]]) -> [[CounterReading]] {
    let seen = processes.filter { !$0.isEmpty }
    guard let first = seen.first else { return [] }
    return first.indices.map { worker in
      first[worker].indices.map { event in
        let own = seen.map { $0[worker][event] }
        guard let lacking = own.first(where: { $0.value == nil }) else {
          var reading = own[0]
          reading.value = own.compactMap(\.value).reduce(0, +) / Double(own.count)
          return reading
        }
        return lacking
      }
    }
  }
}

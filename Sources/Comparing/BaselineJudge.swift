// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import Statistics

/// Judges a run, and a second one of its suspects, by a stored run of the same machine.
public struct BaselineJudge: Sendable {
  /// What counts as a regression; its noise floor is that between runs.
  public let policy: GatePolicy
  /// Why the baseline cannot judge any run; nil where it can.
  public let refusal: String?
  private let usual: Double
  private let baseline: [CaseKey: StoredCase]

  /// A judge that compares with `baseline`.
  public init(_ baseline: StoredRun, policy: GatePolicy) {
    self.policy = policy
    refusal = RunComparison.refusal([baseline])
    usual = baseline.usualBetweenRuns
    self.baseline = Self.byCase(baseline.cases)
  }

  /// The cases by what they are called; the kernel only tells them apart where there are several,
  /// so that a build whose selection picks another kernel is still compared with the old one.
  static func byCase(_ cases: [StoredCase]) -> [CaseKey: StoredCase] {
    func anonymous(_ key: CaseKey) -> CaseKey {
      var key = key
      key.kernel = ""
      return key
    }
    let groups = Dictionary(grouping: cases) { anonymous($0.key) }
    return cases.reduce(into: [:]) { result, one in
      let isAlone = groups[anonymous(one.key)]?.count == 1
      result[isAlone ? anonymous(one.key) : one.key] = one
    }
  }

  /// The cases of `run` that look slower: what has to be run again.
  public func suspects(_ run: StoredRun) -> [StoredCase] {
    stage(run).filter { $0.verdict == .slower }.map(\.second)
  }

  private struct Pair {
    var key: CaseKey
    var first: StoredCase
    var second: StoredCase
    var speedup: RatioEstimate
    var verdict: Verdict
  }

  /// What both timed, judged as one family.
  /// - Parameters:
  ///   - run: What is judged.
  ///   - only: The cases, nil for all.
  ///   - others: What further cases differed by, as logarithms: by how much runs differ shows in
  ///     these, where few are judged.
  /// - Returns: the cases that both timed.
  private func stage(
    _ run: StoredRun, only: Set<CaseKey>? = nil, besides others: [Double] = []
  ) -> [Pair] {
    let own = Self.byCase(run.cases)
    let common = own.keys.sorted().compactMap { key -> (CaseKey, StoredCase, StoredCase)? in
      guard only?.contains(key) ?? true, let first = baseline[key], let second = own[key],
        first.isTimed, second.isTimed
      else { return nil }
      return (key, first, second)
    }
    let confidence = 1 - policy.familyWiseError / Double(max(common.count, 1))
    let runs = BetweenRuns(
      common.map { BetweenRuns.Pair(first: $0.1.samples, second: $0.2.samples) },
      besides: others, usual: usual, confidence: confidence)
    let canJudge = refusal == nil
    let speedups = zip(common, runs.estimates).map { row, estimate in
      canJudge && row.1.hasEnoughProcesses && row.2.hasEnoughProcesses
        ? estimate : estimate.withoutBounds
    }
    let verdicts = Verdict.family(
      speedups, noiseFloor: policy.noiseFloor, threshold: policy.threshold,
      familyWiseError: policy.familyWiseError)
    return common.indices.map {
      Pair(
        key: common[$0].0, first: common[$0].1, second: common[$0].2, speedup: speedups[$0],
        verdict: verdicts[$0])
    }
  }

  /// The judged cases of `run`, in order.
  /// - Parameters:
  ///   - run: The run of everything.
  ///   - again: The run of the suspects in processes of its own; nil where there were none.
  /// - Returns: a case per row of `run`.
  public func cases(_ run: StoredRun, again: StoredRun?) -> [GateCase] {
    let first = stage(run)
    let suspects = Set(first.filter { $0.verdict == .slower }.map(\.key))
    let others = first.filter { !suspects.contains($0.key) }.map { log($0.speedup.ratio) }
    let second = again.map { stage($0, only: suspects, besides: others) } ?? []
    let confirmations = Dictionary(second.map { ($0.key, $0) }, uniquingKeysWith: { one, _ in one })
    let pairs = Dictionary(first.map { ($0.key, $0) }, uniquingKeysWith: { one, _ in one })
    return Self.byCase(run.cases).sorted { $0.key < $1.key }.map { key, own in
      guard let pair = pairs[key] else { return unpaired(key, own) }
      return judged(pair, confirmation: confirmations[key])
    }
  }

  private func judged(_ pair: Pair, confirmation: Pair?) -> GateCase {
    var one = Self.gateCase(pair.second, status: .ok)
    one.screening = Self.stage(pair)
    one.confirmation = confirmation.map(Self.stage)
    let verdict = GateJudge.final(
      screening: pair.verdict, confirmation: confirmation?.verdict)
    one.verdict = verdict.rawValue
    if pair.verdict == .slower, verdict != .slower { one.reason = GateCase.unconfirmed(.slower) }
    one.detectableSlowdown = pair.speedup.detectableEffect(margin: policy.margin)
    one.baseNanoseconds = pair.first.medianNanoseconds
    one.newNanoseconds = pair.second.medianNanoseconds
    one.baseImplementation = pair.first.key.kernel
    one.newImplementation = pair.second.key.kernel
    return one
  }

  /// A case that has no time on one side.
  private func unpaired(_ key: CaseKey, _ own: StoredCase) -> GateCase {
    if own.status == "wrong" { return Self.gateCase(own, status: .wrong, reason: own.reason) }
    guard baseline[key]?.isTimed ?? false else {
      return Self.gateCase(own, status: .skipped, reason: "the baseline has no time for it")
    }
    return Self.gateCase(own, status: .failed, reason: "\(own.status): \(own.reason)")
  }

  private static func gateCase(
    _ own: StoredCase, status: GateCase.Status, reason: String = ""
  ) -> GateCase {
    GateCase(
      suite: own.key.suite, name: own.key.name, problem: own.problem, workers: own.key.workers,
      status: status, reason: reason)
  }

  private static func stage(_ pair: Pair) -> GateCase.Stage {
    GateCase.Stage(
      pair.speedup, verdict: pair.verdict, rounds: pair.second.samples.count,
      disturbedRounds: pair.second.disturbedRounds)
  }
}

extension GateCase {
  /// The reason of a suspect that the second run cleared.
  public static func unconfirmed(_ first: Verdict) -> String {
    "looked \(first.rawValue) at first, which a second run did not confirm"
  }
}

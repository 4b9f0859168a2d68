// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Convolution
internal import Counters
internal import Inputs
public import Planning
internal import Suites

/// Runs the entries of a plan under Valgrind, in the process that Valgrind simulates, and has their
/// kernels counted: nothing of the set-up, of the harness, or of waiting.
public struct CaseSimulator {
  private let seed: UInt64
  private let slowDown: SlowDown?
  private var dumps = 0

  /// A simulator whose tensors come from `seed`; `slowDown` is for testing a gate.
  public init(seed: UInt64, slowDown: SlowDown? = nil) {
    self.seed = seed
    self.slowDown = slowDown
  }

  /// Whether this process runs under Valgrind.
  public static var isSimulated: Bool { cplatform_is_simulated() }

  /// Runs an entry twice to warm the simulated caches and once to count.
  public mutating func count(_ entry: PlanEntry, suite: String) -> SimulatedRow {
    var row = SimulatedRow(entry, suite: suite)
    do {
      let isSlowed = slowDown?.matches(entry.suiteCase.descriptor) ?? false
      try run(try work(of: entry), repeating: isSlowed ? slowDown?.share ?? 0 : 0)
      dumps += 1
      row.dump = dumps
    } catch SubjectFailure.unsupported(let reason), SubjectFailure.failed(let reason) {
      row.reason = reason
    } catch {
      row.reason = "\(error)"
    }
    return row
  }

  /// Why an entry is not simulated; nil where it is.
  static func reason(against entry: PlanEntry) -> String? {
    guard entry.workers == 1 else {
      return "simulated with one worker only; --workers 1 has the counts of the same work"
    }
    guard entry.cache == .warm else { return "simulated with warm caches only" }
    let isKnown = entry.contender.instructionSet?.isSimulated ?? true
    return isKnown ? nil : ValgrindTool.noAVX512
  }

  private func work(of entry: PlanEntry) throws -> any PreparedWork {
    if let reason = Self.reason(against: entry) { throw SubjectFailure.unsupported(reason) }
    return try entry.prepared(try CaseData(entry.suiteCase, seed: seed))
  }

  /// Two iterations fill the simulated caches, which begin empty, and the next one is counted.
  ///
  /// Two, because the first also does what is done once only, such as to touch fresh scratch.
  private func run(_ chain: any PreparedWork, repeating share: Double) throws {
    let around = (before: chain.beforeRound, after: chain.afterRound)
    for hook in around.before { hook.run(hook.context, 0, hook.tasks, 0) }
    // Whole tasks, rounded up; found before, so that nothing comes between the iterations.
    let again = chain.phases.map {
      Int(clamping: (share * Double($0.tasks)).rounded(.up), to: 0...$0.tasks)
    }
    chain.phases.withUnsafeBufferPointer { phases in
      again.withUnsafeBufferPointer { again in
        cplatform_begin_simulation()
        Self.runOnce(phases, again)
        Self.runOnce(phases, again)
        cplatform_toggle_counting()
        Self.runOnce(phases, again)
        cplatform_toggle_counting()
        cplatform_end_simulation()
      }
    }
    cplatform_dump_counts()
    for hook in around.after { hook.run(hook.context, 0, hook.tasks, 0) }
  }

  /// What one worker does in one iteration under the static partition, and the first of each
  /// phase's tasks `again`.
  @inline(never)
  private static func runOnce(
    _ phases: UnsafeBufferPointer<Phase>, _ again: UnsafeBufferPointer<Int>
  ) {
    for index in phases.indices {
      let phase = phases.baseAddress.unsafelyUnwrapped + index
      phase.pointee.run(phase.pointee.context, 0, phase.pointee.tasks, 0)
      if again[index] > 0 { phase.pointee.run(phase.pointee.context, 0, again[index], 0) }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0

/// The rule for disturbed rounds, the same for a run and a gate: calm ones count, however few.
///
/// Disturbed rounds are no choice where calm ones are few: what interrupts a worker hits the slower of
/// a pair more often, so ratios lean. With all rounds of a run beside a busy process, 31 times as fast
/// became 56 times.
public enum CalmRounds {
  /// Fewer calm rounds than the sign test's interval needs at 95 % give no answer.
  public static let least = 6

  /// Why rounds that were disturbed by `causes` decide nothing because too few of them are calm; nil
  /// where they are enough.
  public static func indecision(_ causes: [[Disturbance.Cause]]) -> String? {
    let calm = causes.count { $0.isEmpty }
    guard calm < least, calm < causes.count else { return nil }
    let found = Disturbance.Cause.allCases.compactMap { cause -> String? in
      let count = causes.count { $0.contains(cause) }
      return count == 0 ? nil : "\(cause.rawValue) in \(count)"
    }
    return "undecided (disturbed): \(calm) of \(causes.count) rounds were calm, and it takes "
      + "\(least) (\(found.joined(separator: ", ")))"
  }
}

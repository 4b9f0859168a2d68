// SPDX-License-Identifier: Apache-2.0

internal import Statistics

/// Whether a run could say anything at all.
public enum Indecision {
  /// Why nothing of `groups` is decided: all that was to be compared was disturbed, or all that was
  /// to be timed where nothing is compared; nil where something is decided, or for other reasons.
  public static func reason(_ groups: [GroupResult]) -> String? {
    let pairs = groups.flatMap(\.pairs)
    guard pairs.isEmpty else {
      let disturbed = pairs.count { $0.status == .disturbed }
      let isDecided = pairs.contains { $0.status == .ok && $0.verdict != .inconclusive }
      guard disturbed > 0, !isDecided else { return nil }
      return text("\(disturbed) of \(pairs.count) comparisons")
    }
    let cases = groups.flatMap(\.cases)
    let disturbed = cases.count { $0.status == .disturbed }
    guard disturbed > 0, !cases.contains(where: { $0.status == .ok }) else { return nil }
    return text("\(disturbed) of \(cases.count) measurements")
  }

  private static func text(_ share: String) -> String {
    "nothing is decided: \(share) had too few calm rounds; `machine --check` says what disturbs"
  }
}

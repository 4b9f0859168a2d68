// SPDX-License-Identifier: Apache-2.0

internal import Inputs

extension StoredRun {
  /// What two runs of identical code are taken to differ by where nobody has measured it.
  ///
  /// Runs one after the other differed by more than 2 % in 8 of 18 trials on a shared virtual
  /// machine, and by up to 8.1 %: with less than that, a comparison of two runs is a coin toss.
  public static let usualFloorBetweenRuns = 0.08

  /// What two runs of one build are taken to differ by at most: what was measured in a calm hour says
  /// nothing about the next one, so never less than the usual.
  var usualBetweenRuns: Double { max(Self.usualFloorBetweenRuns, knownBetweenRuns) }

  /// What they were seen to differ by on this machine; 0 where nobody looked.
  var knownBetweenRuns: Double { noiseFloorBetweenRuns ?? 0 }

  /// The noise floor for comparing this run with another, and where it comes from.
  public var floorBetweenRuns: (relative: Double, text: String) {
    guard let noiseFloorBetweenRuns else {
      let usual = Self.usualFloorBetweenRuns
      return (
        usual,
        "\(percent(usual)), the usual one of a shared machine; `machine --check` measures yours"
      )
    }
    return (noiseFloorBetweenRuns, "\(percent(noiseFloorBetweenRuns)), measured on this machine")
  }

  private func percent(_ share: Double) -> String {
    let tenths = Int(clamping: (share * 1000).rounded(), to: 0...Int.max)
    return "\(tenths / 10).\(tenths % 10) %"
  }
}

// SPDX-License-Identifier: Apache-2.0

/// The variant that was fastest when all rivals were measured beside each other.
public struct TunedChoice: Codable, Hashable, Sendable {
  /// The variant's id.
  public var kernel: String
  /// Its median time of one iteration, in nanoseconds.
  public var timeNanoseconds: Double
  /// How many variants were measured.
  public var rivals: Int
  /// The second fastest and its time over that of the fastest; nil where there was none.
  public var runnerUp: String?
  /// Time of the second fastest over that of the fastest.
  public var runnerUpRatio: Double?
  /// When, in UTC: `2026-11-24`.
  public var date: String
  /// Git revision of the program that measured; nil where it is not known.
  public var revision: String?

  /// A choice; see the properties.
  public init(
    kernel: String, timeNanoseconds: Double, rivals: Int, runnerUp: String? = nil,
    runnerUpRatio: Double? = nil, date: String, revision: String? = nil
  ) {
    self.kernel = kernel
    self.timeNanoseconds = timeNanoseconds
    self.rivals = rivals
    self.runnerUp = runnerUp
    self.runnerUpRatio = runnerUpRatio
    self.date = date
    self.revision = revision
  }

  /// Why it is chosen, as the `reason` column says it.
  public var reason: String {
    let microseconds = (timeNanoseconds / 10).rounded() / 100
    var text = "tuned \(date): \(microseconds) µs, the least of \(rivals) variants measured"
    if let runnerUp, let runnerUpRatio {
      text += " (\(runnerUp) took \((runnerUpRatio * 100).rounded() / 100) times as long)"
    }
    return text
  }
}

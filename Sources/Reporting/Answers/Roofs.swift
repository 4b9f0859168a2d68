// SPDX-License-Identifier: Apache-2.0

internal import Measuring

/// What bounds a measurement, as far as the roofline and the cost of starting workers show.
struct Roofs {
  private let limits: MachineLimits

  init(_ limits: MachineLimits) { self.limits = limits }

  /// From this share of a roof on, the roof is what bounds; the rest is loops and edges.
  ///
  /// Below it may be sums that do not stay in registers, or latency: a share alone does not tell.
  static let near = 80.0
  /// Above this the roof was the wrong one; below, it is noise.
  static let beyond = 105.0
  /// From this share of the time on, starting workers is worth naming.
  static let noticeable = 0.15

  /// What bounds `row`, as the end of a sentence whose subject is the case.
  func reason(_ row: MeasuredRow) -> String? {
    guard let time = row.time, let roofline = row.rooflinePercent else { return nil }
    let roof = BoundName.phrase(row.bound)
    let reached = Phrase.percent(roofline / 100)
    if let beyond = Self.beyondReason(row) {
      let whose = row.bound == BoundName.arithmetic ? " a direct sum" : ""
      return "is faster than the \(roof) allows\(whose) (\(reached) of it): \(beyond)"
    }
    if roofline >= Self.near { return "is bound by the \(roof), of which it reaches \(reached)" }
    if let share = startShare(row.setting.workers, time: time), share >= Self.noticeable {
      return "spends at least \(Phrase.percent(share)) of its time on starting and meeting "
        + "\(row.setting.workers) workers, and reaches \(reached) of the \(roof)"
    }
    return "reaches \(reached) of the \(roof); what holds it is not known"
  }

  /// Why `row` can pass its roof, as the end of a sentence; nil where it does not.
  ///
  /// What passes a bandwidth does so whatever it computes; what passes the FMA peak either multiplies
  /// less than its share counts, or the peak was measured at another pace.
  static func beyondReason(_ row: MeasuredRow) -> String? {
    guard let roofline = row.rooflinePercent, roofline > beyond else { return nil }
    guard row.bound == BoundName.arithmetic else {
      return "part of its data lies nearer than its size suggests"
    }
    return row.accuracy == fast
      ? "it transforms first (Winograd), so it multiplies less than the share counts"
      : "the peak was measured at a slower pace; machine --refresh measures it again"
  }

  /// The word of the column `accuracy` for what transforms first.
  private static let fast = "fast"

  /// One fork and join as a share of the time; nil for a single worker.
  private func startShare(_ workers: Int, time: Double) -> Double? {
    guard workers > 1 else { return nil }
    return limits.forkJoins.first { $0.workers == workers }.map { $0.nanoseconds / time }
  }
}

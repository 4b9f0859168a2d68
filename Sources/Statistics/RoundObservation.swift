// SPDX-License-Identifier: Apache-2.0

/// What is known after a round, for a stopping criterion.
public struct RoundObservation: Hashable, Sendable {
  /// Time since measuring began, in nanoseconds.
  public var elapsedNanoseconds: UInt64
  /// Relative interval width of everything that is compared, nil where there is no interval yet.
  public var relativeWidths: [Double?]

  /// What is known after a round.
  public init(elapsedNanoseconds: UInt64, relativeWidths: [Double?]) {
    self.elapsedNanoseconds = elapsedNanoseconds
    self.relativeWidths = relativeWidths
  }

  /// The widest interval; nil where one is missing, or where nothing is compared.
  public var widest: Double? {
    var widest: Double?
    for width in relativeWidths {
      guard let width else { return nil }
      widest = max(widest ?? width, width)
    }
    return widest
  }
}

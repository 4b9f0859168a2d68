// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What identical code differs by on this machine, by the length of visits: the margins of a run's
/// verdicts.
///
/// What interrupts a worker hits long visits and spares short ones, so the margin of one length says
/// little about another.
public struct NoiseMargins: Codable, Hashable, Sendable {
  /// The margin of visits of about one length.
  public struct Row: Codable, Hashable, Sendable {
    /// Length of a visit, in nanoseconds.
    public var visitNanoseconds: Double
    /// The margin, as a fraction.
    public var relative: Double

    /// A margin.
    public init(visitNanoseconds: Double, relative: Double) {
      self.visitNanoseconds = visitNanoseconds
      self.relative = relative
    }
  }

  /// What is taken where nothing was measured, as a fraction.
  public var usual: Double
  /// What was measured; empty where nothing was.
  public var rows: [Row]

  /// A row holds for visits that are up to so many times as long or as short.
  public static let widestFactor = 2.0

  /// Margins; without `rows` the usual one holds for all.
  public init(usual: Double = MeasuringOptions.defaultNoiseFloor, rows: [Row] = []) {
    self.usual = usual
    self.rows = rows
  }

  /// The margin for visits of `nanoseconds`; nil where these are not known.
  /// - Returns: the margin as a fraction, and what the reader should know of it.
  public func margin(visit nanoseconds: Double?) -> (relative: Double, doubt: String?) {
    guard let largest = rows.map(\.relative).max() else { return (usual, nil) }
    guard let nanoseconds, nanoseconds > 0 else { return (largest, nil) }
    let factor = { (row: Row) in
      max(row.visitNanoseconds / nanoseconds, nanoseconds / row.visitNanoseconds)
    }
    if let nearest = rows.min(by: { factor($0) < factor($1) }),
      factor(nearest) <= Self.widestFactor
    {
      return (nearest.relative, nil)
    }
    let text = "the noise floor of visits of %.3g ms is not known; taken is the largest measured"
    return (largest, String(format: text + ", %.2f %%", nanoseconds / 1e6, 100 * largest))
  }
}

extension NoiseMargins: ExpressibleByFloatLiteral {
  /// One margin for all visits.
  public init(floatLiteral value: Double) { self.init(usual: value) }
}

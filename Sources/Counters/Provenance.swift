// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// Where a counter's value comes from, or why there is none.
public struct Provenance: Codable, Hashable, Sendable {
  /// The kinds of source a value can have.
  public enum Kind: Codable, Hashable, Sendable {
    /// Counted by the CPU's performance monitoring unit, all of the time.
    case hardware
    /// Counted by the operating system, all of the time.
    case software
    /// Counted for this share of the time (0 to 1) and scaled up to the whole.
    case scaled(Double)
    /// Counted by a simulator.
    case simulated
    /// Not counted; the text says why and what can be done about it.
    case unavailable(String)
  }

  /// The kind of source.
  public var kind: Kind
  /// What was counted in place of the event that was asked for; nil where it is that event itself.
  public var countedAs: String?

  /// A provenance.
  public init(_ kind: Kind, countedAs: String? = nil) {
    self.kind = kind
    self.countedAs = countedAs
  }

  /// The provenance of a value that does not exist, for `reason`.
  public static func unavailable(_ reason: String) -> Provenance {
    Provenance(.unavailable(reason))
  }

  /// Whether there is a value.
  public var isAvailable: Bool { reason == nil }

  /// Why there is no value; nil where there is one.
  public var reason: String? {
    guard case .unavailable(let reason) = kind else { return nil }
    return reason
  }
}

extension Provenance: CustomStringConvertible {
  /// As it stands in a `counter_source:` cell: `hardware as perf::CYCLES`, `scaled(0.43)`.
  public var description: String {
    let text =
      switch kind {
      case .hardware: "hardware"
      case .software: "software"
      case .scaled(let share): "scaled(\(Self.twoDigits(share)))"
      case .simulated: "simulated"
      case .unavailable(let reason): "unavailable: \(reason)"
      }
    return countedAs.map { "\(text) as \($0)" } ?? text
  }

  /// Two digits after the point; a share that is not the whole never prints as 1.
  private static func twoDigits(_ share: Double) -> String {
    guard share < 1 else { return "1.00" }
    let hundredths = Int(clamping: (share * 100).rounded(), to: 0...99)
    return hundredths < 10 ? "0.0\(hundredths)" : "0.\(hundredths)"
  }
}

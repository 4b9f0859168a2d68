// SPDX-License-Identifier: Apache-2.0

extension StoredNoiseFloor {
  /// The floors of one length of visits; each as a fraction.
  public struct Row: Codable, Hashable, Sendable {
    /// Length of a visit, in nanoseconds.
    public var visitNanoseconds: Double
    /// Pairs of fresh processes that were compared.
    public var sessions: Int
    /// What one interleaved pair of processes differed by, at most in 95 % of the cases.
    public var paired: Double
    /// What the median over the sessions may be off by: the floor of a gate.
    public var gate: Double?
    /// What two processes that ran one after the other differed by.
    public var apart: Double

    /// Floors.
    public init(
      visitNanoseconds: Double, sessions: Int, paired: Double, gate: Double?, apart: Double
    ) {
      self.visitNanoseconds = visitNanoseconds
      self.sessions = sessions
      self.paired = paired
      self.gate = gate
      self.apart = apart
    }

    /// Whether these can be floors.
    var isPlausible: Bool {
      visitNanoseconds > 0 && sessions >= 0
        && [paired, apart, gate ?? 0].allSatisfy(StoredNoiseFloor.shares.contains)
    }

    private enum CodingKeys: String, CodingKey {
      case sessions, paired, gate, apart
      case visitNanoseconds = "visit_ns"
    }
  }
}

extension StoredNoiseFloor {
  /// What relinks of one build, its functions in another order, differ by.
  public struct Layout: Codable, Hashable, Sendable {
    /// In 95 % of the cases at most, as a fraction.
    public var relative: Double
    /// At most, as a fraction.
    public var largest: Double
    /// How many relinks were compared with the build.
    public var relinks: Int
    /// How many cases of all of them.
    public var comparisons: Int
    /// When, ISO 8601; nil where it was with the other floors, which may be measured anew without it.
    public var measuredAt: String?
    /// Load average of the minute before; nil where it was not known.
    public var loadAverage: Double?

    /// What was seen.
    public init(relative: Double, largest: Double, relinks: Int, comparisons: Int) {
      self.relative = relative
      self.largest = largest
      self.relinks = relinks
      self.comparisons = comparisons
    }
  }
}

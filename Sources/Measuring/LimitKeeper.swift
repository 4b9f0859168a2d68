// SPDX-License-Identifier: Apache-2.0

/// The machine's limits for the time of a run: kept ones or new ones, measured again where samples
/// show that they are too low.
///
/// Limits that were taken beside other work are used and said to be so, and never kept: an FMA peak
/// that a neighbour halved would make every later share twice as large.
public final class LimitKeeper {
  /// Where limits come from and go to.
  public struct Store {
    /// Those of an earlier run, if any.
    public var kept: () -> MachineLimits?
    /// Measures them.
    public var measure: () throws -> MachineLimits
    /// Keeps them for later runs.
    public var keep: (MachineLimits) -> Void
    /// Forgets what is kept.
    public var forget: () -> Void
    /// Says what takes some seconds.
    public var announce: (String) -> Void
    /// Says what the reader of the numbers should know.
    public var note: (String) -> Void

    /// A store.
    public init(
      kept: @escaping () -> MachineLimits?, measure: @escaping () throws -> MachineLimits,
      keep: @escaping (MachineLimits) -> Void, forget: @escaping () -> Void,
      announce: @escaping (String) -> Void, note: @escaping (String) -> Void
    ) {
      self.kept = kept
      self.measure = measure
      self.keep = keep
      self.forget = forget
      self.announce = announce
      self.note = note
    }
  }

  /// The limits as far as they are known now.
  public private(set) var limits: MachineLimits
  private let store: Store
  private var measurementsLeft = mostAgain

  /// A run measures its limits again at most so often: it costs seconds, and what then still seems
  /// too low may be so because of the row.
  static let mostAgain = 2

  /// The limits that are kept, or measured now.
  /// - Parameters:
  ///   - store: Where they come from.
  ///   - isRefreshing: Whether they are measured whatever is kept.
  /// - Throws: what measuring throws.
  public init(_ store: Store, isRefreshing: Bool = false) throws {
    self.store = store
    if !isRefreshing, let kept = store.kept() {
      limits = kept
      return
    }
    store.announce(
      "measuring the machine's limits (kept for later runs; machine --refresh repeats it)")
    limits = try store.measure()
    keepWhereCalm()
  }

  /// The limits of a run that is continued.
  public init(continuing limits: MachineLimits, _ store: Store) {
    self.store = store
    self.limits = limits
  }

  /// Measures again because `reason` shows that the limits are too low; the higher one of each
  /// counts from then on.
  /// - Returns: whether they are others now.
  public func raise(because reason: String) -> Bool {
    guard measurementsLeft > 0 else { return false }
    measurementsLeft -= 1
    store.forget()
    store.note("the machine's limits are measured again: \(reason)")
    guard var again = try? store.measure() else { return false }
    // The load of the minute before is that of the run itself.
    again.surroundings?.loadAverage = nil
    limits = limits.raised(to: again)
    keepWhereCalm()
    return true
  }

  private func keepWhereCalm() {
    if let doubt = limits.doubt {
      store.note("\(doubt); they are not kept")
    } else {
      store.keep(limits)
    }
  }
}

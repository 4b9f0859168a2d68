// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// The iterations that go before the clock in every visit, so that what is timed is the steady
/// state and not the way there.
///
/// One definition for all that is compared, whoever computes it: this process, a served build or a
/// library in a process of its own. With different numbers the one with more is flattered: the same
/// build after one iteration and after three differed by 2 to 22 % on problems whose data comes
/// from the third cache level.
public struct WarmUp: Codable, Hashable, Sendable {
  /// Iterations before the clock.
  public let iterations: Int

  /// Fewer are never enough: after the first iteration a problem of several megabytes is still
  /// getting faster.
  public static let least = 3
  /// An iteration that is this much faster than all before it shows that the steady state was not
  /// reached: as much as `--precision` asks for.
  static let tolerance = 0.01
  /// More are looked at only where they are short; a visit has hundreds of those.
  static let mostProbed = 16
  /// Beyond `least`, warming up ends here, in nanoseconds: long problems stay cheap.
  static let longestNanoseconds = 2_000_000.0

  /// As many as a group needs whose subjects reach the steady state after these.
  /// - Requires: `iterations >= least`.
  public init(iterations: Int = least) {
    precondition(iterations >= Self.least)
    self.iterations = iterations
  }

  /// The number that the first iterations of a visit show, the time of each in order.
  ///
  /// The first number from `least` on after which no iteration is faster any more.
  public init(times: [Double]) {
    var count = Self.least
    while count + 1 < times.count {
      let fastestLater = times[count...].min() ?? 0
      if times[count] <= (1 + Self.tolerance) * fastestLater { break }
      count += 1
    }
    iterations = count
  }

  /// What several need that are compared with each other: the most that one of them needs, as far
  /// as that is cheap for the slowest.
  /// - Parameters:
  ///   - all: what each needs.
  ///   - slowest: the longest time of an iteration, in nanoseconds.
  public init(common all: [WarmUp], slowest: Double) {
    let wanted = all.map(\.iterations).max() ?? Self.least
    let cheap = slowest > 0 ? Self.longestNanoseconds / slowest : .infinity
    iterations = Int(clamping: cheap, to: Self.least...max(Self.least, wanted))
  }

  /// Times the first iterations of a visit one by one.
  /// - Parameter next: runs one iteration; its time in nanoseconds, or nil where there is none.
  /// - Returns: the times that there are.
  /// - Throws: what `next` throws.
  public static func probe<Failure>(
    _ next: () throws(Failure) -> Double?
  ) throws(Failure) -> [Double] {
    var times: [Double] = []
    var spent = 0.0
    while times.count <= least || (times.count < mostProbed && spent < longestNanoseconds) {
      guard let time = try next() else { break }
      times.append(time)
      spent += time
    }
    return times
  }
}

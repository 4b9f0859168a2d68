// SPDX-License-Identifier: Apache-2.0

/// Whether a reported time can have been measured at all.
struct PlausibleTime {
  /// A 6 GHz core with two 512-bit FMA units does 1.9e11 a second; fifty times that leaves room
  /// for every fast algorithm and shows only what was not computed.
  static let largestMACsPerSecondAndWorker = 1e13
  /// Two readings of clocks of different resolution may differ by this.
  static let clockSlackNanoseconds = 1e5

  /// Multiply-accumulates of all iterations.
  var macs: Double
  /// Workers that computed.
  var workers: Int
  /// Nanoseconds between the request and its answer.
  var passed: Double

  init(_ handle: ExternalContender.Handle, iterations: Int, passed: Double) {
    macs = handle.macs * Double(iterations)
    workers = handle.workers
    self.passed = passed
  }

  func check(_ nanoseconds: Double) throws(ExternalError) {
    func implausible(_ reason: String) -> ExternalError {
      .implausibleTime(nanoseconds: nanoseconds, reason: reason)
    }
    guard nanoseconds.isFinite, nanoseconds > 0 else { throw implausible("not a positive time") }
    let shortest = macs / Self.largestMACsPerSecondAndWorker / Double(workers) * 1e9
    guard nanoseconds >= shortest else {
      throw implausible("no CPU computes this within \(shortest.rounded()) ns")
    }
    guard nanoseconds <= passed * 1.001 + Self.clockSlackNanoseconds else {
      throw implausible("only \(passed.rounded()) ns passed between request and answer")
    }
  }
}

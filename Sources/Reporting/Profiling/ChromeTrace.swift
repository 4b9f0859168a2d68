// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import Measuring
internal import Planning
internal import Suites

/// A profile's timeline in the Trace Event Format, which Perfetto and `chrome://tracing` open.
///
/// A row per worker; a slice per chunk of tasks or wait, its tiles in `args`.
/// - Source: Trace Event Format, “complete events” (`ph` `X`), times in microseconds.
public struct ChromeTrace: Encodable {
  private let traceEvents: [Event]
  private let displayTimeUnit = "ns"
  private let otherData: [String: String]

  /// An event; which members are set depends on `ph`.
  private struct Event: Encodable {
    var name: String
    var ph: String
    var pid = processID
    var tid: Int
    var cat: String?
    var ts: Double?
    var dur: Double?
    var args: [String: Argument]
  }

  private static let processID = 1

  /// The thread of a worker, counted from the process's own number.
  ///
  /// Not from 0: Perfetto takes thread 0 for the process's first one, whose number is that of the
  /// process, and so put two workers into one row and dropped what overlapped.
  private static func threadID(_ worker: Int) -> Int { processID + worker }

  private enum Argument: Encodable {
    case number(Int)
    case text(String)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .number(let value): try container.encode(value)
      case .text(let value): try container.encode(value)
      }
    }
  }

  /// The timeline of `profile`; times begin at its first span.
  public init(_ profile: CaseProfile) {
    let spans = profile.timeline.flatMap { $0 }
    let origin = spans.map(\.start).min() ?? 0
    let title = "\(profile.entry.suiteCase.name), \(profile.entry.contender.kernel)"
    let process = Event(
      name: "process_name", ph: "M", tid: Self.processID, args: ["name": .text(title)])
    let threads = profile.cpus.enumerated().map { worker, cpu in
      Event(
        name: "thread_name", ph: "M", tid: Self.threadID(worker),
        args: ["name": .text("worker \(worker) on CPU \(cpu)")])
    }
    traceEvents =
      [process] + threads
      + spans.map { Self.event($0, named: profile.phases[$0.phase].name, origin: origin) }
    otherData = [
      "case": profile.entry.suiteCase.name, "problem": profile.entry.suiteCase.descriptor,
      "kernel": profile.entry.contender.kernel, "cache": profile.entry.cache.rawValue,
    ]
  }

  /// The file's text.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }

  private static func event(_ span: ProfileSpan, named phase: String, origin: UInt64) -> Event {
    var event = Event(
      name: phase, ph: "X", tid: threadID(span.worker), cat: "tasks",
      ts: Double(span.start - origin) / 1000, dur: span.nanoseconds / 1000,
      args: ["iteration": .number(span.iteration)])
    switch span.work {
    case .wait:
      event.name = "wait"
      event.cat = "wait"
      event.args["after"] = .text(phase)
    case .tasks(let first, let count):
      event.args["first"] = .number(first)
      event.args["tasks"] = .number(count)
    }
    return event
  }
}

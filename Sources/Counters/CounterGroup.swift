// SPDX-License-Identifier: Apache-2.0

/// Events that are counted together, and the metrics derived from them.
public struct CounterGroup: Hashable, Sendable {
  /// The group's name: its file's, without extension.
  public var name: String
  /// One line on what it shows.
  public var summary: String
  /// What it shows and how to read it.
  public var explanation: String
  /// The events, in the order of the output's columns.
  public var events: [CounterEvent]
  /// The metrics computed from their counts.
  public var metrics: [DerivedMetric]

  /// A group.
  public init(
    name: String, summary: String = "", explanation: String = "", events: [CounterEvent],
    metrics: [DerivedMetric] = []
  ) {
    self.name = name
    self.summary = summary
    self.explanation = explanation
    self.events = events
    self.metrics = metrics
  }

  /// A group of the given events, with no metrics: for events named on the command line.
  public init(eventNames: [String]) {
    self.init(
      name: eventNames.joined(separator: ","), events: eventNames.map { CounterEvent(name: $0) })
  }
}

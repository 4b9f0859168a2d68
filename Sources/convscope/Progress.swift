// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation
internal import Measuring
internal import Planning
internal import Suites

/// Shows on standard error how far a run is: one line that is rewritten on a terminal, a line per
/// group elsewhere and on one without escape codes, nothing with `--no-progress`.
final class Progress {
  private let weights: [Double]
  private let budget: Double?
  private let isTerminal: Bool
  private let isSilent: Bool
  private let start = ContinuousClock.now
  private var group = 0
  private var title = ""
  private var lastShown: ContinuousClock.Instant?

  /// Often enough to look alive, seldom enough not to disturb: writing happens between samples.
  private static let interval = Duration.milliseconds(200)

  /// - Parameters:
  ///   - weights: about how long each group takes in comparison with the others.
  ///   - budget: seconds for all of them together; nil where there is no limit.
  ///   - isSilent: whether nothing is shown.
  init(weights: [Double], budget: Double? = nil, isSilent: Bool) {
    self.weights = weights
    self.budget = budget
    self.isSilent = isSilent
    isTerminal = ConsoleWidth.rewrites(STDERR_FILENO)
  }

  /// Begins with a group.
  /// - Returns: what shows how far it is.
  func begin(_ group: PlanGroup) -> (MeasuringEvent) -> Void {
    self.group += 1
    let names = group.entries.map(\.suiteCase.name)
    let distinct = names.enumerated().filter { names.firstIndex(of: $1) == $0 }.map(\.element)
    let more = distinct.count > 2 ? " and \(distinct.count - 2) more" : ""
    title = ShownText.line(
      "\(group.suite): \(distinct.prefix(2).joined(separator: ", "))\(more)")
    if !isSilent, !isTerminal {
      Console.error("[\(self.group)/\(weights.count)] \(title), \(timeLeft)")
    }
    return { [self] in show($0, of: group) }
  }

  private func show(_ event: MeasuringEvent, of group: PlanGroup) {
    guard !isSilent, isTerminal else { return }
    let now = ContinuousClock.now
    if case .process = event { lastShown = nil }
    if let lastShown, now - lastShown < Self.interval { return }
    lastShown = now
    switch event {
    case .preparing(let place):
      rewrite("\(title) · checking \(group.entries[place].contender.kernel)")
    case .process(let number, let count):
      rewrite("\(title) · process \(number + 1) of \(count)")
    case .round(let count, let elapsed, let budget):
      rewrite(
        "\(title) · round \(count), \(Self.seconds(elapsed)) of at most \(Self.seconds(budget))")
    }
  }

  /// Removes the line, so that a table can be printed.
  func clear() {
    if !isSilent, isTerminal { write("\r\u{1B}[K") }
  }

  private func rewrite(_ text: String) {
    write(
      "\r\u{1B}[K"
        + Self.line("[\(group)/\(weights.count)] ", text, " · \(timeLeft)", ConsoleWidth.ofErrors))
  }

  /// One line of the terminal: how far it is and how long it takes stay, the text between is cut.
  static func line(_ head: String, _ text: String, _ tail: String, _ width: Int) -> String {
    // The last column stays free: writing there wraps on some terminals.
    let room = width - 1 - head.count - tail.count
    guard room > 1 else { return String((head + tail).prefix(max(0, width - 1))) }
    return head + (text.count > room ? text.prefix(room - 1) + "…" : text) + tail
  }

  private var timeLeft: String {
    let spent = (ContinuousClock.now - start) / .seconds(1)
    return Self.timeLeft(spent: spent, done: group - 1, of: weights, budget: budget)
  }

  /// How long the groups behind the first `done` take, if they go on like those, in words.
  static func timeLeft(
    spent: Double, done: Int, of weights: [Double], budget: Double?
  ) -> String {
    let weightDone = weights.prefix(done).reduce(0, +)
    guard weightDone > 0 else { return "time left not known yet" }
    let usual = spent / weightDone * weights.dropFirst(done).reduce(0, +)
    guard let budget else { return "about \(seconds(usual)) left" }
    guard budget > spent else { return "the budget is spent" }
    return "about \(seconds(min(usual, budget - spent))) left"
  }

  private static func seconds(_ value: Double) -> String {
    value < 90 ? "\(Int(value.rounded())) s" : "\(Int((value / 60).rounded())) min"
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}

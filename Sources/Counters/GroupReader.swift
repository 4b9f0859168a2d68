// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Reads a group file line by line.
///
/// The sections are those of LIKWID's performance groups (SHORT, EVENTS, METRICS, LONG); what
/// stands in them is our own.
struct GroupReader {
  private enum Section: String, CaseIterable {
    case short = "SHORT"
    case events = "EVENTS"
    case metrics = "METRICS"
    case long = "LONG"
  }

  private let file: String
  private var section: Section?
  private var seen: Set<Section> = []
  private var summary = ""
  private var explanation: [String] = []
  private var events: [CounterEvent] = []
  private var metrics: [DerivedMetric] = []

  init(file: String) { self.file = file }

  /// Takes the next line; `number` counts from 1.
  mutating func read(_ line: Substring, number: Int) throws(CounterGroupError) {
    let text = line.trimmingCharacters(in: .whitespaces)
    // In the long description a `#` may be part of the text.
    if section != .long, text.isEmpty || text.hasPrefix("#") { return }
    if try enter(text, number) { return }
    switch section {
    case .events: try readEvent(text, number)
    case .metrics: try readMetric(text, number)
    case .long: explanation.append(text)
    case .short, nil:
      throw unexpected(Self.firstWord(text), number, "a section (SHORT, EVENTS, METRICS, LONG)")
    }
  }

  /// The group that was read.
  func group(named name: String) throws(CounterGroupError) -> CounterGroup {
    guard !summary.isEmpty else { throw .missingSection(file: file, section: "SHORT") }
    guard !events.isEmpty else { throw .missingSection(file: file, section: "EVENTS") }
    let text = explanation.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    return CounterGroup(
      name: name, summary: summary, explanation: text, events: events, metrics: metrics)
  }

  /// Begins a section where `text` is its heading.
  private mutating func enter(_ text: String, _ number: Int) throws(CounterGroupError) -> Bool {
    let word = Self.firstWord(text)
    guard section != .long || text == word, let next = Section(rawValue: word) else { return false }
    guard seen.insert(next).inserted else {
      throw .duplicateName(file: file, line: number, token: word)
    }
    let rest = text.dropFirst(word.count).trimmingCharacters(in: .whitespaces)
    guard next == .short || rest.isEmpty else {
      throw unexpected(Self.firstWord(rest), number, "nothing after \(word)")
    }
    section = next
    if next == .short { summary = rest }
    return true
  }

  /// `alias NAME | NAME …`, or only the name.
  private mutating func readEvent(_ text: String, _ number: Int) throws(CounterGroupError) {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    // Form feeds and the like are no spaces that were trimmed, and no words either.
    guard let alias = words.first else { throw unexpected(text, number, "a PAPI event") }
    let names = words.count == 1 ? words : Array(words.dropFirst())
    guard names.count % 2 == 1 else {
      throw unexpected(names.last ?? alias, number, "an event's name after |")
    }
    for (position, word) in names.enumerated() {
      let isMark = position % 2 == 1
      if isMark, word != "|" { throw unexpected(word, number, "| between events") }
      if !isMark, !Self.isEventName(word) { throw unexpected(word, number, "a PAPI event") }
    }
    if words.count > 1, !FormulaParser.isName(alias) {
      throw unexpected(alias, number, "an alias of letters, digits and _")
    }
    let candidates = names.filter { $0 != "|" }
    if let long = candidates.first(where: { $0.utf8.count > CounterGroup.longestEventName }) {
      throw .eventNameTooLong(
        name: long, file: "\(file):\(number)", accepted: CounterGroup.longestEventName)
    }
    try add(
      CounterEvent(
        name: candidates[0], alias: alias, alternatives: Array(candidates.dropFirst())), number)
  }

  private mutating func add(_ event: CounterEvent, _ number: Int) throws(CounterGroupError) {
    try checkCount(events.count, "events", number)
    let alias = event.alias
    if MetricInputs.names.contains(alias) || events.contains(where: { $0.alias == alias }) {
      throw .duplicateName(file: file, line: number, token: alias)
    }
    if events.contains(where: { $0.name == event.name }) {
      throw .duplicateName(file: file, line: number, token: event.name)
    }
    events.append(event)
  }

  /// `name [unit] = formula`.
  private mutating func readMetric(_ text: String, _ number: Int) throws(CounterGroupError) {
    guard let open = text.firstIndex(of: "["), let close = text.firstIndex(of: "]"), open < close
    else { throw unexpected(text, number, "name [unit] = formula") }
    let name = text[..<open].trimmingCharacters(in: .whitespaces)
    let unit = text[text.index(after: open)..<close].trimmingCharacters(in: .whitespaces)
    let rest = text[text.index(after: close)...].trimmingCharacters(in: .whitespaces)
    guard !name.isEmpty, !unit.isEmpty else {
      throw unexpected(text, number, "name [unit] = formula")
    }
    guard rest.hasPrefix("=") else {
      throw unexpected(Self.firstWord(rest), number, "= after the unit")
    }
    guard !metrics.contains(where: { $0.name == name }) else {
      throw .duplicateName(file: file, line: number, token: name)
    }
    try checkCount(metrics.count, "metrics", number)
    let accepted = events.map(\.alias).filter(FormulaParser.isName) + MetricInputs.names
    let formula = try FormulaParser.parse(
      String(rest.dropFirst()), file: file, line: number, accepted: accepted)
    metrics.append(DerivedMetric(name: name, unit: unit, formula: formula))
  }

  private func checkCount(_ count: Int, _ what: String, _ line: Int) throws(CounterGroupError) {
    guard count < CounterGroup.mostEvents else {
      throw .tooLarge(file: file, line: line, what: what, accepted: CounterGroup.mostEvents)
    }
  }

  private func unexpected(
    _ token: String, _ line: Int, _ accepted: String
  ) -> CounterGroupError {
    .unexpectedToken(file: file, line: line, token: token, accepted: accepted)
  }

  private static func firstWord(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
  }

  private static func isEventName(_ word: String) -> Bool {
    word.utf8.first.map { $0 >= 0x41 } == true && !word.contains("|")
  }
}

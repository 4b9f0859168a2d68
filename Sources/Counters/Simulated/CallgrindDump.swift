// SPDX-License-Identifier: Apache-2.0

public import Foundation
internal import Inputs

/// The sums of a file that callgrind wrote.
///
/// - Source: Valgrind's manual, “Callgrind Format Specification”: a line `events:` names the costs,
///   `totals:` or `summary:` has their sums.
public struct CallgrindDump: Hashable, Sendable {
  /// Sum of each cost by callgrind's name.
  let sums: [String: Double]
  /// Instructions of each function without those that it calls, by the symbol table's name.
  public let functions: [String: Double]

  /// Reads `text`; nil where it has no sums, as a file that was not written to its end.
  init?(_ text: String) {
    var names: [Substring] = []
    var values: [Substring] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      switch words.first {
      case "events:": names = Array(words.dropFirst())
      case "totals:": values = Array(words.dropFirst())
      case "summary:" where values.isEmpty: values = Array(words.dropFirst())
      default: continue
      }
    }
    let numbers = values.compactMap { Double(reading: $0, in: Double.notNegative) }
    // Trailing zeros are left out of a line of costs.
    guard !names.isEmpty, !values.isEmpty, numbers.count == values.count,
      numbers.count <= names.count
    else { return nil }
    let padded = numbers + Array(repeating: 0, count: names.count - numbers.count)
    sums = Dictionary(zip(names.map(String.init), padded)) { first, _ in first }
    functions = Self.functions(in: text, column: names.firstIndex(of: "Ir"))
  }

  /// The costs in `column` by function.
  ///
  /// A line of costs belongs to the last `fn=`, but one behind `calls=` is what was called. A name
  /// stands once, as `(1) name`, and is `(1)` from then on.
  private static func functions(in text: String, column: Int?) -> [String: Double] {
    guard let column else { return [:] }
    var names: [Substring: Substring] = [:]
    var found: [String: Double] = [:]
    var (current, isOfCall) = ("", false)
    for line in text.split(separator: "\n") {
      let isFunction = line.hasPrefix("fn=")
      if isFunction || line.hasPrefix("cfn=") {
        let words = line.drop { $0 != "=" }.dropFirst().split(separator: " ", maxSplits: 1)
        guard let number = words.first else { continue }
        if words.count == 2 { names[number] = words[1] }
        if isFunction { current = String(names[number] ?? number) }
      } else if line.hasPrefix("calls=") {
        isOfCall = true
      } else if let first = line.first, first.isNumber || "+-*".contains(first) {
        let costs = line.split(separator: " ").dropFirst().dropFirst(column)
        let value = costs.first.flatMap { Double(reading: $0, in: Double.notNegative) }
        if !isOfCall { found[current, default: 0] += value ?? 0 }
        isOfCall = false
      }
    }
    return found
  }

  /// Reads the file at `url`; nil where there is none, or it has no sums.
  public init?(contentsOf url: URL) {
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
    self.init(text)
  }

  /// What was simulated of `event`; a reason where callgrind has no such cost.
  func reading(of event: CounterEvent) -> CounterReading {
    guard let simulated = SimulatedEvent(rawValue: event.name) else {
      return CounterReading(
        name: event.name, alias: event.alias, value: nil,
        source: .unavailable("Valgrind does not simulate it"))
    }
    let values = simulated.costs.compactMap { sums[$0] }
    guard values.count == simulated.costs.count else {
      return CounterReading(
        name: event.name, alias: event.alias, value: nil,
        source: .unavailable("callgrind did not write \(simulated.costs.joined(separator: ", "))"))
    }
    return CounterReading(
      name: event.name, alias: event.alias, value: values.reduce(0, +),
      source: simulated.provenance)
  }

  /// One reading per event of `group`, in its order.
  public func readings(of group: CounterGroup) -> [CounterReading] {
    group.events.map { reading(of: $0) }
  }
}

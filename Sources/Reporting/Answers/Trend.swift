// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// Comparisons that differ in one axis only, in the order of its values.
struct Trend {
  /// The axis that changes.
  let axis: String
  /// What the other axes are, as `channels=256 size=28`.
  let label: String
  /// The comparisons, at least `shortest`.
  let rows: [ComparedRow]
  /// Where they stand among the suite's comparisons.
  let places: [Int]

  /// Fewer points show no turn.
  static let shortest = 3

  /// The trends among comparisons: those along the axis that most follow, then those that the rest
  /// follow, until no axis has one.
  static func all(_ comparisons: [ComparisonAnswer.Numbered], axes: [String]) -> [Trend] {
    var found: [Trend] = []
    var rest = comparisons
    while true {
      // Of equals the later axis: its values change fastest.
      let best = axes.map { along($0, rest, axes: axes) }
        .reduce([]) { size($1) >= size($0) ? $1 : $0 }
      guard !best.isEmpty else { return found }
      found += best
      let taken = Set(best.flatMap(\.places))
      rest.removeAll { taken.contains($0.place) }
    }
  }

  private static func size(_ trends: [Trend]) -> Int { trends.reduce(0) { $0 + $1.rows.count } }

  private static func along(
    _ axis: String, _ comparisons: [ComparisonAnswer.Numbered], axes: [String]
  ) -> [Trend] {
    var keys: [[String]] = []
    var groups: [[String]: [ComparisonAnswer.Numbered]] = [:]
    for item in comparisons
    where item.row.axes[axis].flatMap({ integer($0) }) != nil && item.row.promised != nil {
      let others = axes.filter { $0 != axis }.map { item.row.axes[$0] ?? "" }
      let key = [item.row.base] + others + [item.row.setting.description, String(item.repetition)]
      if groups[key] == nil { keys.append(key) }
      groups[key, default: []].append(item)
    }
    return keys.compactMap { key in
      // A point may belong to two comparisons, each along an axis of its own.
      var seen: Set<Int> = []
      let items = (groups[key] ?? []).filter { seen.insert(value($0.row, axis)).inserted }
        .sorted { value($0.row, axis) < value($1.row, axis) }
      return items.count >= shortest ? Trend(axis, items, axes: axes) : nil
    }
  }

  private init(_ axis: String, _ items: [ComparisonAnswer.Numbered], axes: [String]) {
    self.axis = axis
    rows = items.map(\.row)
    places = items.map(\.place)
    let first = items[0].row
    // The name says which contender it is.
    let others = axes.filter { $0 != axis && $0 != "contender" }.compactMap { other in
      first.axes[other].map { "\(other)=\($0)" }
    }
    label = ([first.base] + others).filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func integer(_ text: String) -> Int? {
    Int(reading: text, in: Int.min...Int.max)
  }

  private static func value(_ row: ComparedRow, _ axis: String) -> Int {
    row.axes[axis].flatMap { integer($0) } ?? 0
  }

  /// What its points have in common, and up to where steps along the axis pay.
  var title: String {
    let steps = turn.flatMap {
      $0 == 0 ? nil : "each step pays up to \(value(of: rows[$0]))"
    }
    // Without a name the sentence says it.
    return label.isEmpty ? "" : [label, steps].compactMap { $0 }.joined(separator: ": ")
  }
}

extension Trend {
  /// What a step along the axis does to the speedup, as far as the intervals carry it.
  enum Step {
    case gain
    case loss
    case open
  }

  /// How the axis reads in a sentence.
  var words: String { axis.replacing("_", with: " ") }

  /// A point's value on the axis.
  func value(of row: ComparedRow) -> String { row.axes[axis] ?? "" }

  /// The steps in the order of the axis.
  var steps: [Step] {
    zip(rows, rows.dropFirst()).map { before, after in
      guard let left = before.interval, let right = after.interval else { return .open }
      if right.lowerBound > left.upperBound { return .gain }
      return right.upperBound < left.lowerBound ? .loss : .open
    }
  }

  /// What the promise does along the axis: above 1 it grows; 1 where hardly anything changes.
  var growth: Double {
    let promised = [rows.first, rows.last].compactMap { $0?.promised }
    guard promised.count == 2 else { return 1 }
    let growth = promised[1] / promised[0]
    return growth > 1.05 || growth < 1 / 1.05 ? growth : 1
  }

  /// The last point up to which every step pays; nil where the promise does not grow along the axis.
  var turn: Int? {
    growth > 1 ? steps.firstIndex { $0 != .gain } ?? steps.count : nil
  }

  /// Where the kernel becomes another one along the axis, in one sentence; nil where it does not.
  var kernels: String? {
    var parts: [(kernel: String, from: String)] = []
    for row in rows where parts.last?.kernel != row.contenderKernel {
      parts.append((row.contenderKernel, value(of: row)))
    }
    guard parts.count > 1 else { return nil }
    let place = label.isEmpty ? "" : " (\(Phrase.name(label)))"
    let named = parts.map { "\(Phrase.name($0.kernel)) from \($0.from)" }
    let text = { (count: Int) in
      let more = parts.count > count ? " and \(parts.count - count) more" : ""
      return "The kernel changes along \(words)\(place): "
        + named.prefix(count).joined(separator: ", ") + "\(more)."
    }
    let fitting = (1...parts.count).last { text($0).count <= Headline.longest } ?? 1
    return text(fitting)
  }
}

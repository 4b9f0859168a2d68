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

  /// A point as `groups=32`, with the channels of a group where both are known.
  func name(of row: ComparedRow) -> String {
    let value = row.axes[axis] ?? ""
    guard axis == "groups", let groups = Self.integer(value), groups > 0,
      let channels = row.axes["channels"].flatMap({ Self.integer($0) })
    else { return "\(axis)=\(value)" }
    let perGroup = channels / groups
    return "\(axis)=\(value) (\(perGroup) \(perGroup == 1 ? "channel" : "channels") a group)"
  }
}

extension Trend {
  /// Promise, measurement and turn.
  var sentences: String {
    let most = rows.max { ($0.speedup ?? 0) < ($1.speedup ?? 0) } ?? rows[0]
    let first = rows[0], last = rows[rows.count - 1]
    return "promised are \(Phrase.factor(first.promised)) at \(name(of: first)) to "
      + "\(Phrase.factor(last.promised)) at \(name(of: last)); measured "
      + "\(Phrase.factor(first.speedup, first.interval)) and "
      + "\(Phrase.factor(last.speedup, last.interval)), at most "
      + "\(Phrase.factor(most.speedup, most.interval)) at \(name(of: most)), where "
      + "\(Phrase.percent(most.realised)) of the promise is realised."
      + [losses, turn].compactMap { $0.map { " " + $0 } }.joined()
  }

  /// Where the contender takes longer than its baseline.
  private var losses: String? {
    let slower = rows.filter { ($0.interval?.upperBound ?? .infinity) < 1 }
    guard !slower.isEmpty else { return nil }
    guard slower.count < rows.count else { return "It takes longer than its baseline everywhere." }
    return "It takes longer than its baseline at \(Phrase.list(slower.map(name)))."
  }

  /// What a step along the axis does to the speedup, as far as the intervals carry it.
  private enum Step {
    case gain
    case loss
    case open
  }

  /// Up to where each step towards a larger promise pays.
  private var turn: String? {
    let promised = rows.compactMap(\.promised)
    guard promised.count == rows.count, let least = promised.first, let most = promised.last else {
      return nil
    }
    let isRising = most >= least
    let points = isRising ? rows : rows.reversed()
    // Where hardly anything is promised there is nothing to pay off.
    guard max(least, most) > 1.05 * min(least, most) else { return nil }
    let steps = zip(points, points.dropFirst()).map(Self.step)
    guard let stop = steps.firstIndex(where: { $0 != .gain }) else {
      return "Every step along \(axis) pays, by intervals that do not overlap: no turn up to "
        + "\(name(of: points[points.count - 1]))."
    }
    let at = name(of: points[stop]), next = name(of: points[stop + 1])
    let how =
      steps[stop] == .loss
      ? "the step to \(next) makes it slower (\(speedup(points[stop + 1])) after "
        + "\(speedup(points[stop])))"
      : "at \(next) the intervals show no further gain (\(speedup(points[stop + 1])) after "
        + "\(speedup(points[stop])))"
    let later = steps[stop...].contains(.gain) ? ", although a later step gains again" : ""
    guard stop == 0 else { return "It pays up to \(at); \(how)\(later)." }
    return steps[0] == .loss
      ? "The first step already does not pay: \(how)\(later)."
      : "Not even the first step is shown to pay: \(how)\(later)."
  }

  private func speedup(_ row: ComparedRow) -> String {
    Phrase.factor(row.speedup, row.interval)
  }

  private static func step(_ before: ComparedRow, _ after: ComparedRow) -> Step {
    guard let left = before.interval, let right = after.interval else { return .open }
    if right.lowerBound > left.upperBound { return .gain }
    return right.upperBound < left.lowerBound ? .loss : .open
  }
}

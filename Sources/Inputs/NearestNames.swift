// SPDX-License-Identifier: Apache-2.0

/// The names that someone who mistyped one may have meant, and what errors say is accepted.
public enum NearestNames {
  /// As many as a reader looks through; of more, errors show the nearest.
  private static let mostShown = 32
  /// A longer text is no slip of a name, and comparing it takes long.
  private static let longestName = 200

  /// The candidates that contain the name or lie within a third of its length, nearest first; at most
  /// three.
  public static func of(_ name: String, among candidates: [String]) -> [String] {
    let wanted = Array(name.lowercased())
    guard wanted.count <= longestName else { return [] }
    let limit = max(2, wanted.count / 3)
    let ranked = candidates.enumerated().map { place, candidate in
      (candidate, distance: nearness(of: wanted, to: candidate, limit: limit), place: place)
    }
    return ranked.filter { $0.distance <= limit }
      .sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }
      .prefix(3).map(\.0)
  }

  /// ` (did you mean ‘run’ or ‘tune’?)`, or nothing.
  public static func phrase(_ name: String, among candidates: [String]) -> String {
    let names = of(name, among: candidates).map { "‘\($0)’" }
    guard let last = names.last else { return "" }
    let others = names.dropLast().joined(separator: ", ")
    return " (did you mean \(others.isEmpty ? last : "\(others) or \(last)")?)"
  }

  /// What is accepted in place of `name`: all where they are few, else the nearest, and what `shows` the
  /// others.
  public static func accepted(
    _ candidates: [String], near name: String = "", shownBy command: String? = nil
  ) -> String {
    guard candidates.count > mostShown else { return candidates.joined(separator: ", ") }
    let near = of(name, among: candidates)
    let shown = near.isEmpty ? Array(candidates.prefix(3)) : near
    return shown.joined(separator: ", ") + " and \(candidates.count - shown.count) more"
      + (command.map { ", which `\($0)` shows" } ?? "")
  }

  /// The distance to the candidate or, where it lies in a folder, to its last component; none where it
  /// holds the whole name, as a kernel's of one instruction set does.
  private static func nearness(of wanted: [Character], to candidate: String, limit: Int) -> Int {
    let whole = Array(candidate.lowercased())
    if wanted.count > 2, whole.contains(wanted) { return 0 }
    let last = whole.lastIndex(of: "/").map { Array(whole[($0 + 1)...]) }
    return [whole, last].compactMap { $0 }
      .filter { abs($0.count - wanted.count) <= limit }
      .map { distance(wanted, $0) }.min() ?? .max
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
  /// - Source: optimal string alignment; Damerau, Communications of the ACM 7(3), 1964.
  static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      for column in second.indices {
        let replaced = last[column] + (first[row] == second[column] ? 0 : 1)
        var best = min(replaced, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, first[row] == second[column - 1],
          first[row - 1] == second[column]
        {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[second.count]
  }
}

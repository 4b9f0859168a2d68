// SPDX-License-Identifier: Apache-2.0

/// The names that someone who mistyped one may have meant.
enum NearestNames {
  /// The candidates within a third of the name's length, nearest first; at most three.
  static func of(_ name: String, among candidates: [String]) -> [String] {
    let wanted = Array(name.lowercased())
    let limit = max(2, wanted.count / 3)
    let ranked = candidates.enumerated().map { place, candidate in
      (candidate, distance: nearness(of: wanted, to: candidate), place: place)
    }
    return ranked.filter { $0.distance <= limit }
      .sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }
      .prefix(3).map(\.0)
  }

  /// The distance to the candidate or, where it lies in a folder, to its last component.
  private static func nearness(of wanted: [Character], to candidate: String) -> Int {
    let whole = Array(candidate.lowercased())
    guard let slash = whole.lastIndex(of: "/") else { return distance(wanted, whole) }
    return min(distance(wanted, whole), distance(wanted, Array(whole[(slash + 1)...])))
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

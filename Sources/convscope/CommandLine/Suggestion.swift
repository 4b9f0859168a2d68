// SPDX-License-Identifier: Apache-2.0

/// What a mistyped word was probably meant to be.
enum Suggestion {
  /// The accepted word nearest to `word`, where it is near enough to be meant.
  static func nearest(_ word: String, among accepted: [String]) -> String? {
    let measured = accepted.map { ($0, distance(word, $0)) }
    guard let best = measured.min(by: { $0.1 < $1.1 }), best.1 <= max(1, word.count / 3) else {
      return nil
    }
    return best.0
  }

  /// ` (did you mean ‘run’?)`, or nothing.
  static func phrase(_ word: String, among accepted: [String]) -> String {
    nearest(word, among: accepted).map { " (did you mean ‘\($0)’?)" } ?? ""
  }

  /// How many letters must be inserted, removed, changed or swapped with their neighbour.
  /// - Source: Damerau 1964, in the restricted form (optimal string alignment).
  static func distance(_ one: String, _ other: String) -> Int {
    let (left, right) = (Array(one), Array(other))
    var before: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var next = [row + 1] + [Int](repeating: 0, count: right.count)
      for column in right.indices {
        let change = last[column] + (left[row] == right[column] ? 0 : 1)
        next[column + 1] = min(change, last[column + 1] + 1, next[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          next[column + 1] = min(next[column + 1], before[column - 1] + 1)
        }
      }
      (before, last) = (last, next)
    }
    return last[right.count]
  }
}

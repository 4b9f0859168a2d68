// SPDX-License-Identifier: Apache-2.0

/// What was compared, by name, and how often it was wrong.
struct Checks {
  private var counts: [String: Int] = [:]
  private(set) var failures = 0

  /// Failures are told in full up to this number.
  private static let mostTold = 20

  /// Counts a comparison by `name`; `text` says what was compared.
  mutating func expect(_ isRight: Bool, _ name: String, _ text: @autoclosure () -> String) {
    counts[name, default: 0] += 1
    if isRight { return }
    failures += 1
    if failures <= Self.mostTold { print("WRONG: \(name) \(text())") }
  }

  /// Prints the numbers of comparisons.
  func tell() {
    for name in counts.keys.sorted() { print("\(name): \(counts[name] ?? 0)") }
    let all = counts.values.reduce(0, +)
    print("\(all) comparisons, \(failures) wrong")
  }
}

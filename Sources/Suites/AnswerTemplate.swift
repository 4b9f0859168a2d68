// SPDX-License-Identifier: Apache-2.0

internal import Boundary

/// The sentence that answers a suite's question, with places for the numbers that a run finds.
///
/// `{measured depthwise}` is the range of the speedups of the comparisons whose contender is called
/// so, or whose name holds the words; `{promised …}` and `{realised …}` are those of promises and
/// of the shares that were kept. `{measured fused & ratio=4}` needs both, `{measured}` takes all.
public struct AnswerTemplate: Hashable, Sendable {
  /// What a number is of.
  public enum Quantity: String, CaseIterable, Sendable {
    /// Baseline time over contender time.
    case measured
    /// What the multiply-accumulates would give.
    case promised
    /// The measured share of the promise.
    case realised
  }

  /// A part of the sentence.
  public enum Piece: Hashable, Sendable {
    /// Words as they are.
    case words(String)
    /// A range of numbers over the comparisons that have all `parts`.
    case numbers(Quantity, parts: [String])
  }

  /// The sentence as it was written.
  public let text: String
  /// Its parts, in order.
  public let pieces: [Piece]

  /// Characters of a sentence at most, its numbers included.
  public static let longest = 200

  /// Characters that it has whatever the numbers are.
  var leastCount: Int {
    pieces.reduce(0) { count, piece in
      if case .words(let text) = piece { count + text.count } else { count }
    }
  }

  /// What a place for numbers looks like.
  static let accepted =
    "{measured …}, {promised …} or {realised …}, with words of comparisons' names joined by &"

  /// Reads a sentence; nil where a brace is not closed or holds something else.
  public init?(_ text: String) {
    let text = ShownText.line(text)
    var pieces: [Piece] = []
    var rest = text[...]
    while let start = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      guard rest[start] == "{", let end = rest[start...].firstIndex(of: "}"),
        let numbers = Self.numbers(rest[rest.index(after: start)..<end])
      else { return nil }
      pieces += [.words(String(rest[..<start])), numbers]
      rest = rest[rest.index(after: end)...]
    }
    self.text = text
    self.pieces = pieces + [.words(String(rest))]
  }

  private static func numbers(_ text: Substring) -> Piece? {
    let words = text.split(separator: " ", maxSplits: 1)
    guard let first = words.first, let quantity = Quantity(rawValue: String(first)) else {
      return nil
    }
    let parts = words.dropFirst()
      .flatMap { $0.split(separator: "&", omittingEmptySubsequences: false) }
      .map { $0.split(separator: " ").joined(separator: " ") }
    return parts.contains("") ? nil : .numbers(quantity, parts: parts)
  }

  /// Whether a comparison has all `parts`: the value of an axis, the name of its contender, or words
  /// of its name where no contender is called so.
  /// - Parameters:
  ///   - parts: What is asked for.
  ///   - name: The comparison's name.
  ///   - axes: Its values on the suite's axes.
  ///   - contenders: The names of all contenders of the suite.
  /// - Returns: true where nothing is asked for, too.
  public static func matches(
    _ parts: [String], name: String, axes: [String: String], contenders: Set<String>
  ) -> Bool {
    parts.allSatisfy { part in
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      if pair.count == 2, let value = axes[pair[0]] { return value == pair[1] }
      if contenders.contains(part) { return axes[SuiteBuilder.contenderAxis] == part }
      return name.contains(part)
    }
  }

  /// The first place that no comparison of `suite` fills; nil where each has one.
  func unfilled(by suite: Suite) -> [String]? {
    let contenders = Set(suite.comparisons.compactMap { $0.axes[SuiteBuilder.contenderAxis] })
    for case .numbers(_, let parts) in pieces {
      let isFilled = suite.comparisons.contains {
        Self.matches(parts, name: $0.name, axes: $0.axes, contenders: contenders)
      }
      if !isFilled { return parts }
    }
    return nil
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Suites

/// A suite's own sentence with the numbers of its comparisons.
struct FilledSentence {
  /// The axis that tells the contenders of a comparison apart.
  private static let contender = "contender"

  private let rows: [ComparedRow]
  private let contenders: Set<String>

  init(_ rows: [ComparedRow]) {
    self.rows = rows
    contenders = Set(rows.compactMap { $0.axes[Self.contender] })
  }

  /// The sentence; nil where one of its numbers was not measured.
  func text(_ template: AnswerTemplate) -> String? {
    var text = ""
    for piece in template.pieces {
      switch piece {
      case .words(let words): text += words
      case .numbers(let quantity, let parts):
        guard let range = range(quantity, parts) else { return nil }
        text += range
      }
    }
    return text
  }

  private func range(_ quantity: AnswerTemplate.Quantity, _ parts: [String]) -> String? {
    let numbers = rows.filter {
      $0.speedup != nil
        && AnswerTemplate.matches(
          parts, name: $0.comparison, axes: $0.axes, contenders: contenders)
    }
    .compactMap { row in
      switch quantity {
      case .measured: row.speedup
      case .promised: row.promised
      case .realised: row.realised
      }
    }
    guard let least = numbers.min(), let most = numbers.max() else { return nil }
    return quantity == .realised
      ? Phrase.range(least, most, Phrase.percent) : Phrase.range(least, most, Phrase.factor)
  }
}

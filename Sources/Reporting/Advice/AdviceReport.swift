// SPDX-License-Identifier: Apache-2.0

public import Advising
internal import Convolution
internal import Foundation
internal import Inputs
internal import Suites

/// What to change in a network, as tables and sentences.
public struct AdviceReport {
  private let advice: Advice
  /// Who computed: `1 worker`.
  private let setting: String

  /// A report on `advice` for so many workers.
  public init(_ advice: Advice, workers: Int) {
    self.advice = advice
    setting = workers == 1 ? "one worker" : "\(workers) workers"
  }

  /// What to expect of the changes together.
  public var sentence: String {
    let chosen = advice.chosen
    let whole =
      "The convolutions of \(advice.network) take \(Phrase.time(advice.total)) with "
      + "\(setting), one after the other."
    guard !chosen.isEmpty else { return "\(whole) No change was measured to save time." }
    let after = advice.changed
    return "\(whole) With the \(chosen.count) changes marked ● they take "
      + "\(Phrase.time(after.nanoseconds, after.lower...max(after.lower, after.upper))), "
      + "\(Phrase.factor(advice.total / after.nanoseconds)) as fast."
  }

  /// The ideas, what saves most first; nil takes all of them.
  public func table(most count: Int?) -> TextTable {
    var table = TextTable(
      [
        ("", .left), ("layer", .left), ("change", .left), ("times", .right), ("saves", .right),
        ("of all", .right), ("interval", .right), ("how", .left), ("faster", .right),
        ("promised", .right), ("MACs", .right), ("parameters", .right), ("field", .left),
        ("output", .left),
      ],
      expendable: [
        "parameters", "output", "field", "times", "MACs", "interval", "saves", "promised",
      ])
    let marked = Set(advice.chosen.map(\.idea))
    for idea in advice.ideas.prefix(count ?? .max) {
      table.append(cells(idea, isMarked: marked.contains(idea.idea)))
    }
    return table
  }

  private func cells(_ advised: AdvisedIdea, isMarked: Bool) -> [String] {
    let idea = advised.idea
    let saving = advised.saving
    let share = { (value: Double?) in Phrase.percent(value.map { $0 / advice.total }) }
    return [
      isMarked ? "●" : "", idea.original.name, idea.detail, String(idea.times),
      Self.signed(saving?.nanoseconds), share(saving?.nanoseconds),
      saving.map { "\(share($0.lower)) … \(share($0.upper))" } ?? Phrase.none, Self.how(advised),
      Phrase.factor(advised.speedup?.value), Phrase.factor(idea.promised),
      "\(Self.count(idea.original.cost.macs)) → \(Self.count(idea.replacement.cost.macs))",
      "\(Self.count(idea.original.cost.parameters)) → "
        + Self.count(idea.replacement.cost.parameters), Self.field(idea), Self.output(idea),
    ]
  }

  private static func how(_ advised: AdvisedIdea) -> String {
    if advised.isMeasured { return "measured" }
    let word = advised.saving == nil ? "not known" : "predicted"
    return advised.note.isEmpty ? word : "\(word), \(advised.note)"
  }

  private static func signed(_ nanoseconds: Double?) -> String {
    guard let nanoseconds else { return Phrase.none }
    return (nanoseconds < 0 ? "−" : "") + Phrase.time(abs(nanoseconds))
  }

  private static func count(_ value: Int) -> String {
    let units = [("", 1.0), (" K", 1e3), (" M", 1e6), (" G", 1e9)]
    let unit = units.last { Double(value) >= $0.1 } ?? units[0]
    return String(format: value < 1000 ? "%.0f" : "%.3g", Double(value) / unit.1) + unit.0
  }

  private static func field(_ idea: Idea) -> String {
    guard let fields = idea.fields else { return "as the data says" }
    let text = { (field: ReceptiveField) in "\(field.height)×\(field.width)" }
    let (before, after) = (text(fields.before), text(fields.after))
    return before == after ? "\(before), kept" : "\(before) → \(after)"
  }

  private static func output(_ idea: Idea) -> String {
    guard !idea.keepsShape, let before = idea.original.outputShape,
      let after = idea.replacement.outputShape
    else { return "kept" }
    let text = { (shape: ActivationShape) in
      "\(shape.channels)×\(shape.extent.height)×\(shape.extent.width)"
    }
    return "\(text(before)) → \(text(after))"
  }
}

extension AdviceReport {
  /// What is not said, and what papers said of accuracy.
  public var notes: [String] {
    let measured = advice.ideas.count(where: \.isMeasured)
    let kinds = IdeaKind.allCases.filter { kind in advice.ideas.contains { $0.idea.kind == kind } }
    let accuracies = kinds.compactMap { kind in
      kind.accuracy.map { "accuracy with \(kind.rawValue): \($0)" }
    }
    return [
      "\(measured) of \(advice.ideas.count) ideas are measured, each beside what it replaces in "
        + "the same slices of time of several processes; the others are predicted",
      "nothing here says what a change does to accuracy; a network has to be trained again",
    ] + accuracies
  }

  private static let columns = [
    "network", "layer", "change", "kind", "times", "how", "before_ns", "after_ns",
    "after_lower_ns", "after_upper_ns", "saving_ns", "saving_lower_ns", "saving_upper_ns",
    "saving_share", "promised", "macs_before", "macs_after", "parameters_before",
    "parameters_after", "keeps_shape", "chosen", "note",
  ]

  /// All ideas as CSV.
  public var csv: String {
    let marked = Set(advice.chosen.map(\.idea))
    let rows = advice.ideas.map { advised -> [String] in
      let idea = advised.idea
      let saving = advised.saving
      return [
        advice.network, idea.original.name, idea.detail, idea.kind.rawValue, String(idea.times),
        advised.isMeasured ? "measured" : saving == nil ? "" : "predicted",
        CellFormat.decimal(advised.before?.nanoseconds),
        CellFormat.decimal(advised.after?.nanoseconds), CellFormat.decimal(advised.after?.lower),
        CellFormat.decimal(advised.after?.upper), CellFormat.decimal(saving?.nanoseconds),
        CellFormat.decimal(saving?.lower), CellFormat.decimal(saving?.upper),
        CellFormat.number(saving.map { $0.nanoseconds / advice.total }),
        CellFormat.number(idea.promised), String(idea.original.cost.macs),
        String(idea.replacement.cost.macs), String(idea.original.cost.parameters),
        String(idea.replacement.cost.parameters), idea.keepsShape ? "1" : "0",
        marked.contains(idea) ? "1" : "0", advised.note,
      ]
    }
    return CSVTable(columns: Self.columns, rows: rows).text
  }
}

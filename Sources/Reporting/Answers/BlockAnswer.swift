// SPDX-License-Identifier: Apache-2.0

/// Blocks against the sum of their convolutions, each measured alone in the same slice of time.
struct BlockAnswer {
  private let rows: SuiteRows

  init(_ rows: SuiteRows) { self.rows = rows }

  /// A table of all blocks whose convolutions were measured, too.
  var exhibits: [Answer.Exhibit] {
    var table = TextTable(
      [
        ("block", .left), ("alone", .right), ("unfused", .right), ("± %", .right),
        ("fused", .right), ("± %", .right), ("unfused/alone", .right), ("fused/alone", .right),
      ], expendable: ["± %", "unfused/alone", "alone"])
    var isEmpty = true
    for key in blocks() {
      guard let cells = cells(key.name, key.setting) else { continue }
      table.append(cells)
      isEmpty = false
    }
    guard !isEmpty else { return [] }
    return [
      Answer.Exhibit(
        title: "Blocks, and their convolutions one at a time (alone: each with its data warm)",
        table: table)
    ]
  }

  /// How a graph's text names a deformable convolution.
  private static let deformable = "=deform:"

  private struct Key: Hashable {
    var name: String
    var setting: Setting
  }

  private func blocks() -> [Key] {
    var keys: [Key] = []
    for row in rows.measurements where !row.partOf.isEmpty {
      let key = Key(name: row.partOf, setting: row.setting)
      if !keys.contains(key) { keys.append(key) }
    }
    return keys
  }

  private func cells(_ name: String, _ setting: Setting) -> [String]? {
    let inSetting = rows.measurements.filter { $0.setting == setting }
    var seen: Set<String> = []
    let parts = inSetting.filter { $0.partOf == name && seen.insert($0.caseName).inserted }
    guard let block = inSetting.first(where: { $0.caseName == name }),
      parts.allSatisfy({ $0.time != nil }), !parts.isEmpty,
      // A deformable convolution is not measured alone, so the sum would lack it.
      !block.problem.contains(Self.deformable)
    else { return nil }
    // The same nodes, whatever the case is called.
    let same = inSetting.filter { $0.problem == block.problem && $0.time != nil }
    let unfused = same.first { $0.kernel.hasPrefix("block/unfused") }
    let fused = same.first { $0.kernel.hasPrefix("block/fused") }
    let alone = parts.reduce(0) { $0 + ($1.time ?? 0) }
    let forms = [unfused, fused]
    let times = forms.flatMap {
      [Phrase.time($0?.time), Phrase.halfWidth($0?.time, $0?.interval)]
    }
    return [name, Phrase.time(alone)] + times
      + forms.map { Phrase.factor($0?.time.map { $0 / alone }) }
  }
}

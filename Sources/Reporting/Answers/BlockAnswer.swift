// SPDX-License-Identifier: Apache-2.0

/// Blocks against the sum of their convolutions, each measured alone in the same slice of time.
struct BlockAnswer {
  private let rows: SuiteRows

  init(_ rows: SuiteRows) { self.rows = rows }

  /// A table of all blocks whose convolutions were measured, too.
  var exhibits: [Answer.Exhibit] {
    var table = TextTable([
      ("block", .left), ("workers", .right), ("convolutions alone", .right), ("unfused", .right),
      ("fused", .right), ("unfused − alone", .right), ("fused / alone", .right),
    ])
    var isEmpty = true
    for key in blocks() {
      guard let cells = cells(key.name, key.setting) else { continue }
      table.append(cells)
      isEmpty = false
    }
    guard !isEmpty else { return [] }
    return [
      Answer.Exhibit(
        title: "Blocks and the sum of their convolutions (each alone, its data warm; with "
          + "their intervals, those of a sum added). The difference is what stands between the "
          + "convolutions, less what the caches keep from one to the next",
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
    let forms = inSetting.filter { $0.problem == block.problem && $0.time != nil }
    let unfused = forms.first { $0.kernel.hasPrefix("block/unfused") }
    let fused = forms.first { $0.kernel.hasPrefix("block/fused") }
    let alone = parts.reduce(0) { $0 + ($1.time ?? 0) }
    return [
      name, String(setting.workers), Phrase.time(alone, Self.sum(parts)), time(unfused),
      time(fused), unfused?.time.map { difference($0 - alone) } ?? "—",
      fused?.time.map { Phrase.factor($0 / alone) } ?? "—",
    ]
  }

  private func time(_ row: MeasuredRow?) -> String {
    row.flatMap { row in row.time.map { Phrase.time($0, row.interval) } } ?? "—"
  }

  private func difference(_ nanoseconds: Double) -> String {
    (nanoseconds < 0 ? "−" : "+") + Phrase.time(abs(nanoseconds))
  }

  private static func sum(_ parts: [MeasuredRow]) -> ClosedRange<Double>? {
    let intervals = parts.compactMap(\.interval)
    guard intervals.count == parts.count else { return nil }
    let lower = intervals.reduce(0) { $0 + $1.lowerBound }
    return lower...max(lower, intervals.reduce(0) { $0 + $1.upperBound })
  }
}

// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Comparing
internal import Foundation
internal import Inputs
internal import Reporting

/// `convscope agree`: which answers hold on all machines, worker counts and element types.
struct AgreeVerb: Verb {
  static let name = "agree"
  static let operands = "DIR…"
  static let summary = "Say which answers of stored runs hold on all machines, and which turn over."
  static let discussion = """
    DIR is a folder that `run` wrote, or a history, of which the newest run of each suite on each
    machine counts. A column is a machine with a CPU set, a worker count and an element type, a row
    a comparison: it holds everywhere, it differs, or it is undecided. Verdicts are those of the
    runs. Exit code 4 where no comparison is in two columns.
    """
  static let options = [
    Option(
      "--format", "NAME",
      "table (default), markdown, or csv: a row for each comparison and column"),
    Option("--report", "FILE", "also write a page, one file for any browser"),
    Option("--wide", nil, "a table with every column, however wide"),
  ]

  /// What can be asked for.
  private enum Format: String, CaseIterable {
    case table, markdown, csv
  }

  private let folders: [URL]
  private let format: Format
  private let page: String?
  private let isWide: Bool

  init(_ arguments: Arguments) throws {
    folders = try arguments.folders()
    format = try arguments.choice("--format") ?? .table
    page = arguments.value("--report")
    isWide = arguments.has("--wide")
  }

  func run() throws -> ExitCode {
    let agreement = try Agreement(folders.flatMap { try RunHistory.runs($0) })
    let printer = AgreementPrinter(agreement: agreement)
    switch format {
    case .csv: Console.out(text: printer.csv)
    case .markdown: Console.out(text: printer.markdown)
    case .table: printer.print(width: isWide ? nil : ConsoleWidth.current)
    }
    if let page { try write(agreement, to: page) }
    return .success
  }

  private func write(_ agreement: Agreement, to page: String) throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "convscope-agreement-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try WholeFile.write(try JSONEncoder().encode(agreement), to: file)
    try PlotScript.report.run([
      "--agreement", file.path(percentEncoded: false), "--output", page,
    ])
  }
}

/// An agreement as a table of a console, as Markdown, or as CSV.
struct AgreementPrinter {
  let agreement: Agreement

  private static let signs = ["faster": "▲", "slower": "▼", "same": "=", "inconclusive": "?"]
  private static let legend = "▲ faster, ▼ slower, = same, ? undecided, — no such row"

  func print(width: Int?) {
    Console.out("\(agreement.sentence).")
    Console.out("")
    for column in agreement.columns { Console.out("  \(legend(column))") }
    Console.out("  \(Self.legend)")
    Console.out("")
    let beside = rows()
    let fits = width.map { beside.fits(width: $0) } ?? true
    for line in (fits ? beside : rows(isStacked: true)).lines(width: width) { Console.out(line) }
    guard !facts.isEmpty else { return }
    Console.out("")
    Console.out("What is not the same, and could explain it:")
    for line in facts.lines(width: width) { Console.out(line) }
  }

  var markdown: String {
    let columns = agreement.columns.map { "- \(ShownText.markdown(legend($0)))" }
    let facts = facts.isEmpty ? [] : ["", "What is not the same, and could explain it:", ""]
    let parts: [[String]] = [
      ["\(agreement.sentence).", ""], columns, ["", Self.legend, ""], rows().markdown(), facts,
      self.facts.isEmpty ? [] : self.facts.markdown(),
    ]
    return parts.joined().joined(separator: "\n") + "\n"
  }

  /// A row for each comparison and column that has it.
  var csv: String {
    let header = [
      "suite", "comparison", "cache", "machine", "workers", "data_type", "started_at", "speedup",
      "speedup_lo", "speedup_hi", "realised", "verdict", "status", "reason", "baseline_kernel",
      "contender_kernel", "answer", "realised_lo", "realised_hi",
    ]
    let lines = agreement.rows.flatMap { row in
      zip(agreement.columns, row.cells).compactMap { column, cell in
        cell.map { Self.cells(row, column, $0) }
      }
    }
    return CSVTable(columns: header, rows: lines).text
  }

  private static func cells(
    _ row: Agreement.Row, _ column: Agreement.Column, _ cell: StoredComparison
  ) -> [String] {
    let name = [row.suite, row.name, row.cache, column.name, "\(column.workers)", column.dataType]
    let values = [cell.speedup, cell.lower, cell.upper, cell.realised].map(number)
    let said = [cell.verdict, cell.status, cell.reason, cell.baselineKernel, cell.contenderKernel]
    let together = [
      row.answer.rawValue, number(row.realised?.lowerBound), number(row.realised?.upperBound),
    ]
    return name + [column.startedAt] + values + said + together
  }

  private func legend(_ column: Agreement.Column) -> String {
    "\(column.label)  \(column.text), \(column.startedAt): \(column.paths.joined(separator: ", "))"
  }

  /// The comparisons; `isStacked` has intervals below the speedups, for many columns.
  private func rows(isStacked: Bool = false) -> TextTable {
    let caches = Set(agreement.rows.map(\.cache)).count > 1
    var table = TextTable(
      [("comparison", .left)] + (caches ? [("cache", .left)] : [])
        + agreement.columns.map { ($0.label, .right) } + [("realised", .right)],
      expendable: ["realised"])
    var section = ""
    for row in agreement.rows {
      let title = "\(row.answer.rawValue): \(row.suite)"
      if title != section { table.begin(title) }
      section = title
      let (first, second) = (row.cells.map(Self.speedup), row.cells.map(Self.interval))
      let cells = zip(first, second).map { isStacked || $1.isEmpty ? $0 : "\($0) \($1)" }
      table.append(
        [row.name] + (caches ? [row.cache] : []) + cells + [Self.spread(row.realised)])
      if isStacked { table.append([""] + (caches ? [""] : []) + second + [""]) }
    }
    return table
  }

  private var facts: TextTable {
    var table = TextTable(
      [("fact", .left)] + machines.map { ($0, .left) }, expendable: [])
    for fact in agreement.facts {
      table.append([fact.key] + fact.values.map { $0 ?? "not known" })
    }
    return table
  }

  /// The letters of each machine's columns.
  private var machines: [String] {
    let count = (agreement.columns.map(\.machine).max() ?? 0) + 1
    return (0..<count).map { machine in
      agreement.columns.filter { $0.machine == machine }.map(\.label).joined(separator: ", ")
    }
  }

  private static func speedup(_ row: StoredComparison?) -> String {
    guard let row else { return "—" }
    guard row.status == "ok", let speedup = row.speedup else { return "?" }
    return "\(signs[row.verdict] ?? "?") \(factor(speedup))×"
  }

  /// The interval of a speedup, or why there is none; empty where a run had too few rounds.
  private static func interval(_ row: StoredComparison?) -> String {
    guard let row else { return "" }
    guard row.status == "ok", row.speedup != nil else { return row.status }
    guard let lower = row.lower, let upper = row.upper else { return "" }
    return "\(factor(lower))…\(factor(upper))"
  }

  private static func spread(_ shares: ClosedRange<Double>?) -> String {
    guard let shares else { return "—" }
    let (least, most) = (percent(shares.lowerBound), percent(shares.upperBound))
    return least == most ? "\(most) %" : "\(least)…\(most) %"
  }

  private static func percent(_ share: Double) -> String { String(format: "%.0f", 100 * share) }

  /// Three digits.
  private static func factor(_ value: Double) -> String {
    String(format: value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
  }

  private static func number(_ value: Double?) -> String {
    value.map { String(format: "%.6g", $0) } ?? ""
  }
}

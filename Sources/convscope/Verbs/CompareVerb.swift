// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Foundation
internal import Reporting
internal import Statistics

/// `convscope compare`: two stored runs, case by case.
struct CompareVerb: Verb {
  static let name = "compare"
  static let operands = "FIRST SECOND"
  static let summary = "Compare two folders of results, case by case; 2 where the second is slower."
  static let discussion = """
    FIRST and SECOND are folders that `run` wrote. Rows are joined by suite, case, kernel, workers
    and cache. The two runs were not interleaved, so a case is held to what the other cases of the
    two differ by. Both runs must be of at least \(StoredCase.leastProcesses) fresh processes
    (`run --processes 15`). Other runs, and runs of two machines, are exit code 4.
    """
  static let options = [
    Option("--threshold", "2%", "the smallest difference that matters (default 2%)")
  ]

  private let first: URL
  private let second: URL
  private let threshold: Double

  init(_ arguments: Arguments) throws {
    guard arguments.operands.count >= 2 else {
      throw UsageError.missingOperand("a folder of results (two are compared)")
    }
    guard arguments.operands.count == 2 else {
      throw UsageError.tooManyOperands(arguments.operands[2], accepted: "two folders")
    }
    first = URL(filePath: arguments.operands[0])
    second = URL(filePath: arguments.operands[1])
    threshold =
      try arguments.parsed("--threshold", accepted: "a share such as 2% or 0.02", Units.share)
      ?? GatePolicy.defaultThreshold
  }

  func run() throws -> ExitCode {
    let first = try StoredRun(first)
    let second = try StoredRun(second)
    let comparison = try RunComparison(
      first, second, threshold: threshold, familyWiseError: GatePolicy.defaultFamilyWiseError)
    ComparisonPrinter.print(comparison, threshold: threshold)
    let foreign = comparison.differences.filter(\.isOfMachine)
    guard foreign.isEmpty else {
      Console.error(
        "convscope: the runs are of two machines, so a verdict says nothing about the code; "
          + "differences: " + foreign.map(\.text).joined(separator: "; "))
      return .inconclusive
    }
    if let refusal = comparison.refusal {
      Console.error("convscope: no verdict: \(refusal)")
      return .inconclusive
    }
    return comparison.rows.contains { $0.verdict == .slower } ? .regression : .success
  }
}

/// The table of a comparison, and what stands below it.
enum ComparisonPrinter {
  static func print(_ comparison: RunComparison, threshold: Double) {
    var table = TextTable(
      [
        ("suite", .left), ("case", .left), ("kernel", .left), ("workers", .right),
        ("cache", .left), ("first", .right), ("second", .right), ("first / second", .right),
        ("interval", .left), ("detectable", .right), ("verdict", .left),
      ],
      expendable: ["cache", "workers", "detectable", "interval", "kernel", "first", "second"])
    for row in comparison.rows { table.append(cells(row, threshold: threshold)) }
    for line in table.lines(width: ConsoleWidth.current) { Console.out(line) }
    Console.out("")
    printSummary(comparison, threshold: threshold)
  }

  private static func printSummary(_ comparison: RunComparison, threshold: Double) {
    for mean in comparison.geometricMeans {
      Console.out(
        "\(mean.suite): geometric mean of first / second "
          + String(format: "%.3f", mean.speedup) + " over \(mean.cases) rows")
    }
    if abs(comparison.commonRatio - 1) > threshold {
      Console.error(
        "all cases together: first / second "
          + String(format: "%.3f", comparison.commonRatio)
          + "; two runs of one build shift by as much where the machine's hour was another, so it is "
          + "held against no case (`gate --against` can tell)")
    }
    for line in grouped(comparison.unmatched) { Console.error("not compared: \(line)") }
    for difference in comparison.differences { Console.error("differs: \(difference.text)") }
  }

  /// Rows of one reason as one line, where they are many.
  private static func grouped(_ lines: [String]) -> [String] {
    let reason = { (line: String) in
      line.firstRange(of: ": ").map { String(line[$0.upperBound...]) } ?? line
    }
    var counts: [String: Int] = [:]
    for line in lines { counts[reason(line), default: 0] += 1 }
    var said: Set<String> = []
    return lines.compactMap { line in
      let why = reason(line)
      guard let count = counts[why], count > 3 else { return line }
      return said.insert(why).inserted ? "\(count) rows: \(why)" : nil
    }
  }

  private static func cells(_ row: RunComparison.Row, threshold: Double) -> [String] {
    let key = row.first.key
    let bounds = row.speedup
    let interval = bounds.lower.flatMap { lower in
      bounds.upper.map { String(format: "%.3f … %.3f", lower, $0) }
    }
    return [
      key.suite, key.name, key.kernel, String(key.workers), key.cache,
      microseconds(row.first.medianNanoseconds), microseconds(row.second.medianNanoseconds),
      String(format: "%.3f", bounds.ratio), interval ?? "—",
      bounds.detectableEffect(margin: threshold).map { String(format: "%.1f %%", 100 * $0) } ?? "—",
      row.verdict.rawValue,
    ]
  }

  private static func microseconds(_ nanoseconds: Double?) -> String {
    nanoseconds.map { String(format: "%.2f µs", $0 / 1000) } ?? "—"
  }
}
